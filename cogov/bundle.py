"""Deploying the bundled procedures at a start or an upgrade."""

from __future__ import annotations

from collections.abc import Callable

from cogov.bootstrap import bundled_files
from engine.actor import SYSTEM
from engine.definitions.check import report_lines
from engine.errors import DeployRefused
from governance.application import Application
from governance.designer.bundled import without_changed
from governance.desk.procedures import AS_REFERENCE


def deploy_bundled(app: Application, tell: Callable[[str], None]) -> None:
    """What people published here stays. A bundle that does not fit to it is told, and the server starts with what it has."""
    files, kept = without_changed(app, bundled_files())
    if kept:
        tell(f"  本处已修改，保留 / changed here, left as they are: {', '.join(kept)}")
    try:
        app.engine.deploy(files, actor=SYSTEM, change=AS_REFERENCE)
    except DeployRefused as refused:
        if not app.engine.queries.definitions("process"):
            raise
        tell("  自带流程与本处的修改不相容，未部署 / bundled procedures do not fit to what was changed here, not deployed:")
        for line in report_lines([f for f in refused.report if f.severity == "error"]):
            tell(f"    {line}")
