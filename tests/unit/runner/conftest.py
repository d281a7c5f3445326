from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from scenario import Scenario


@pytest.fixture(params=["kept", "restored", "one by one"])
def scenario(request: pytest.FixtureRequest) -> Callable[..., Scenario]:
    """Makes scenarios; every test runs kept in memory, saved and restored before each command, and with rows read one by one."""
    return partial(Scenario, restored=request.param != "kept", one_by_one=request.param == "one by one")
