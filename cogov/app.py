"""One Flask app: API and pages over one application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

import api
import web
from cogov import migrations
from cogov.settings import ROOT, Settings
from cogov.trials import Stage
from governance.application import Application
from governance.desk.trials import Trials
from web.catalogue import catalogues

#: posts that anyone may make, each at most 30 times a minute from one address
_LIMITED = (
    "session.login", "session_api.login", "public.object", "public.answer", "opinions.answer", "files.upload", "verify.compare",
)  # fmt: skip
#: uploads are at most 20 MB; a form is far below
_MOST_BYTES = 25 * 1024 * 1024


def create_app(
    application: Application, settings: Settings, *, demo_hint: str | None = None, config: Mapping[str, Any] | None = None
) -> Flask:
    """The WSGI application. Importing this module does nothing; tests call this function too, with `config` over Flask's own."""
    app = Flask("cogov", template_folder=str(ROOT / "web/templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=_MOST_BYTES,
        BABEL_TRANSLATION_DIRECTORIES=str(catalogues(settings.data / "translations")),
        COGOV_DEMO_HINT=demo_hint,
        COGOV_BEAT_WITHIN=settings.beat_within,
        **(config or {}),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["cogov"] = application
    app.extensions["cogov_schema_is_current"] = lambda: migrations.is_current(application.database)
    app.extensions["cogov_trials"] = Trials(Stage(application.zone.key, application.engine.runtime.library.rules))
    api.install(app)
    web.install(app)
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # limited views hold it weakly
    app.extensions["cogov_limiter"] = limiter
    # guessing passwords, flooding, and having strangers' files examined cost the same everywhere
    for endpoint in (
        "session.login",
        "session_api.login",
        "public.object",
        "public.answer",
        "opinions.answer",
        "files.upload",
        "verify.compare",
    ):
        limited: Any = limiter.limit("30/minute", methods=["POST"])(app.view_functions[endpoint])
        app.view_functions[endpoint] = limited
    return app
