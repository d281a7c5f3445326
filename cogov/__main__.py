"""``python -m cogov``."""

from cogov.cli import main

main()
