"""The official suite is not in this repository: the test that reads it is collected only where the suite is (docs/reference/feel.md)."""

from __future__ import annotations

from tests.tck.suite import suite_folder

collect_ignore = [] if suite_folder() else ["test_suite_stays_out_of_the_engine.py"]
