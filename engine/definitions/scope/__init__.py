"""What the names of a process are at each place: their shapes, where they come from, and which expressions stand there."""
