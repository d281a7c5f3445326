"""Corrections of what was handed in – with a task, at the start of a case, with a button: asked for, shown side by side, approved or
refused (domain 2.4)."""

from governance.desk.corrections.asking import ask, ask_page
from governance.desk.corrections.deciding import approve, refuse
from governance.desk.corrections.showing import asked, lines_waiting, page, waiting

__all__ = ["approve", "ask", "ask_page", "asked", "lines_waiting", "page", "refuse", "waiting"]
