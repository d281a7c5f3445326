import pytest

from tests.hall import Hall


@pytest.fixture
def hall(empty_database, tmp_path):
    return Hall(empty_database, tmp_path, unit="u1")
