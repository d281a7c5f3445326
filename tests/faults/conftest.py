"""Databases and engines for fault tests; the fixtures are those of the integration tests."""

from tests.integration.conftest import database, database_url, open_database, postgres_server, postgres_url
from tests.integration.engine.conftest import bench, make_bench

__all__ = ["bench", "database", "database_url", "make_bench", "open_database", "postgres_server", "postgres_url"]
