"""Finished cases whose keeping time is over."""
