"""The demo: a street with an enterprise community and twelve agreements, brought about by running cases on a moving clock."""

from cogov.demo.loading import accounts_file, is_empty, load

__all__ = ["accounts_file", "is_empty", "load"]
