"""Signing in: argon2 passwords, growing locks after failures, API tokens with scopes and an end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from engine.errors import CogovError, NotFound
from engine.ids import digest, uuid7
from governance.accounts import store
from governance.accounts.store import Token
from governance.settings.settings import Settings

#: What a token may be allowed to do; ``*`` stands for all of them.
SCOPES = (
    "tasks:read",
    "tasks:write",
    "instances:read",
    "instances:write",
    "messages:write",
    "registers:read",
    "definitions:read",
    "definitions:write",
    "directory:read",
    "admin",
    "*",
)
#: So that a leaked secret is recognised by scanners.
_PREFIX = "cogov_"
#: For random passwords of many accounts at once (imports, the demo).
_QUICK = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
#: A token's last use is written at most this often.
_USED_STEP = timedelta(minutes=10)


class AccountRefused(CogovError):
    """The account cannot be made or changed like that."""

    code = "account_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who signed in. A session made before `password_changed_at` is void."""

    id: str
    person: str
    login: str
    password_changed_at: datetime
    scopes: tuple[str, ...] = ("*",)
    #: the person's Chinese name where it was read with the account
    name: str | None = None

    def allows(self, scope: str) -> bool:
        """Whether a call with this account (or token) may use `scope`."""
        return "*" in self.scopes or scope in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The outcome of a try. `account` None: refused, and the reader learns no more than that (no hint whether the login exists).
    `locked_until`: no further try before then."""

    account: Account | None
    locked_until: datetime | None = None


class Accounts:
    """Methods take the open connection. `authenticate` writes (failures count), so commit also after a refusal.

    `hasher` is given by tests that need speed; the default has argon2-cffi's parameters (RFC 9106, low memory)."""

    def __init__(self, settings: Settings, *, hasher: PasswordHasher | None = None) -> None:
        self._settings = settings
        self._hasher = hasher or PasswordHasher()
        # verified for unknown logins, so that they take as long as known ones
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def create(self, connection: Any, person: str, login: str, password: str, at: datetime, *, generated: bool = False) -> str:
        """Make an account; returns its id. `generated`: the password is random (72 bits or more), so that guessing it is hopeless
        however cheap a try is; it is hashed quickly and anew, at full cost, when its owner first signs in.

        Raises AccountRefused for a login or person that has one, or a password too short."""
        login = _fold(login)
        if not login:
            raise AccountRefused("请填写登录名 / a login name is needed")
        if store.by_login(connection, login) or store.by_person(connection, person):
            raise AccountRefused("该登录名或人员已有账号 / this login or person has an account already", login=login)
        row = {
            "id": uuid7(_ms(at)),
            "person": person,
            "login": login,
            "password_hash": self._hashed(connection, password, login, at, generated),
        }
        store.insert(connection, {**row, "failures": 0, "locks": 0, "disabled": False, "created_at": at, "password_changed_at": at})
        return str(row["id"])

    def authenticate(self, connection: Any, login: str, password: str, at: datetime) -> Login:
        """Check login and password. After accounts.max_failures in a row the account is locked, each time twice as long [A]."""
        row = store.by_login(connection, _fold(login))
        if row is None:
            self._verify(self._nobody, password)
            return Login(account=None)
        if row.locked_until is not None and at < row.locked_until:
            return Login(account=None, locked_until=row.locked_until)
        right = self._verify(row.password_hash, password)
        if not right:
            return Login(account=None, locked_until=self._failed(connection, row, at))
        if row.disabled:
            return Login(account=None)
        values: dict[str, Any] = {}
        if row.failures or row.locks:
            values = {"failures": 0, "locks": 0, "locked_until": None}
        if self._hasher.check_needs_rehash(row.password_hash):
            values["password_hash"] = self._hasher.hash(password)
        if values:
            store.update(connection, row.id, values)
        return Login(account=_account(row))

    def get(self, connection: Any, account_id: str) -> Account | None:
        """The account of a session; None when it is gone or disabled."""
        row = store.by_id(connection, account_id)
        return None if row is None or row.disabled else _account(row)

    def of_person(self, connection: Any, person: str) -> Account | None:
        row = store.by_person(connection, person)
        return None if row is None or row.disabled else _account(row)

    def change_password(self, connection: Any, account_id: str, old: str, new: str, at: datetime) -> None:
        """By the owner: ends every session and keeps the tokens. Raises AccountRefused (wrong old password, too short, unchanged)."""
        row = store.by_id(connection, account_id)
        if row is None or not self._verify(row.password_hash, old):
            raise AccountRefused("原密码不正确 / the old password is wrong")
        if old == new:
            raise AccountRefused("新密码须与原密码不同 / the new password must differ from the old one")
        values = {"password_hash": self._hashed(connection, new, row.login, at), "password_changed_at": at}
        store.update(connection, account_id, values)

    def set_password(self, connection: Any, account_id: str, new: str, at: datetime) -> None:
        """By an administrator: also opens a locked account. Raises NotFound or AccountRefused."""
        row = store.by_id(connection, account_id)
        if row is None:
            raise NotFound("没有这个账号 / there is no such account")
        values = {"password_hash": self._hashed(connection, new, row.login, at), "password_changed_at": at}
        store.update(connection, account_id, {**values, "failures": 0, "locks": 0, "locked_until": None})

    def disable(self, connection: Any, account_id: str, *, disabled: bool = True) -> None:
        """Close (or open) an account; its sessions and tokens stop working at once. Raises NotFound."""
        if store.by_id(connection, account_id) is None:
            raise NotFound("没有这个账号 / there is no such account")
        store.update(connection, account_id, {"disabled": disabled})

    # tokens

    def make_token(
        self, connection: Any, account_id: str, name: str, scopes: Sequence[str], at: datetime, *, expires_at: datetime | None = None
    ) -> tuple[Token, str]:
        """A new token and its secret, which is shown once and not kept. It lives accounts.token_days at most [A].
        Raises AccountRefused for an unknown scope or a life too long, NotFound for an unknown account."""
        if store.by_id(connection, account_id) is None:
            raise NotFound("没有这个账号 / there is no such account")
        unknown = [s for s in scopes if s not in SCOPES]
        if unknown or not scopes:
            raise AccountRefused(f"权限范围须取自 / scopes must be among: {', '.join(SCOPES)}", scopes=unknown)
        latest = at + timedelta(days=int(self._settings.get(connection, "accounts.token_days", at)))
        until = expires_at or latest
        if not at < until <= latest:
            raise AccountRefused("令牌有效期过长或已过 / the token must end in the future and not later than", latest=latest.isoformat())
        secret = _PREFIX + secrets.token_urlsafe(32)
        row = {"id": uuid7(_ms(at)), "account": account_id, "name": name, "created_at": at, "expires_at": until}
        store.insert_token(connection, {**row, "digest": digest(secret.encode()), "scopes": list(scopes)})
        token = store.token_by_digest(connection, digest(secret.encode()))
        assert token is not None
        return token, secret

    def token_account(self, connection: Any, secret: str, at: datetime, *, note_use: bool = False) -> Account | None:
        """The account behind a token with the token's scopes; None when it is unknown, expired, revoked or the account disabled.
        With `note_use` (needs a writing connection) when it was used is kept, at most every ten minutes."""
        found = store.account_of_token(connection, digest(secret.encode()))
        if found is None:
            return None
        token, owner = found
        if token.revoked_at is not None or at >= token.expires_at or owner.disabled:
            return None
        if note_use and (token.used_at is None or at - token.used_at >= _USED_STEP):
            store.update_token(connection, token.account, token.id, {"used_at": at})
        return Account(
            id=token.account,
            person=owner.person,
            login=owner.login,
            password_changed_at=owner.password_changed_at,
            scopes=token.scopes,
            name=owner.name,
        )

    def tokens(self, connection: Any, account_id: str) -> Sequence[Token]:
        """The account's tokens, newest first."""
        return store.tokens_of(connection, account_id)

    def revoke_token(self, connection: Any, account_id: str, token_id: str, at: datetime) -> None:
        """Raises NotFound when the account has no such token."""
        if not store.update_token(connection, account_id, token_id, {"revoked_at": at}):
            raise NotFound("没有这个令牌 / there is no such token")

    # inside

    def _failed(self, connection: Any, row: store.Row, at: datetime) -> datetime | None:
        failures = row.failures + 1
        if failures < int(self._settings.get(connection, "accounts.max_failures", at)):
            store.update(connection, row.id, {"failures": failures})
            return None
        first = int(self._settings.get(connection, "accounts.lock_minutes", at))
        longest = int(self._settings.get(connection, "accounts.longest_lock_minutes", at))
        # 2**locks without a bound would grow for ever
        until = at + timedelta(minutes=min(first * 2 ** min(row.locks, 20), longest))
        store.update(connection, row.id, {"failures": 0, "locks": row.locks + 1, "locked_until": until})
        return until

    def _hashed(self, connection: Any, password: str, login: str, at: datetime, generated: bool = False) -> str:
        shortest = int(self._settings.get(connection, "accounts.shortest_password", at))
        if len(password) < shortest:
            raise AccountRefused(f"密码至少 {shortest} 位 / a password has at least {shortest} characters", shortest=shortest)
        if password.casefold() == login:
            raise AccountRefused("密码不得与登录名相同 / the password must differ from the login name")
        return (_QUICK if generated else self._hasher).hash(password)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def _account(row: store.Row) -> Account:
    return Account(id=row.id, person=row.person, login=row.login, password_changed_at=row.password_changed_at)


def _fold(login: str) -> str:
    return login.strip().casefold()


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
