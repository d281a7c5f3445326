"""Signatures on frozen documents: who, in what capacity, on which hash, by what authority."""
