"""Imports: what came in from files, when, by whom, and how it is taken back."""
