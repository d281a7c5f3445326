"""Signing in for the web and API edge: each method is one transaction and answers with the person behind it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.clock import Clock
from engine.errors import CogovError, NotFound
from governance.accounts.accounts import Account, AccountRefused, Accounts
from governance.directory.directory import Directory


class Transactions(Protocol):
    """Opens transactions (engine.store.database.Database)."""

    def write(self) -> AbstractContextManager[Any]: ...

    def read(self) -> AbstractContextManager[Any]: ...


class LoginRefused(CogovError):
    """Name or password is wrong."""

    code = "login_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in. `id` is the key of a session: it changes with the password, so older sessions end."""

    id: str
    person: str
    name: str
    scopes: tuple[str, ...] = ("*",)


class SignIn:
    """Accounts with a transaction around each call, in the reader's language."""

    def __init__(self, database: Transactions, clock: Clock, accounts: Accounts, directory: Directory) -> None:
        self._database, self._clock, self._accounts, self._directory = database, clock, accounts, directory

    def login(self, name: str, password: str, language: str) -> SignedIn:
        """Raises LoginRefused; a failure is counted all the same."""
        now = self._clock.now()
        with self._database.write() as connection:
            outcome = self._accounts.authenticate(connection, name, password, now)
            signed_in = self._signed_in(connection, outcome.account) if outcome.account else None
        if signed_in is None:
            raise LoginRefused(_refusal(outcome.locked_until, now, language))
        return signed_in

    def active(self, key: str) -> SignedIn | None:
        """Who a session belongs to; None when the account is gone, disabled, or its password has changed since."""
        with self._database.read() as connection:
            account = self._accounts.get(connection, _account_id(key))
            return self._signed_in(connection, account) if account is not None and _key(account) == key else None

    def name_of(self, key: str) -> str:
        """The login name. Raises NotFound."""
        with self._database.read() as connection:
            return self._account(connection, key).login

    def change_password(self, key: str, old: str, new: str, language: str) -> SignedIn:
        """Every other session ends; the answer's `id` is the key this one goes on with. Raises AccountRefused."""
        with self._database.write() as connection:
            try:
                self._accounts.change_password(connection, _account_id(key), old, new, self._clock.now())
            except AccountRefused as refused:
                raise AccountRefused(_in(refused.message, language), **refused.details) from refused
            return self._signed_in(connection, self._account(connection, key))

    def issue_token(self, key: str, scopes: Sequence[str], days: int, name: str = "API") -> tuple[str, datetime]:
        """A new token's secret, shown once, and its end. Raises AccountRefused."""
        now = self._clock.now()
        with self._database.write() as connection:
            until = now + timedelta(days=days)
            token, secret = self._accounts.make_token(connection, _account_id(key), name, scopes, now, expires_at=until)
        return secret, token.expires_at

    def token(self, secret: str) -> SignedIn | None:
        """Who a token belongs to, with its scopes; None when it is unknown, over or revoked."""
        with self._database.read() as connection:
            account = self._accounts.token_account(connection, secret, self._clock.now())
            return self._signed_in(connection, account) if account is not None else None

    def _account(self, connection: Any, key: str) -> Account:
        account = self._accounts.get(connection, _account_id(key))
        if account is None:
            raise NotFound("没有这个账号 / there is no such account")
        return account

    def _signed_in(self, connection: Any, account: Account) -> SignedIn:
        name = account.name
        if name is None:
            names = self._directory.names(connection, [account.person])
            name = names[account.person].zh if account.person in names else account.login
        return SignedIn(id=_key(account), person=account.person, name=name, scopes=account.scopes)


def _key(account: Account) -> str:
    return f"{account.id}.{int(account.password_changed_at.timestamp())}"


def _account_id(key: str) -> str:
    return key.partition(".")[0]


def _refusal(locked_until: datetime | None, now: datetime, language: str) -> str:
    if locked_until is None:
        return "Name or password is wrong." if language == "en" else "登录名或密码不正确。"
    minutes = max(-(-(locked_until - now) // timedelta(minutes=1)), 1)
    return f"Too many failures. Try again in {minutes} min." if language == "en" else f"失败次数过多，请 {minutes} 分钟后再试。"


def _in(message: str, language: str) -> str:
    zh, _, en = message.partition(" / ")
    return (en or zh) if language == "en" else zh
