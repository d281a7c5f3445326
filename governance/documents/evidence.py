"""Evidence that was handed in before (fake evidence, domain 6.2): the same content under another submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from engine.ports import StoredFile
from governance.documents.uploads import file_ids


class SubmittedFiles(Protocol):
    """Finds submitted files with the content of another (engine.files)."""

    def get(self, connection: Any, file_id: str) -> StoredFile | None: ...

    def used_before(self, connection: Any, file_id: str) -> Sequence[StoredFile]:
        """Submitted files of any instance with the same content, the file itself left out."""
        ...


def duplicates(files: SubmittedFiles, connection: Any, submitted: Any, instance: str) -> list[dict[str, Any]]:
    """For each file whose content was submitted in another case: the file, its digest, the earlier ones. The same case may show
    its picture again, for instance when a report was sent back."""
    found = []
    for file_id in file_ids(submitted):
        others = [f for f in files.used_before(connection, file_id) if f.instance != instance]
        stored = files.get(connection, file_id) if others else None
        if stored is not None:
            earlier = [{"file": f.id, "name": f.name, "instance": f.instance} for f in others]
            found.append({"file": file_id, "digest": stored.digest, "earlier": earlier})
    return found
