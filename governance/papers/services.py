"""Service ``papers.issue``. Inputs, results and errors: docs/reference/services.md."""

from __future__ import annotations

from typing import Any

from engine.errors import ServiceRefused
from engine.ports import InstanceRef
from engine.services import Call, service
from governance.papers.papers import Papers, Place


@service("papers.issue")
def issue(call: Call, paper: str, language: str | None = None, number: str | None = None) -> dict[str, Any]:
    """Number, fill and freeze a paper from the variables where the service is called; without `language` in every language it has.
    The same content again changes nothing. → {paper, number, version, changed, hash, file, code, languages}; hash and file are those
    of the Chinese docx, or of the language asked for"""
    papers: Papers = call.resources["papers"]
    if call.evaluate is None:
        raise ServiceRefused("文书只能在事务内签发 / a paper is issued inside the transaction only")
    instance = InstanceRef(id=call.instance, process=call.process, version=0, number=call.number, area=call.area, starter=None)
    definitions = papers.definitions_of(call.connection, call.instance)
    place = Place(instance=instance, definitions=definitions, evaluate=call.evaluate, scope=call.scope)
    declaration = papers.declaration(definitions, paper)
    asked = [language] if language else list(declaration.templates)
    made = [
        papers.issue(
            call.connection, place, declaration, each, actor=call.actor, now=call.now, number=number, element=call.element
        )
        for each in asked
    ]  # fmt: skip
    first = made[0]
    papers.print_later(call.connection, made)
    return {
        "paper": paper, "number": first["number"], "version": first["version"], "changed": any(m["changed"] for m in made),
        "hash": first["docx"], "file": first["id"], "code": first["code"],
        "languages": [{"language": m["language"], "version": m["version"], "hash": m["docx"], "file": m["id"]} for m in made],
    }  # fmt: skip
