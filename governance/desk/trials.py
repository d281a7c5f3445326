"""Trying a draft: a case document is replayed from its start on the real engine, in memory, with a clock of its own.

Nothing of it is kept and nothing leaves it: another database, other jobs, no channel for notices, no service that reaches outside.
What comes back is where the run stands: what the diagram marks, what each person would see, what would have been sent.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.actor import Actor
from engine.definitions.positions import Unreadable, read_yaml
from engine.errors import DeployRefused, FieldError, FormInvalid
from engine.schemas.validate import validate
from governance.application import Application
from governance.designer import drafts, ending, store
from governance.designer.checking import Report
from governance.designer.covering import Coverage
from governance.designer.stage import MOST_STEPS, Budget, Prepared, Run, Stage, TooLong, World, cause_of
from governance.designer.store import Draft
from governance.desk import standing
from governance.desk.designing.checking import checked
from governance.desk.designing.rights import require_designer
from governance.desk.standing import Looker

#: all runs of one cases.yaml together [A]
MOST_CASES_SECONDS = 120.0
#: what of a case goes into its run
_DOCUMENT = ("clock", "roster", "area", "settings", "services", "start", "steps", "ends", "name", "covers")


class Trials:
    """`stage` comes from the composition root."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._prepared = Prepared(stage)

    def play(self, app: Application, actor: Actor, draft: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Replay the document over the draft's files and say where it stands. Without a `start`: who could start what, with which form.

        Raises Forbidden, NotFound, FormInvalid (the document is no case), DeployRefused (the draft has errors), TooLong.
        """
        require_designer(app, actor)
        given = _checked(document)
        with app.database.read() as connection:
            found = drafts.get(connection, draft)
            files = drafts.overlay(connection, found)
            report = checked(app, connection, found, actor.language)
        _require_legal(report)
        at = _moment(given.get("clock"), app)
        budget = Budget()
        with tempfile.TemporaryDirectory(prefix="cogov-trial-") as folder:
            world = self._world(app, files, at, given, Path(folder) / "files", budget)
            try:
                looker = Looker(world.app, actor.language, budget)
                start = given.get("start") or {}
                given.setdefault("area", standing.area_of(looker, start.get("process") or found.key, start.get("by")))
                run = self.stage.run(world, {**given, "steps": given.get("steps") or []}, found.key)
                steps = _steps(run, given, budget, actor.language)
                return {
                    "began": at,
                    "now": world.clock.now(),
                    "next_due": world.jobs.next_due(),
                    "area": given["area"],
                    "rosters": sorted(self.stage.rosters()),
                    "steps": steps,
                    "starts": [] if "start" in given else standing.starts(looker, found.key),
                    **standing.of(looker, run.instances),
                }
            finally:
                world.app.database.dispose()

    def save(self, app: Application, actor: Actor, draft: str, document: Mapping[str, Any], name: str, revision: int) -> Draft:
        """Append the run as a case to the draft's cases.yaml, with where it stands at its end as what it must bring about.

        Raises as `play`; FormInvalid when a step of it fails; Overtaken.
        """
        stand = self.play(app, actor, draft, document)
        if wrong := next((step for step in stand["steps"] if not step["ok"]), None):
            raise FormInvalid([FieldError(pointer="/steps", code="CASE-006", message=wrong["error"]["message"])])
        first = stand["instances"][0] if stand["instances"] else None
        case = {"name": name, **{k: v for k, v in document.items() if k not in ("name", "ends")}, "ends": ending.of(first)}
        with app.database.read() as connection:
            area = stand["area"]
            found = drafts.get(connection, draft)
        case.setdefault("area", area)

        def command(connection: Any) -> Draft:
            path = f"processes/{found.key}/cases.yaml"
            known = store.file(connection, draft, path)
            before = (known.content or b"").decode() if known is not None else ""
            written = ending.appended(before, found.key, case, stand["began"])
            return drafts.save(connection, draft, path, written.encode(), revision, by=actor.person, at=app.clock.now())

        return app.database.run(command)

    def cases(self, app: Application, actor: Actor, draft: str) -> dict[str, Any]:
        """Run the draft's cases.yaml: per case ok, or the step that failed in words; and which flows no case takes.

        Raises Forbidden, NotFound, DeployRefused, FormInvalid (cases.yaml cannot be read), TooLong.
        """
        require_designer(app, actor)
        with app.database.read() as connection:
            found = drafts.get(connection, draft)
            files = drafts.overlay(connection, found)
            content = drafts.files(connection, found).get(f"processes/{found.key}/cases.yaml")
            report = checked(app, connection, found, actor.language)
        _require_legal(report)
        data = _parsed(content)
        budget = Budget(MOST_CASES_SECONDS)
        coverage = Coverage()
        lines = []
        for case in self.stage.cases(data) if data else ():
            with tempfile.TemporaryDirectory(prefix="cogov-trial-") as folder:
                lines.append(self._case(app, files, case, Path(folder) / "files", budget, coverage, actor.language))
        return {
            "cases": lines,
            "passed": sum(line["ok"] for line in lines),
            "coverage": coverage.of(files, found.key, (data or {}).get("not_covered") or {}),
        }

    def _case(
        self,
        app: Application,
        files: Mapping[str, bytes],
        case: Mapping[str, Any],
        folder: Path,
        budget: Budget,
        coverage: Coverage,
        language: str,
    ) -> dict[str, Any]:
        given = {name: case[name] for name in _DOCUMENT if case.get(name)}
        world = self._world(app, files, case["clock"], given, folder, budget)
        try:
            run = self.stage.run(world, given, case["process"])
            steps = _steps(run, given, budget, language)
            coverage.add(run.flows())
        finally:
            world.app.database.dispose()
        wrong = next((step for step in steps if not step["ok"]), None)
        # the first line is the start
        number = steps.index(wrong) - 1 if wrong else None
        return {"name": case["name"], "ok": wrong is None, "step": number, "error": wrong["error"] if wrong else None}

    def _world(
        self, app: Application, files: Mapping[str, bytes], at: datetime, given: Mapping[str, Any], folder: Path, budget: Budget
    ) -> World:
        database = self._prepared.database(app, files, at, given.get("roster"), folder)
        world = self.stage.world(database, at, folder, services=given.get("services") or {}, watch=budget.spend)
        with database.write() as connection:
            for key, value in (given.get("settings") or {}).items():
                world.app.settings.put(connection, key, value, at, source="case", area=given.get("area"))
        return world


def _require_legal(report: Report) -> None:
    """Raises DeployRefused with the findings of the draft: what cannot be published cannot be tried."""
    if report.errors:
        raise DeployRefused(report.problems)


def _checked(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as a case. Raises FormInvalid with what is wrong where, or when it has too many steps."""
    case = {"name": "–", "steps": [], **document}
    faults = validate("cases", {"process": "x", "clock": "2026-01-01T00:00", "roster": "x", "cases": [case]})
    wrong = [
        FieldError(pointer="/" + "/".join(str(p) for p in f.path[2:]), code="CASE-002", message=f"{f.reason.zh} / {f.reason.en}")
        for f in faults
    ]
    if not wrong and len(case["steps"]) > MOST_STEPS:
        message = f"一次试运行最多 {MOST_STEPS} 步 / a trial has {MOST_STEPS} steps at most"
        wrong = [FieldError(pointer="/steps", code="CASE-002", message=message)]
    if wrong:
        raise FormInvalid(wrong)
    return dict(document)


def _moment(text: object, app: Application) -> datetime:
    """When the run begins: as given, in the installation's zone if it names none; left out, now. Raises FormInvalid."""
    if text is None:
        return app.clock.now()
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as wrong:
        message = f"不是时刻：{text} / not a moment: {text}"
        raise FormInvalid([FieldError(pointer="/clock", code="V-TYPE", message=message)]) from wrong
    return found if found.tzinfo else found.replace(tzinfo=app.zone)


def _parsed(content: bytes | None) -> dict[str, Any] | None:
    """A cases.yaml. Raises FormInvalid."""
    if content is None:
        return None
    try:
        value = read_yaml(content).value
    except Unreadable as wrong:
        raise FormInvalid([FieldError(pointer=f"/{wrong.line or 1}", code="CASE-001", message=str(wrong.reason))]) from wrong
    faults = validate("cases", value)
    if faults:
        raise FormInvalid([FieldError(pointer="/" + f.where, code="CASE-002", message=f"{f.reason.zh} / {f.reason.en}") for f in faults])
    return dict(value)


def _steps(run: Run, given: Mapping[str, Any], budget: Budget, language: str) -> list[dict[str, Any]]:
    """Start, steps and end, each with how it went; nothing after one that failed is played. The start is the first."""
    if "start" not in given:
        return []
    work: list[tuple[str, Mapping[str, Any]]] = [("start", given["start"]), *(("step", step) for step in given.get("steps") or ())]
    if given.get("ends"):
        work.append(("ends", given["ends"]))
    lines: list[dict[str, Any]] = []
    for kind, step in work:
        error = _played(run, kind, step, budget, language)
        lines.append({"kind": kind, "ok": error is None, "error": error})
        if error is not None:
            break
    return lines


def _played(run: Run, kind: str, step: Mapping[str, Any], budget: Budget, language: str) -> dict[str, Any] | None:
    """None, or what went wrong. Raises TooLong."""
    budget.spend()
    try:
        match kind:
            case "start":
                run.begin()
            case "ends":
                run.end(step)
            case _:
                run.perform(step)
    except AssertionError as failed:
        if isinstance(failed.__cause__, TooLong):
            raise failed.__cause__ from failed
        return cause_of(failed, language)
    return None
