"""The process designer's back: drafts of procedures, what they change, trial runs, and publishing a new version."""
