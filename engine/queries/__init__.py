"""The read side: what inbox, task page, case page, boards and operators ask. Each call opens one read connection.

Permission to see is the caller's question; where a person is given, lists hold only what concerns that person.
"""

from __future__ import annotations

from engine.queries.case_lines import ActionLine, IncidentLine, InstanceDetails, InstanceLine, LiveToken, TimerLine
from engine.queries.cases import CaseQueries
from engine.queries.definitions import DefinitionLine, DefinitionQueries
from engine.queries.disclosure import DisclosureQueries
from engine.queries.histories import HistoryLine, HistoryQueries
from engine.queries.inbox import InboxQueries
from engine.queries.operating import OperatingQueries
from engine.queries.paging import BadCursor, Page
from engine.queries.startable import Startable, StartQueries
from engine.queries.submissions import SubmissionQueries, Submitted
from engine.queries.task_lines import DoneLine, TaskDetails, TaskLine
from engine.queries.task_page import TaskQueries

__all__ = [
    "ActionLine", "BadCursor", "DefinitionLine", "DoneLine", "HistoryLine", "IncidentLine", "InstanceDetails", "InstanceLine", "LiveToken",
    "Page", "Queries", "Startable", "Submitted", "TaskDetails", "TaskLine", "TimerLine",
]  # fmt: skip


class Queries(
    InboxQueries, TaskQueries, SubmissionQueries, CaseQueries, OperatingQueries, HistoryQueries, DefinitionQueries, StartQueries,
    DisclosureQueries,
):  # fmt: skip
    """All questions, each in the module of its subject."""
