"""Who calls: a session cookie from our own pages, or a scoped API token (``Authorization: Bearer …``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, request
from flask_login import current_user

from api.language import language
from api.problems import Unauthenticated
from engine.actor import Actor
from engine.errors import Forbidden
from governance.application import Application

P = ParamSpec("P")
R = TypeVar("R")


def application() -> Application:
    return current_app.extensions["cogov"]  # type: ignore[no-any-return]


def install(app: Flask) -> None:
    """Read the token before the CSRF check, which it makes unnecessary: no browser sends it by itself."""

    @app.before_request
    def read_token() -> None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not request.path.startswith("/api/"):
            return
        token = application().sign_in.token(secret)
        if token is None:
            raise Unauthenticated
        g.token_scopes = token.scopes
        g.api_actor = Actor(person=token.person, name=token.name, language=language(), channel="api")


def caller() -> Actor:
    """The actor of this request. Raises Unauthenticated when there is none."""
    if "api_actor" in g:
        return g.api_actor  # type: ignore[no-any-return]
    if current_user.is_authenticated:
        return Actor(person=current_user.person, name=current_user.name, language=language(), channel="api")
    raise Unauthenticated


def visitor() -> Actor:
    """The caller, or the public: for what people may do without an account."""
    if "api_actor" in g or current_user.is_authenticated:
        return caller()
    return Actor(person=None, language=language(), channel="api")


def needs(scope: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The view needs a session, or a token that has `scope` (``tasks:write``; ``*`` has all)."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            caller()
            scopes = g.get("token_scopes")
            if scopes is not None and scope not in scopes and "*" not in scopes:
                raise Forbidden(scope=scope)
            return view(*args, **kwargs)

        return checked

    return wrap
