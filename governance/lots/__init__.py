"""Lots: seats drawn from a published seed, so that anyone can compute the draw again."""
