"""Figures of the engine: CPU, statements, commits and growth per completed task (design 13). Run with ``python -m bench``."""
