"""Logging in, the account of a session, tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import Forbidden
from governance.accounts.accounts import Account
from governance.application import Application


class LoginRefused(Forbidden):
    """Account name or password is wrong."""

    code = "login_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who is logged in. A session made before `password_changed_at` is void."""

    account: str
    person: str
    name: str
    login: str
    password_changed_at: datetime
    scopes: tuple[str, ...] = ("*",)


def login(app: Application, name: str, password: str, language: str) -> Known:
    """Raises LoginRefused with a sentence for the user; failures count and lock."""
    now = app.clock.now()
    with app.database.write() as connection:
        tried = app.accounts.authenticate(connection, name, password, now)
    if tried.account is not None:
        return _known(app, tried.account)
    if tried.locked_until is not None:
        at = tried.locked_until.astimezone(app.zone)
        raise LoginRefused(
            f"Too many tries. The account is locked until {at:%H:%M}." if language == "en" else f"错误次数过多，账户停用到 {at:%H:%M}。"
        )
    raise LoginRefused("Account name or password is wrong." if language == "en" else "账户名或密码不对。")


def active(app: Application, account: str) -> Known | None:
    """The account of a session; None when it is gone or disabled."""
    with app.database.read() as connection:
        found = app.accounts.get(connection, account)
    return _known(app, found) if found else None


def by_token(app: Application, secret: str) -> Known | None:
    """The account behind an API token; None when it is unknown, expired or revoked."""
    with app.database.write() as connection:
        found = app.accounts.token_account(connection, secret, app.clock.now(), note_use=True)
    return _known(app, found) if found else None


def change_password(app: Application, account: str, old: str, new: str) -> None:
    """Ends every other session. Raises AccountRefused."""
    with app.database.write() as connection:
        app.accounts.change_password(connection, account, old, new, app.clock.now())


def issue_token(app: Application, account: str, scopes: Sequence[str], days: int) -> tuple[str, datetime]:
    """A new token's secret, shown once, and when it ends. Raises AccountRefused."""
    now = app.clock.now()
    with app.database.write() as connection:
        token, secret = app.accounts.make_token(connection, account, "api", scopes, now, expires_at=now + timedelta(days=days))
    return secret, token.expires_at


def _known(app: Application, account: Account) -> Known:
    with app.database.read() as connection:
        names = app.directory.names(connection, [account.person])
    name = names[account.person].zh if account.person in names else account.login
    return Known(
        account=account.id, person=account.person, name=name, login=account.login, password_changed_at=account.password_changed_at,
        scopes=account.scopes,
    )  # fmt: skip
