"""Scores: frozen sheets, exact arithmetic, results that can be counted again."""
