"""Every table of governance. Importing this module declares them all, so that a database made from the shared MetaData has each
of them whatever else was imported before."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

import governance


def declare() -> None:
    """Import ``tables`` of each package of governance. Repeatable."""
    for package in pkgutil.iter_modules(governance.__path__):
        name = f"governance.{package.name}.tables"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


declare()
