"""One run: start, steps, end. A generator of moments, so that several runs can share one clock (the demo)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from cogov.cases import expectations, inputs, records
from cogov.cases.files import Case
from cogov.cases.world import World
from engine.actor import SYSTEM, Actor
from engine.engine import Receipt, Taken
from engine.errors import CogovError
from engine.queries import InstanceDetails, TaskLine
from governance.calendars.limits import compute, parse_limit

_NAMED = re.compile(r"(?P<process>\w+)(?:\[(?P<number>\d+)\])?")


class CaseFailed(AssertionError):
    """The run did not go as the file says."""

    def __init__(self, case: Case, step: object, problem: str) -> None:
        super().__init__(f"{case.name}\n  at {step}\n  {problem}")


class CaseRun:
    """Runs one case in a world. `flows` collects the sequence flows taken, by process."""

    def __init__(self, world: World, case: Case, *, shared: bool = False) -> None:
        self.world, self.case, self.app = world, case, world.app
        #: several runs share the database: only instances that descend from this run's own count
        self.shared = shared
        self.own: str | None = None
        #: instances of this run in order of start
        self.instances: list[str] = []
        self._known = {line.id for line in self._all()}
        self.seen_notices: set[str] = set()
        self.seen_instances: set[str] = set()

    def run(self) -> None:
        """The whole run on a clock of its own. Raises CaseFailed."""
        for moment in self.moments():
            self.world.jobs.run_until(moment)
            self.collect()

    def moments(self) -> Iterator[datetime]:
        """Runs up to each wait and yields the moment it waits for. Whoever drives it moves the clock there first."""
        self._step(self.case.start, lambda: self._start(self.case.start))
        for step in self.case.steps:
            if "wait" in step:
                yield self._moment(step["wait"])
                continue
            for _ in range(int(step.get("times", 1))):
                self._step(step, lambda step=step: self._do(step))
        if self.case.ends is not None:
            self.end(self.case.ends)

    def begin(self) -> None:
        """The start alone, for whoever drives the run step by step. Raises CaseFailed."""
        self._step(self.case.start, lambda: self._start(self.case.start))

    def perform(self, step: Mapping[str, Any]) -> None:
        """One step; a wait moves the clock. Raises CaseFailed."""

        def work() -> None:
            if "wait" in step:
                self.world.jobs.run_until(self._moment(step["wait"]))
            else:
                self._do(step)

        for _ in range(int(step.get("times", 1))):
            self._step(step, work)

    def end(self, expected: Mapping[str, Any]) -> None:
        """What the run must have brought about. Raises CaseFailed."""
        self._step({"ends": expected}, lambda: expectations.check_end(self, expected))

    def flows(self) -> dict[str, set[str]]:
        """Process → sequence flows that this run's instances took."""
        taken: dict[str, set[str]] = {}
        for instance in self.instances:
            found = self.app.engine.queries.instance(instance)
            for flow in found.flows:
                process, _, name = flow.rpartition("/")
                taken.setdefault(process or found.line.process, set()).add(name)
        return taken

    def details(self, of: object = None) -> InstanceDetails:
        return self.app.engine.queries.instance(self.instance(of))

    def instance(self, of: object = None) -> str:
        """The instance a step is about: the case's own, or ``process[n]`` of this run."""
        if of is None:
            if self.own is None:
                raise AssertionError("the run has not started anything")
            return self.own
        match = _NAMED.fullmatch(str(of))
        if match is None:
            raise AssertionError(f"of: {of} is not process or process[n]")
        found = [i for i in self.instances if self.app.engine.queries.instance(i).line.process == match["process"]]
        if not found:
            raise AssertionError(f"no instance of {match['process']} has started")
        number = match["number"]
        if number and int(number) > len(found):
            raise AssertionError(f"only {len(found)} instances of {match['process']} have started")
        return found[int(number) - 1] if number else found[-1]

    # Steps

    def _step(self, step: object, work: Any) -> None:
        try:
            work()
            self.world.jobs.run_due()
            self.collect()
        except CaseFailed:
            raise
        except (CogovError, AssertionError) as problem:
            details = getattr(problem, "details", "")
            raise CaseFailed(self.case, step, f"{type(problem).__name__}: {problem} {details or ''}") from problem

    def _start(self, start: Mapping[str, Any]) -> None:
        given = start.get("with") or start.get("form") or {}
        if "message" in start:
            receipt = self._send(start["message"], start)
        elif "take_over" in start:
            receipt = self._take_over(start)
        elif "signal" in start:
            self.app.engine.signal(start["signal"], inputs.typed(given), actor=self.actor(start.get("by")))
            receipt = None
        else:
            receipt = self._start_by_hand(start, given)
        self.world.jobs.run_due()
        self.collect()
        self.own = self.own or (receipt.instance if receipt else None) or self._first_of_process()

    def _take_over(self, start: Mapping[str, Any]) -> Receipt:
        case = Taken(variables=inputs.typed(start.get("with") or {}), note=str(start.get("note", "")), source=self.case.name)
        (receipt,) = self.app.engine.take_over(start["take_over"], [case], actor=self.actor(start.get("by")))
        return receipt

    def _start_by_hand(self, start: Mapping[str, Any], given: Mapping[str, Any]) -> Receipt:
        person, process = start.get("by"), start.get("process") or self.case.process
        form = any(s.process == process and s.form for s in self.app.engine.queries.startable(person)) if person else False
        data = (
            inputs.resolve(self.app, given, person, {})
            if form
            else inputs.typed(inputs.resolve(self.app, given, person, {}) | _days(given))
        )
        area = start.get("area") or self.case.area
        return self.app.engine.start(process, data, actor=self.actor(person), area=area, form=form)

    def _do(self, step: Mapping[str, Any]) -> None:
        of = step.get("of")
        if (word := records.word_of(step)) is not None:
            records.STEPS[word](self, step)
            return
        match next(iter(k for k in ("do", "refuse", "act", "send", "signal", "cancel", "claim", "start", "expect") if k in step)):
            case "do":
                self._complete(step["do"], step)
            case "refuse":
                self._refuse(step)
            case "act":
                self._act(step)
            case "send":
                self._send(step["send"], step)
            case "signal":
                self.app.engine.signal(step["signal"], inputs.typed(step.get("with") or {}), actor=self.actor(step.get("by")))
            case "cancel":
                self.app.engine.cancel(self.instance(of), str(step["cancel"]), actor=self.actor(step.get("by")))
            case "claim":
                self.app.engine.claim(self._task(step["claim"], step["by"], of).id, actor=self.actor(step["by"]))
            case "start":
                self._start_by_hand(step["start"], step["start"].get("with") or {})
            case _:
                expectations.check(self, step["expect"], of)

    def _complete(self, node: str, step: Mapping[str, Any]) -> None:
        person = step["by"]
        task = self._task(node, person, step.get("of"))
        variables = self.app.engine.queries.task(task.id).variables
        form = inputs.resolve(self.app, step.get("with") or {}, person, variables)
        self.app.engine.complete(task.id, form, actor=self.actor(person))

    def _refuse(self, step: Mapping[str, Any]) -> None:
        try:
            node, person = step["refuse"], step["by"]
            tasks = [t for t in self.details(step.get("of")).tasks if t.node == node]
            if not tasks:
                self._act({**step, "act": node})
            else:
                task = next((t for t in tasks if self._may(t, person)), tasks[0])
                variables = self.app.engine.queries.task(task.id).variables
                form = inputs.resolve(self.app, step.get("with") or {}, person, variables)
                self.app.engine.complete(task.id, form, actor=self.actor(person))
        except CogovError as refused:
            wanted = step.get("error")
            if wanted and refused.code != wanted:
                raise AssertionError(f"refused with {refused.code}, not {wanted}: {refused} {refused.details}") from refused
            return
        raise AssertionError("it was not refused")

    def _act(self, step: Mapping[str, Any]) -> None:
        instance, node = self.instance(step.get("of")), step["act"]
        button = next((a for a in self.details(step.get("of")).actions if a.node == node), None)
        if button is None:
            offered = [a.node for a in self.details(step.get("of")).actions]
            raise AssertionError(f"there is no action {node}; there are {offered}")
        public = step.get("by") == "public"
        person = None if public else step.get("by")
        form = inputs.resolve(self.app, step.get("with") or {}, person, {})
        self.app.engine.act(instance, button.token, form, actor=Actor(person=None, channel="cases") if public else self.actor(person))

    def _send(self, name: str, step: Mapping[str, Any]) -> Receipt:
        data = inputs.typed(inputs.resolve(self.app, step.get("with") or {}, step.get("by"), {}) | _days(step.get("with") or {}))
        key = step.get("key")
        if key == "number":
            key = self.details().line.number
        return self.app.engine.send(name, data, key=str(key) if key is not None else None, actor=self.actor(step.get("by")))

    # Finding things

    def _task(self, node: str, person: str, of: object) -> TaskLine:
        tasks = [t for t in self.details(of).tasks if t.node == node]
        if not tasks:
            raise AssertionError(f"there is no open task {node}; open are {[t.node for t in self.details(of).tasks]}")
        found = next((t for t in tasks if self._may(t, person)), None)
        if found is None:
            raise AssertionError(f"{node} is not offered to {person} but to {[t.selectors for t in tasks]}")
        return found

    def _may(self, task: TaskLine, person: str) -> bool:
        return self.app.engine.queries.may_complete(task.id, person) is not None

    def actor(self, person: str | None) -> Actor:
        """The person who acts in a step; nobody is the system."""
        if person is None:
            return SYSTEM
        with self.app.database.read() as connection:
            names = self.app.directory.names(connection, [person])
        return Actor(person=person, name=names[person].zh if person in names else person, channel="cases")

    def _moment(self, wait: object) -> datetime:
        now = self.world.clock.now()
        if isinstance(wait, Mapping):
            wait = wait["until"]
        if isinstance(wait, datetime):
            return wait if wait.tzinfo else wait.replace(tzinfo=self.app.zone)
        if isinstance(wait, date):
            return datetime.combine(wait, time(9), self.app.zone)
        text = str(wait)
        if text[:4].isdigit() and "-" in text:
            found = datetime.fromisoformat(text)
            return found if found.tzinfo else datetime.combine(found.date(), found.time() or time(9), self.app.zone)
        with self.app.database.read() as connection:
            calendar = self.app.calendars.current(connection, now, self.case.area)
        return compute(calendar, parse_limit(text), now).due

    def _all(self) -> list[Any]:
        found: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.app.engine.queries.instances(limit=200, cursor=cursor)
            found += page.items
            if page.next is None:
                return sorted(found, key=lambda line: line.id)
            cursor = page.next

    def collect(self) -> None:
        """Take note of the instances that this run began: its own and those its messages started."""
        known = set(self.instances)
        for line in self._all():
            if line.id in self._known or line.id in known:
                continue
            if self.own is None or line.parent in known or line.id == self.own or not self.shared:
                self.instances.append(line.id)
                known.add(line.id)

    def _first_of_process(self) -> str | None:
        return next((i for i in self.instances if self.app.engine.queries.instance(i).line.process == self.case.process), None)


def _days(given: Mapping[str, Any]) -> dict[str, Any]:
    """Days and moments stay typed when variables are given directly."""
    return {k: v for k, v in given.items() if isinstance(v, (date, datetime))}
