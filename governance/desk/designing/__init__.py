"""The process designer as use cases: drafts of procedures, their checks and publishing. Everything here needs the grant admin.design."""
