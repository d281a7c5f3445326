"""Whether a process that worked on jobs is no more, as far as this machine can tell."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine.jobs import executors


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> str:
    """Of this process, at a place that is known on every system."""
    monkeypatch.setattr(executors, "_place", lambda: "abc123")
    return executors.new_name()


def test_no_two_names_are_the_same(name: str) -> None:
    assert executors.new_name() != name


def test_a_living_process_beside_us_is_not_gone(name: str) -> None:
    assert not executors.is_gone(name.replace(f"-{os.getpid()}@", f"-{os.getppid()}@"))


def test_a_process_beside_us_that_ended_is_gone(name: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert executors.is_gone(name.replace(f"-{os.getpid()}@", f"-{ended.pid}@"))


def test_another_one_that_had_our_own_number_is_gone(name: str) -> None:
    assert executors.is_gone(name)


@pytest.mark.parametrize("other", ["elsewhere-1@ffff-00", "old-name-4711-0a1b2c3d", "", "one-1@0-00"])
def test_nothing_is_known_of_a_process_at_another_place(name: str, other: str) -> None:
    assert not executors.is_gone(other)


def test_where_places_have_no_name_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_place", lambda: "0")
    assert not executors.is_gone(executors.new_name())
