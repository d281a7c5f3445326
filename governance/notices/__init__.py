"""Notices to people: a row each, read in the product; other channels (mail, text message) are a port."""
