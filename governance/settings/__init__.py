"""Settings: every assumed or locally chosen value, with its source, from when and where it holds."""
