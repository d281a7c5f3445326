"""Runs in .venv-bench, where the product is not installed: what two other FEEL libraries take for the same expressions.

Reads workloads as JSON from standard input, writes JSON: library → workload → [CPU ms of one round or null, why it has none].
Neither library compiles an expression once: every round parses again.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

#: seconds of CPU that one workload may take, and rounds at most
ENOUGH, ROUNDS = 1.0, 300


def pysfeel(variables: dict[str, Any]) -> Callable[[str], Any]:
    import pySFeel

    parser = pySFeel.SFeelParser()
    for name, value in variables.items():
        parser.sFeelParse(f"{name} <- {json.dumps(value)}")

    def evaluate(text: str) -> Any:
        status, value = parser.sFeelParse(text)
        if status:
            raise ValueError(str(status)[:80])
        return value

    return evaluate


def bkflow(variables: dict[str, Any]) -> Callable[[str], Any]:
    from bkflow_feel.api import parse_expression

    return lambda text: parse_expression(text, variables)


LIBRARIES = {"pySFeel 1.4.2": pysfeel, "bkflow-feel 1.2.0": bkflow}


def measure(library: Callable[[dict[str, Any]], Callable[[str], Any]], workload: dict[str, Any]) -> tuple[float | None, str]:
    """CPU ms of one round over all expressions of a workload, once its answers are right."""
    try:
        evaluate = library(workload["variables"])
        answers = [evaluate(text) for text in workload["expressions"]]
    except Exception as error:  # noqa: BLE001  whatever a foreign library raises is its answer
        return None, f"fails: {type(error).__name__}"
    if answers != workload["expected"]:
        return None, "gives another answer"
    begin, rounds = time.process_time(), 0
    while rounds < ROUNDS and time.process_time() - begin < ENOUGH:
        for text in workload["expressions"]:
            evaluate(text)
        rounds += 1
    return 1000 * (time.process_time() - begin) / rounds, ""


def main() -> None:
    logging.disable(logging.CRITICAL)
    workloads = json.load(sys.stdin)
    json.dump({name: {key: measure(library, w) for key, w in workloads.items()} for name, library in LIBRARIES.items()}, sys.stdout)


if __name__ == "__main__":
    main()
