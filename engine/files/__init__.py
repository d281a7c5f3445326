"""Uploaded files: kept outside the web root, named by content, checked by what they are and not by what they are called."""

from engine.files.filestore import FileStore, UploadRefused

__all__ = ["FileStore", "UploadRefused"]
