"""A trial written down as a case: where it stands becomes what it must bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

from governance.designer.stage import INSTALLATION

_KEYS = ("name", "clock", "roster", "area", "settings", "services", "start", "steps", "ends")


def of(instance: Mapping[str, Any] | None) -> dict[str, Any]:
    """The `ends` of a case whose first instance stands like this (`instances` of a trial)."""
    if instance is None:
        return {"running": True}
    if instance["state"] == "running":
        return {"running": True, "waits_at": sorted({task["node"] for task in instance["tasks"]})}
    return {"at": list(instance["ends"]), **({} if instance["state"] == "completed" else {"outcome": instance["state"]})}


def appended(text: str, process: str, case: Mapping[str, Any], at: datetime) -> str:
    """The cases.yaml with this case at its end. What is written there already, comments too, stays as it is."""
    clock = str(case.get("clock") or at.isoformat(timespec="minutes"))
    entry = {"roster": INSTALLATION, **case, "clock": clock}
    ordered = {key: entry[key] for key in _KEYS if entry.get(key) is not None}
    if not text.strip():
        head = {"process": process, "clock": clock, "roster": entry["roster"]}
        return _yaml(head) + "cases:\n" + _item(ordered, "  ")
    joined = text.rstrip("\n") + "\n" + _item(ordered, _indent(text))
    if _cases(joined) == [*_cases(text), ordered]:
        return joined
    # something follows the cases: only writing the file anew puts the case where it belongs
    data = yaml.safe_load(text)
    return _yaml({**data, "cases": [*(data.get("cases") or []), ordered]})


def _cases(text: str) -> list[Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        return []
    return list(data.get("cases") or []) if isinstance(data, dict) else []


def _indent(text: str) -> str:
    """Of the first case of the file."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if line.startswith("cases:")), len(lines))
    first = next((line for line in lines[begin + 1 :] if line.lstrip().startswith("- ")), "  -")
    return first[: len(first) - len(first.lstrip())]


def _item(case: Mapping[str, Any], indent: str) -> str:
    return "".join(f"{indent}{'- ' if n == 0 else '  '}{line}\n" for n, line in enumerate(_yaml(case).splitlines()))


def _yaml(data: Any) -> str:
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120))
