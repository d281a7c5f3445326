"""Settings of one installation, from the environment. Secrets have no defaults: the first start makes one in the data folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.feel.limits import USUAL_MILLISECONDS

#: characters of a session key that somebody sets
_KEY_LENGTH = 32
ROOT = Path(__file__).resolve().parent.parent


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ValueError(f"{name}={text}：请给出不小于 {least} 的整数 / give a whole number of at least {least}")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    #: COGOV_DATA: database (SQLite), uploaded files, secret key, demo passwords
    data: Path
    #: COGOV_DATABASE_URL: sqlite:///… or postgresql://…
    database_url: str
    #: COGOV_HOST, PORT
    host: str
    port: int
    #: COGOV_ZONE: zone of the installation, for days and working time
    zone: ZoneInfo
    #: COGOV_SECURE_COOKIES: "0" only on loopback without TLS
    secure_cookies: bool
    #: COGOV_THREADS of a web process
    threads: int
    #: COGOV_PROCESSES: web processes of one `cogov serve` (gunicorn)
    processes: int = 2
    #: COGOV_CONCURRENCY: jobs at once in one worker
    concurrency: int = 16
    #: COGOV_DRAIN: seconds a process that is told to stop gives to what runs
    drain: int = 20
    #: COGOV_BEAT_WITHIN: seconds within which a worker must have beaten for `/readyz`; 0 does not ask
    beat_within: int = 60
    #: COGOV_FIRST_RETRY: seconds after which a failed service is called again; each later pause is four times as long
    first_retry: int = 30
    #: COGOV_EXPRESSION_MS: CPU milliseconds one evaluation of an expression or decision may take
    expression_ms: int = USUAL_MILLISECONDS

    @staticmethod
    def load(environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment. Raises ValueError with the name of the variable that is wrong."""
        data = Path(environment.get("COGOV_DATA", "var")).resolve()
        port = environment.get("PORT", "8000")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"PORT={port}: give a number from 1 to 65535")
        host = environment.get("COGOV_HOST", "127.0.0.1")
        for name in ("COGOV_DATABASE_URL", "COGOV_SECRET_KEY"):
            if environment.get(name) == "":
                raise ValueError(f"{name} 是空的：请填写或去掉它 / {name} is empty: fill it in or leave it out")
        if len(environment.get("COGOV_SECRET_KEY", "x" * _KEY_LENGTH)) < _KEY_LENGTH:
            raise ValueError(f"COGOV_SECRET_KEY：至少 {_KEY_LENGTH} 个随机字符 / at least {_KEY_LENGTH} random characters")
        return Settings(
            data=data,
            database_url=environment.get("COGOV_DATABASE_URL", f"sqlite:///{data / 'cogov.sqlite'}"),
            host=host,
            port=int(port),
            zone=ZoneInfo(environment.get("COGOV_ZONE", "Asia/Shanghai")),
            secure_cookies=environment.get("COGOV_SECURE_COOKIES", "0" if host in ("127.0.0.1", "::1", "localhost") else "1") != "0",
            threads=_number(environment, "COGOV_THREADS", 8, least=1),
            processes=_number(environment, "COGOV_PROCESSES", 2, least=1),
            concurrency=_number(environment, "COGOV_CONCURRENCY", 16, least=1),
            drain=_number(environment, "COGOV_DRAIN", 20, least=1),
            beat_within=_number(environment, "COGOV_BEAT_WITHIN", 60, least=0),
            first_retry=_number(environment, "COGOV_FIRST_RETRY", 30, least=1),
            expression_ms=_number(environment, "COGOV_EXPRESSION_MS", USUAL_MILLISECONDS, least=10),
        )

    def secret_key(self) -> str:
        """COGOV_SECRET_KEY, else the key in the data folder, made at the first start and readable by its owner only."""
        if given := os.environ.get("COGOV_SECRET_KEY"):
            return given
        path = self.data / "secret-key"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            own = path.with_suffix(f".{os.getpid()}")
            descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):  # of two first starts at once the first one's key holds
                os.link(own, path)
            own.unlink()
        return path.read_text()
