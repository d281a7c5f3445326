"""Uploads of forms: two steps, the file first, then its id in the form."""

from __future__ import annotations

from contextlib import closing

from flask import request
from flask_smorest import Blueprint

from api.auth import application, visitor
from api.documented import upload as multipart
from api.schemas import FileSchema
from engine.errors import FieldError, FormInvalid
from engine.ports import StoredFile
from governance.desk import documents

blueprint = Blueprint("files", __name__, url_prefix="/api/v1/files", description="Files")


@blueprint.route("", methods=["POST"])
@blueprint.response(201, FileSchema)
@blueprint.doc(**multipart("file", description="one file"))
def upload() -> StoredFile:
    """Upload one file (pdf, docx, xlsx, jpg, png, at most 20 MB [A]). Its kind is sniffed, positions in pictures are removed."""
    part = request.files.get("file")
    if part is None or not part.filename:
        raise FormInvalid([FieldError(pointer="/file", code="V-FILE", message="没有收到文件 / no file was sent")])
    with closing(part):
        return documents.upload(application(), visitor(), part.filename, part.stream)
