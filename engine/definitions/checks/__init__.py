"""The checks of a package, one module per subject. Entry point: `engine.definitions.check.check`."""
