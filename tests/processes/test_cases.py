"""Every example run of the bundled procedures goes as its file says, and together they reach the sequence flows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogov.cases import Case, CasesFile
from engine.store.database import Database
from tests.processes.conftest import FILES, PACKAGE, Coverage, run_case

RUNS = [(file, case) for file in FILES for case in file.cases]
IDS = [f"{file.process}: {case.name}" for file, case in RUNS]
#: of the sequence flows of a procedure; the others are named with the reason
REACHED = 0.95


@pytest.mark.parametrize(("file", "case"), RUNS, ids=IDS)
def test_case_goes_as_written(file: CasesFile, case: Case, tmp_path: Path, coverage: Coverage) -> None:
    coverage.add(file, case, run_case(case, Database("sqlite://"), tmp_path))


@pytest.mark.long
@pytest.mark.parametrize(("file", "case"), RUNS, ids=IDS)
def test_case_goes_as_written_on_a_file(file: CasesFile, case: Case, tmp_path: Path) -> None:
    run = run_case(case, Database(f"sqlite:///{tmp_path / 'case.sqlite'}"), tmp_path / "files")
    assert run.instances


@pytest.mark.parametrize("process", sorted(PACKAGE.processes))
def test_cases_reach_the_flows_of(process: str, coverage: Coverage) -> None:
    flows = set(PACKAGE.processes[process].flows)
    left_out = {flow for file in FILES if file.process == process for flow in file.not_covered}
    assert left_out <= flows, f"named as left out, but no flow: {sorted(left_out - flows)}"

    def enough(taken: set[str]) -> bool:
        share = len((taken | left_out) & flows) / len(flows) if flows else 1
        return flows <= taken | left_out or (share >= REACHED and not left_out)

    coverage.complete(process, enough)
    reached = coverage.flows.get(process, set()) & flows
    missing = flows - reached - left_out
    assert enough(reached), f"{len(reached | left_out) / len(flows):.0%} reached; missing: {sorted(missing)}"
