"""Hand-offs: what goes to a procedure or body outside, kept until the target takes it."""
