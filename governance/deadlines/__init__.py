"""Deadlines: records of their own with pause, extension and warning ladder; one pending alarm each (design 6)."""
