"""Catalogues of an installation on a read-only disk."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any

import pytest

from web import catalogue


def test_on_a_read_only_disk_the_catalogues_are_kept_with_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = tmp_path / "package"
    source = ours / "en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "村"\nmsgstr "village"\n')
    made = tempfile.mkstemp

    def read_only(*args: Any, **options: Any) -> Any:
        if ours in Path(options["dir"]).parents:
            raise OSError(errno.EROFS, "read-only")
        return made(*args, **options)

    monkeypatch.setattr(catalogue.tempfile, "mkstemp", read_only)
    monkeypatch.setattr(catalogue, "FOLDER", ours)
    monkeypatch.setattr(catalogue.compile_catalogues, "__defaults__", (ours, None))
    assert catalogue.catalogues(tmp_path / "data") == tmp_path / "data"
    assert (tmp_path / "data/en/LC_MESSAGES/messages.mo").exists()
    assert not source.with_suffix(".mo").exists()
