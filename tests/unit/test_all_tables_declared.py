"""Who has the application has every table: a database made from the MetaData at any later moment misses none."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import governance.application
from engine.store.metadata import metadata
declared = set(metadata.tables)
from cogov import migrations
migrations.all_tables()
print(sorted(set(metadata.tables) - declared))
"""


def test_importing_the_application_declares_every_table() -> None:
    found = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
