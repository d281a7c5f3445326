"""Login and logout (Flask-Login session) and who acts in a request."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from api.language import language
from engine.actor import Actor
from governance.accounts.sign_in import LoginRefused, SignedIn
from web.reader import application

blueprint = Blueprint("session", __name__)


class User(UserMixin):  # type: ignore[misc]
    """The logged-in person, as Flask-Login wants it: `id` is the key of the session, which ends when the password changes."""

    def __init__(self, known: SignedIn) -> None:
        self.id = known.id
        self.person = known.person
        self.name = known.name


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.login_view = "session.login"
    manager.session_protection = "basic"
    app.config.update(PERMANENT_SESSION_LIFETIME=timedelta(days=7), SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")

    @manager.user_loader
    def load(account: str) -> User | None:
        found = application().sign_in.active(account)
        return User(found) if found else None

    @manager.unauthorized_handler
    def to_login() -> Response:
        back = request.full_path if request.method == "GET" else None
        return redirect(url_for("session.login", next=back))


def actor() -> Actor:
    """Who acts: the logged-in person, or the public."""
    if "actor" not in g:
        known = current_user.is_authenticated
        g.actor = Actor(
            person=current_user.person if known else None,
            name=current_user.name if known else "",
            language=language(),
            channel="web",
        )
    return g.actor  # type: ignore[no-any-return]


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    if current_user.is_authenticated:
        return redirect(url_for("inbox.page"))
    if request.method == "GET":
        return render_template("login.html", here="login", demo_hint=current_app.config.get("COGOV_DEMO_HINT"))
    name = request.form.get("name", "").strip()
    try:
        known = application().sign_in.login(name, request.form.get("password", ""), language())
    except LoginRefused as refused:
        return render_template("login.html", here="login", name=name, problem=refused.message), 401
    enter(known, remember=bool(request.form.get("remember")))
    return redirect(own_path(request.args.get("next")) or url_for("inbox.page"))


def enter(known: SignedIn, *, remember: bool) -> None:
    """Begin (or, after a change of password, renew) the session of this browser."""
    session.permanent = remember
    login_user(User(known))


@blueprint.post("/logout")
def logout() -> Response:
    logout_user()
    return redirect(url_for("public.wall"))


def own_path(target: str | None) -> str | None:
    """`target` when it is a path of our own, else None: no host, no scheme, and no tab or line break, which browsers drop from
    ``/<tab>/host`` before they read it."""
    if not target or not target.isprintable() or not target.startswith("/") or target.startswith(("//", "/\\")) or urlsplit(target).netloc:
        return None
    return target
