"""Regular expressions of XPath, as FEEL's matches, replace and split take them, run by RE2 in linear time."""

from engine.feel.patterns.reader import PatternError
from engine.feel.patterns.translation import Pattern, compiled

__all__ = ["Pattern", "PatternError", "compiled"]
