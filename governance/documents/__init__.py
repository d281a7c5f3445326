"""Documents: canonical text, frozen under its hash, in versions; distribution copies."""
