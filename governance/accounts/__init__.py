"""Accounts: login names, passwords, lockout, and scoped API tokens. Sessions belong to the web edge."""
