"""Expressions for comparisons, fuzzing and threads: a generator that knows the grammar, and picked ones."""
