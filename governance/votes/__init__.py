"""Votes: a frozen motion and electorate, ballots, an exact count that can be repeated (domain SP04)."""
