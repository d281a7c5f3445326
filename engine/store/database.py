"""Connections and transactions, one code path for SQLite and PostgreSQL (design 7).

SQLite: WAL, ``BEGIN IMMEDIATE`` for every write transaction (the default BEGIN silently loses parallel completions) and a
second, read-only engine with a plain BEGIN. Threads of one process queue for a lock of ours before they ask for the file's: SQLite lets
those who wait sleep for up to 0.1 s each, while nobody writes. PostgreSQL: READ COMMITTED, row locks, a lock timeout per session.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from engine.errors import Conflict

Result = TypeVar("Result")

#: SQLSTATE of lock_not_available, deadlock_detected, serialization_failure: the same command may be tried again.
_RETRYABLE = frozenset({"55P03", "40P01", "40001"})
_UNIQUE_VIOLATION = "23505"
_AFTER_COMMIT = "cogov.after_commit"
_ATTEMPTS = 5


class Busy(Conflict):
    """Too many people work on this case at the same moment. Please try again."""

    code = "busy"


class Database:
    """The database of one installation.

    `url`: ``sqlite:///file``, ``sqlite://`` (in memory, one connection; tests and the sandbox) or
    ``postgresql://`` / ``postgres://`` (psycopg 3). `lock_timeout` and `busy_timeout` are seconds. `synchronous` is SQLite's
    pragma: NORMAL can lose the last commits on power loss (never on a crash of the process), FULL costs about three times more.
    """

    def __init__(
        self,
        url: str,
        *,
        lock_timeout: float = 5.0,
        busy_timeout: float = 30.0,
        synchronous: str = "NORMAL",
        pool_size: int = 20,
    ) -> None:
        self.url = sa.make_url(_with_driver(url))
        if synchronous not in {"NORMAL", "FULL"}:
            raise ValueError("synchronous is NORMAL or FULL")
        self.synchronous = synchronous
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.in_memory = self.is_sqlite and self.url.database in {None, "", ":memory:"}
        self._writing = threading.RLock()
        self._patience = -1.0 if self.in_memory else busy_timeout
        self._open = threading.local()
        if self.in_memory:
            self.writer = sa.create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False})
            self.reader = self.writer
        elif self.is_sqlite:
            connect = {"timeout": busy_timeout, "check_same_thread": False}
            self.writer = sa.create_engine(self.url, connect_args=connect, pool_size=pool_size, max_overflow=pool_size)
            self.reader = sa.create_engine(self.url, connect_args=connect, pool_size=pool_size, max_overflow=pool_size)
        else:
            options = {"options": f"-c lock_timeout={round(lock_timeout * 1000)} -c timezone=UTC"}
            self.writer = sa.create_engine(self.url, connect_args=options, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
            self.reader = self.writer
        if self.is_sqlite:
            _prepare_sqlite(self.writer, busy_timeout, synchronous, "BEGIN IMMEDIATE", read_only=False)
            if self.reader is not self.writer:
                _prepare_sqlite(self.reader, busy_timeout, synchronous, "BEGIN", read_only=True)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self._exclusive(), self.writer.connect() as connection:
            callbacks: list[Callable[[], None]] = []
            around = getattr(self._open, "connection", None)
            with connection.begin():
                connection.info[_AFTER_COMMIT] = callbacks
                self._open.connection = connection
                try:
                    yield connection
                finally:
                    self._open.connection = around
                    del connection.info[_AFTER_COMMIT]
        for callback in callbacks:
            callback()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading. Inside an open write block of this thread it is that block's connection, which sees what the
        block has written: with a second one, as many threads as the pool is large would wait for each other. In memory the same
        holds inside a block for reading."""
        current = getattr(self._open, "connection", None)
        if current is not None:
            yield current
            return
        if not self.in_memory:
            with self.reader.connect() as connection:
                yield connection
            return
        with self._exclusive(), self.reader.connect() as connection:
            self._open.connection = connection
            try:
                yield connection
            finally:
                self._open.connection = None

    def run(self, command: Callable[[sa.Connection], Result]) -> Result:
        """Run `command` in a write transaction; on a lock timeout, deadlock or serialisation failure try it again.

        `command` must have no effect outside its connection. Raises Busy after five attempts.
        """
        for _ in range(_ATTEMPTS):
            try:
                with self.write() as connection:
                    return command(connection)
            except sa.exc.DBAPIError as error:
                if not _retryable(error):
                    raise
        raise Busy()

    def create_all(self) -> None:
        """Create every table of the shared MetaData (library use and tests; the product migrates with Alembic)."""
        from engine.store.metadata import metadata

        metadata.create_all(self.writer)

    def snapshot(self) -> bytes:
        """A database in memory as bytes, for others to begin with (`restore`)."""
        with self._exclusive(), self.writer.connect() as connection:
            found: bytes = self._raw(connection).serialize()
            return found

    def restore(self, snapshot: bytes) -> None:
        """Make this database in memory what the snapshot holds."""
        with self._exclusive(), self.writer.connect() as connection:
            self._raw(connection).deserialize(snapshot)

    @staticmethod
    def _raw(connection: sa.Connection) -> Any:
        """The driver's own connection, outside any transaction of ours."""
        return connection.connection.driver_connection

    def dispose(self) -> None:
        self.writer.dispose()
        if self.reader is not self.writer:
            self.reader.dispose()

    def take_turn(self) -> bool:
        """On SQLite: wait until no other thread of this process writes. In a file one that has waited for very long goes on without
        its turn (False) and waits for the file itself, as other processes do; it is told what it would be told there."""
        return self._writing.acquire(timeout=self._patience)

    def end_turn(self) -> None:
        """Let the next thread write. Only after `take_turn` gave True, by the same thread."""
        self._writing.release()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        held = self.take_turn()
        try:
            yield
        finally:
            if held:
                self.end_turn()


def after_commit(connection: Any, callback: Callable[[], None]) -> None:
    """Call `callback` once the transaction of `connection` (from `Database.write`) is committed; never when it is rolled back."""
    callbacks = connection.info.get(_AFTER_COMMIT)
    if callbacks is None:
        raise RuntimeError("after_commit needs a connection inside Database.write()")
    callbacks.append(callback)


def is_duplicate(error: Exception) -> bool:
    """Whether a statement failed because a row with this key exists already."""
    if not isinstance(error, sa.exc.IntegrityError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state == _UNIQUE_VIOLATION if state is not None else "UNIQUE constraint failed" in str(error.orig)


def is_database_error(error: Exception) -> bool:
    """Whether the database refused a statement."""
    return isinstance(error, sa.exc.DBAPIError)


def _with_driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _retryable(error: sa.exc.DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _RETRYABLE
    return isinstance(error, sa.exc.OperationalError) and "locked" in str(error.orig)


def _prepare_sqlite(engine: sa.Engine, busy_timeout: float, synchronous: str, begin: str, *, read_only: bool) -> None:
    pragmas = [f"busy_timeout={round(busy_timeout * 1000)}", "foreign_keys=ON", f"synchronous={synchronous}"]
    pragmas.append("query_only=ON" if read_only else "journal_mode=WAL")

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)
