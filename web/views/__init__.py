"""One module per page; each only asks a use case of governance.desk and renders."""
