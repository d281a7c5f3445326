"""The files of deploy/ fit to the command line and the settings, keep no secret, and refuse to start without one."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from cogov.cli import main
from cogov.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy/compose.yaml"
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
GIVEN = {"COGOV_IMAGE": "cogov:1", "COGOV_DATABASE_PASSWORD": "p4ssw0rd", "COGOV_SECRET_KEY": "k" * 40}
_ASKED = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
#: what the settings read
KNOWN = set(re.findall(r'"(COGOV_\w+|PORT)"', (ROOT / "cogov/settings.py").read_text("utf8")))
HARDENING = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "LockPersonality": "yes", "SystemCallArchitectures": "native",
}  # fmt: skip


class NotGivenError(Exception):
    """A variable that has no default is missing."""


def _filled(text: str, given: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if given.get(found["name"]):
            return given[found["name"]]
        if found["kind"] == "?":
            raise NotGivenError(found["name"])
        assert found["kind"] == "-", f"{found[0]} is silently empty when it is not given"
        return found["rest"]

    return _ASKED.sub(value, text)


def _compose(given: Mapping[str, str] = GIVEN) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_filled(COMPOSE.read_text("utf8"), given))
    return loaded


def _accepts(words: list[str]) -> click.Command:
    """The command that these words of a command line call. Fails for one that does not exist or takes other options."""
    assert Path(words[0]).name == "cogov"
    command, rest = main.commands[words[1]], words[2:]
    command.make_context(words[1], list(rest))
    return command


class _Unit(configparser.ConfigParser):
    """A unit file: keys keep their case, and one may stand several times."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",), empty_lines_in_values=False)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(path, "utf8")
        self.environment = dict(line.removeprefix("Environment=").split("=", 1)
                                for line in path.read_text("utf8").splitlines() if line.startswith("Environment="))  # fmt: skip


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_compose_starts_nothing_without_its_secrets(missing: str) -> None:
    with pytest.raises(NotGivenError, match=missing):
        _compose({k: v for k, v in GIVEN.items() if k != missing})


def test_compose_names_services_in_the_order_they_must_come() -> None:
    services = _compose()["services"]
    assert set(services) == {"database", "migrate", "worker", "web"}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["worker"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["web"]["depends_on"] == {"worker": {"condition": "service_healthy"}}
    assert all("healthcheck" in services[name] for name in ("database", "worker", "web"))
    for name in ("worker", "web"):
        drain = int(services[name]["environment"]["COGOV_DRAIN"])
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > drain


def test_compose_calls_commands_that_exist_with_settings_that_are_read() -> None:
    services = _compose()["services"]
    for name in ("migrate", "worker", "web"):
        _accepts(services[name]["command"])
        given = {key: str(value) for key, value in services[name]["environment"].items()}
        assert set(given) <= KNOWN
        settings = Settings.load(given)
        assert settings.database_url == "postgresql://cogov:p4ssw0rd@database/cogov"
    _accepts(services["worker"]["healthcheck"]["test"][1:])
    assert services["web"]["environment"]["PORT"] == "8000"


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_a_unit_calls_a_command_that_exists_with_settings_that_are_read(path: Path) -> None:
    unit = _Unit(path)
    _accepts(shlex.split(unit["Service"]["ExecStart"]))
    assert set(unit.environment) <= KNOWN
    assert not {"COGOV_SECRET_KEY", "COGOV_DATABASE_URL"} & set(unit.environment)
    assert unit["Service"]["EnvironmentFile"] == "/etc/cogov/environment"  # without "-": it must be there
    assert {key: unit["Service"].get(key) for key in HARDENING} == HARDENING
    Settings.load({key: value.replace("%i", "8001") for key, value in unit.environment.items()})


def test_units_come_after_the_upgrade_and_have_time_to_drain() -> None:
    assert [path.name for path in UNITS] == ["cogov-migrate.service", "cogov-web@.service", "cogov-worker@.service"]
    for path in UNITS[1:]:
        unit = _Unit(path)
        assert (unit["Unit"]["Requires"], unit["Unit"]["After"]) == ("cogov-migrate.service", "cogov-migrate.service")
        assert int(unit["Service"]["TimeoutStopSec"]) > int(unit.environment["COGOV_DRAIN"])
        assert unit["Install"]["WantedBy"] == "multi-user.target"
    assert _Unit(UNITS[0])["Service"]["Type"] == "oneshot"


def test_the_example_of_an_environment_holds_no_secret_and_is_refused_as_it_is() -> None:
    lines = (ROOT / "deploy/systemd/environment.example").read_text("utf8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= KNOWN
    with pytest.raises(ValueError, match="COGOV_DATABASE_URL"):
        Settings.load(given)
    with pytest.raises(ValueError, match="32"):
        Settings.load({**given, "COGOV_DATABASE_URL": "postgresql://db/cogov", "COGOV_SECRET_KEY": "short"})


@pytest.mark.parametrize("name", ["COGOV_DRAIN", "COGOV_CONCURRENCY", "COGOV_PROCESSES", "COGOV_THREADS"])
def test_a_number_that_is_none_is_told_with_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.load({name: "many"})
    with pytest.raises(ValueError, match=name):
        Settings.load({name: "0"})


def test_the_manual_names_every_setting_and_every_metric() -> None:
    manual = (ROOT / "docs/howto/operate.md").read_text("utf8")
    assert [name for name in sorted(KNOWN) if f"`{name}`" not in manual] == []
    metrics = re.findall(r'"(cogov_\w+)"', (ROOT / "api/figures.py").read_text("utf8"))
    assert len(metrics) == 9
    assert [name for name in metrics if f"`{name}`" not in manual] == []
