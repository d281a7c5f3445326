"""The town over HTTP, without a browser; the built browser code is not needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.town import Town
from tests.walk import Agreement

MANIFEST = Path(__file__).parent / "manifest.json"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A fresh town on a Monday morning."""
    return Town(tmp_path, manifest=MANIFEST)


@pytest.fixture
def agreement(town: Town) -> Agreement:
    """An agreement nobody has begun."""
    return Agreement(town)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Agreement:
    """A town where one agreement waits for signatures; tests that read only share it."""
    return Agreement(Town(tmp_path_factory.mktemp("busy"), manifest=MANIFEST)).to_signing()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Agreement:
    """A town where one agreement is on show; tests that read only share it."""
    return Agreement(Town(tmp_path_factory.mktemp("shown"), manifest=MANIFEST)).to_show()
