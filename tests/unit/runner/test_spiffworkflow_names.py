"""The kernel's seam: what engine.runner touches of SpiffWorkflow is found, not remembered, and compared with the list in `seam`."""

from __future__ import annotations

import ast
from importlib.metadata import version

import pytest
import seam_finder
from every_element import RUNS
from seam import IMPORTS, NOT_PUBLIC, PUBLIC, SEAM

from engine.runner.elements.base import Element


@pytest.fixture(scope="module")
def traced() -> seam_finder.Trace:
    found = seam_finder.Trace()
    with pytest.MonkeyPatch.context() as patch:
        found.switch_on(patch)
        for run in RUNS:
            run()
    return found


@pytest.fixture(scope="module")
def touched(traced: seam_finder.Trace) -> set[str]:
    return traced.names | seam_finder.in_source()


def test_the_library_is_the_version_the_list_was_read_in():
    assert version("SpiffWorkflow").startswith("3.2."), "read the release notes, run this file, then change the version here"


def test_the_runs_trace_every_kind_of_element(traced):
    silent = {cls.__name__ for cls in _leaves(Element)} - {cls.__name__ for cls in traced.ran}
    assert not silent, f"no run of every_element.py reaches {sorted(silent)}: add one, else the trace cannot see what they touch"


def test_imports_are_the_listed_ones():
    assert set(seam_finder.imported()) == set(IMPORTS), "a new import of the library belongs into IMPORTS of seam.py with its reason"


def test_every_touched_name_is_on_the_list(touched):
    missing = sorted(touched - set(SEAM))
    assert not missing, "engine.runner touches names of SpiffWorkflow that seam.py does not list:\n" + "\n".join(
        f"  {name}  {seam_finder.signature(name)}  → {'PUBLIC' if seam_finder.is_public(name) else 'NOT_PUBLIC'}, with its reason"
        for name in missing
    )


def test_nothing_on_the_list_is_untouched(touched):
    left = sorted(set(SEAM) - touched)
    assert not left, f"engine.runner no longer touches {left}: take them out of seam.py"


@pytest.mark.parametrize("name", sorted(SEAM))
def test_the_library_still_has_it_in_the_same_shape(name):
    try:
        now = seam_finder.signature(name)
    except LookupError:
        pytest.fail(f"SpiffWorkflow {version('SpiffWorkflow')} has no {name} any more; we need it: {SEAM[name].reason}")
    assert now == SEAM[name].shape, f"SpiffWorkflow {version('SpiffWorkflow')} changed {name}; we need it: {SEAM[name].reason}"


def test_what_is_public_is_told_apart_by_the_librarys_own_documentation():
    assert {name: seam_finder.is_public(name) for name in SEAM} == dict.fromkeys(NOT_PUBLIC, False) | dict.fromkeys(PUBLIC, True)


def test_nothing_of_the_library_is_replaced_at_run_time():
    owners = {cls.__name__ for cls in seam_finder.library_classes()} | {seam_finder.LIBRARY}
    for module in seam_finder.modules():
        for item in ast.walk(seam_finder.parsed(module)):
            if isinstance(item, ast.Assign):
                written = {
                    target.value.id for target in item.targets if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)
                }
                assert not written & owners, f"{module.__name__}:{item.lineno} changes the library"


def _leaves(cls: type) -> set[type]:
    below = cls.__subclasses__()
    return {leaf for one in below for leaf in _leaves(one)} if below else {cls}
