"""JSON Schemas of our file formats (conventions), and the reader-friendly errors they give."""
