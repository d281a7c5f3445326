"""Publicity (公示): redacted copies on show for a computed time, objections, certificates."""
