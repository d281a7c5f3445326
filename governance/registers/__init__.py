"""Registers (台账): rows that follow a case through its declared states, kept in the command's own transaction."""
