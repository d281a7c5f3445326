from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from scenario import Scenario


@pytest.fixture(params=["kept", "restored"])
def scenario(request: pytest.FixtureRequest) -> Callable[..., Scenario]:
    """Makes scenarios; every test runs kept in memory and saved and restored before each command."""
    return partial(Scenario, restored=request.param == "restored")
