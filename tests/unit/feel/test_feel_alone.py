"""`engine.feel` is a library of its own: it imports nothing else of the engine, and its tutorial does what it says."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FEEL = ROOT / "engine" / "feel"
TUTORIAL = ROOT / "docs" / "tutorial" / "feel.md"
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_it_imports_the_standard_library_re2_and_itself():
    for path in FEEL.rglob("*.py"):
        for name in imported(path):
            top = name.partition(".")[0]
            assert name.startswith("engine.feel") or top == "re2" or top in sys.stdlib_module_names, (path.name, name)


def test_importing_it_loads_nothing_else_of_cogov():
    code = "import sys, engine.feel; print(*(n for n in sys.modules if n.split('.')[0] in sys.argv[1:]))"
    loaded = subprocess.run(
        [sys.executable, "-c", code, "engine", "governance", "api", "web", "cogov"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {name for name in loaded if not name.startswith("engine.feel")} == {"engine"}


def test_the_tutorial_does_what_it_says():
    blocks = _BLOCK.findall(TUTORIAL.read_text("utf-8"))
    assert len(blocks) > 8
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "tutorial", str(TUTORIAL), 0)
    said: list[str] = []
    failed = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(examples, out=said.append)
    assert failed.attempted > 30
    assert not failed.failed, "".join(said)
