"""A form of a draft as people would see it, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.definitions.package import Package
from engine.forms import compile_form
from engine.forms.context import FormContext
from governance.application import Application
from governance.designer import drafts
from governance.desk.designing.rights import require_designer


def preview(app: Application, actor: Actor, draft: str, schema: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the form element shows of `schema` in a language (zh or en), with the draft's codes and shared groups, without data.

    Raises Forbidden, NotFound; FormInvalid and the like when the schema cannot be compiled.
    """
    require_designer(app, actor)
    with app.database.read() as connection:
        files = drafts.overlay(connection, drafts.get(connection, draft))
        package = Package.from_files({path: content for path, content in files.items() if path.startswith("forms/shared/")})
        form = compile_form(schema, codes=package.codes, shared=package.shared, rules=app.engine.runtime.library.rules)
        context = FormContext(now=app.clock.now(), zone=app.zone, language=language, connection=connection)
        return form.render(language, context=context).payload()
