"""Runs the DMN Technology Compatibility Kit: `python -m tests.tck [-v] [part of a folder name …]`.

The kit is looked for in COGOV_TCK, else in ../shared/tck; it is not in this repository. Prints the pass rate of each level, of all
cases and of those that expect a value, and failures by cause (with -v each case). Ends with 1 when a rate is below the one reached.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from tests.tck.causes import cause_of
from tests.tck.rates import below, rates
from tests.tck.suite import LEVELS, Result, run_suite, suite_folder


def main(arguments: list[str]) -> int:
    root = suite_folder()
    if root is None:
        print("The DMN TCK is not here, nothing was run: set COGOV_TCK to its folder (the one with TestCases)")
        return 0
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    results = run_suite(root, wanted)
    for line in report(results, verbose="-v" in arguments):
        print(line)
    failures = [] if wanted else below(results)
    for line in failures:
        print(f"FAILED: {line}")
    return 1 if failures else 0


def report(results: Sequence[Result], *, verbose: bool) -> list[str]:
    """Rates by level, then failures by cause and folder."""
    lines: list[str] = []
    for level in LEVELS:
        every, with_value = rates(results, level)
        lines.append(f"level {level}: {every}; of those that expect a value {with_value}")
    failed = [result for result in results if not result.passed]
    for cause, count in Counter(map(cause_of, failed)).most_common():
        lines.append(f"{count:5} {cause}")
        here = [result for result in failed if cause_of(result) == cause]
        folders = Counter(result.folder for result in here)
        lines += [f"        {folder}: {number}" for folder, number in sorted(folders.items())]
        if verbose:
            lines += [f"          {r.key} {r.node}: expected {r.expected!r}, got {r.actual!r}"[:300] for r in here]
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
