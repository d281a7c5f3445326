"""Eight impatient people: everything is sent twice, with one idempotency key or without, one after the other or at the same moment."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.faults.soak.model import CONTESTED, IGNORED, KEY, PARTICIPANTS, THINGS

_PATIENCE = 120.0
_NOBODY = 0  # status of a request that no process answered


@dataclass
class Told:
    """What the clients were told, all together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    statuses: Counter[int] = field(default_factory=Counter)
    #: instance → what its order was
    started: dict[str, str] = field(default_factory=dict)
    #: tasks whose completion was acknowledged
    completed: set[str] = field(default_factory=set)
    #: answers nobody should have got
    wrong: list[str] = field(default_factory=list)


class Client:
    """One person with an API token, who knows all addresses. `told` is shared."""

    def __init__(self, number: int, people: Sequence[str], token: str, ports: Sequence[int], told: Told, seed: int) -> None:
        self._number, self._people, self._token, self._ports, self._told = number, people, token, ports, told
        self._draw = random.Random(f"{seed} client {number}")
        self._pool = ThreadPoolExecutor(2)
        self._patient: dict[str, float] = {}

    def run(self, cases: Sequence[int], stop: threading.Event) -> None:
        """Start these cases, one now and then, and do what is in the inbox until told to stop."""
        left = list(cases)
        while not stop.is_set():
            if left:
                self._start(left.pop())
            worked = self._some()
            stop.wait(0.05 if worked else 0.4)
        self._pool.shutdown()

    # What a person does -----------------------------------------------------------------------------------------------

    def _start(self, case: int) -> None:
        people = [self._people[(self._number + n) % len(self._people)] for n in range(PARTICIPANTS)]
        body = {"process": KEY, "variables": {"people": people, "things": THINGS, "order": str(case)}}
        status, answers = self._twice("/api/v1/instances", body, key=uuid.uuid4().hex)
        found = {answer["instance"] for answer in answers if "instance" in answer}
        if status != 201 or len(found) != 1:
            self._complain(f"start of {case}: {status} {answers}")
            return
        with self._told.lock:
            self._told.started[found.pop()] = str(case)

    def _some(self) -> bool:
        """Do some of what is in the inbox; False when there is nothing to do."""
        status, page = self._once("GET", "/api/v1/tasks?limit=50", None, None)
        if status != 200:
            if status not in (_NOBODY, 503):
                self._complain(f"inbox: {status} {page}")
            return False
        tasks = [task for task in page["items"] if self._feels_like(task)]
        self._draw.shuffle(tasks)
        for task in tasks[:5]:
            self._complete(task)
        return bool(tasks)

    def _feels_like(self, task: dict[str, Any]) -> bool:
        """Some tasks are left alone, or for a while, so that now the person wins against the clock and now the clock."""
        node = task["name"]["zh"]
        if node == IGNORED or task["id"] in self._told.completed:
            return False
        if node not in CONTESTED:
            return True
        until = self._patient.setdefault(task["id"], time.monotonic() + self._draw.choice([0.0, 1.0, 2.0, 4.0, _PATIENCE]))
        return time.monotonic() >= until

    def _complete(self, task: dict[str, Any]) -> None:
        node, key = task["name"]["zh"], self._draw.choice([None, uuid.uuid4().hex])
        form = {"value": self._people[self._number]} if node == "answer" else {}
        status, answers = self._twice(f"/api/v1/tasks/{task['id']}/complete", {"form": form}, key=key)
        if status == 200:
            if len({json.dumps(answer["done"]) for answer in answers}) != 1:
                self._complain(f"two answers to {node}: {answers}")
            with self._told.lock:
                self._told.completed.add(task["id"])
        elif not (status == 409 and node in CONTESTED):
            self._complain(f"complete {node}: {status} {answers}")

    # HTTP -------------------------------------------------------------------------------------------------------------

    def _twice(self, path: str, body: Any, key: str | None) -> tuple[int, list[dict[str, Any]]]:
        """The status both were answered with (the other one when they differ and one is no success), and both answers."""
        send: Callable[[], tuple[int, dict[str, Any]]] = lambda: self._until_answered(path, body, key)  # noqa: E731
        if self._draw.random() < 0.5:
            both = [f.result() for f in [self._pool.submit(send), self._pool.submit(send)]]
        else:
            both = [send(), send()]
        statuses = {status for status, _ in both}
        if len(statuses) != 1:
            self._complain(f"{path}: one request, two outcomes {both}")
        return max(statuses), [answer for _, answer in both]

    def _until_answered(self, path: str, body: Any, key: str | None) -> tuple[int, dict[str, Any]]:
        """Ask again after a cut connection or a 503, as any client does."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            status, answer = self._once("POST", path, body, key)
            if status not in (_NOBODY, 503):
                return status, answer
            threading.Event().wait(0.2)
        self._complain(f"nobody answered {path}")
        return _NOBODY, {}

    def _once(self, method: str, path: str, body: Any, key: str | None) -> tuple[int, dict[str, Any]]:
        """One request to one of the addresses. Every answer is counted; one that blames the server is kept."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {self._token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        address = f"http://127.0.0.1:{self._draw.choice(self._ports)}{path}"
        request = urllib.request.Request(address, json.dumps(body).encode() if body is not None else None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text = int(answer.status), answer.read()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, _rest(refused)
        except (OSError, urllib.error.URLError, EOFError):
            status, text = _NOBODY, b""
        except Exception as cut:
            if not type(cut).__module__.startswith("http"):
                raise
            status, text = _NOBODY, b""
        with self._told.lock:
            self._told.statuses[status] += 1
        if status >= 500 and status != 503:
            self._complain(f"{method} {path}: {status} {text[:500]!r}")
        return status, json.loads(text) if text else {}

    def _complain(self, text: str) -> None:
        with self._told.lock:
            self._told.wrong.append(text)


def _rest(refused: urllib.error.HTTPError) -> bytes:
    """The body of a refusal, if it came whole."""
    try:
        return refused.read()
    except OSError:
        return b""
