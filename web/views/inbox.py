"""The inbox: what I must do, may take, have done, have started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import login_required

from governance.desk import inbox
from governance.desk.views import TaskLine
from web.reader import application, writer
from web.session import actor
from web.surroundings import surroundings

blueprint = Blueprint("inbox", __name__)
VIEWS = ("mine", "candidate", "done", "started")


@blueprint.get("/inbox")
@login_required
def page() -> str:
    app, me = application(), actor()
    view = request.args.get("view", "mine")
    view = view if view in VIEWS else "mine"
    lines, cursor = inbox.lines(app, me, view, cursor=request.args.get("cursor"))
    around = surroundings()
    counts = {"mine": around.tasks, "candidate": inbox.candidates(app, me)}
    groups = _by_due(lines) if view in ("mine", "candidate") else ([("", list(lines))] if lines else [])
    return render_template(
        "inbox.html",
        here="started" if view == "started" else "inbox",
        view=view,
        groups=groups,
        counts=counts,
        next_cursor=cursor,
        summary=_summary(lines, around.work) if view == "mine" and around.work else "",
        waiting=around.calls if view == "mine" else (),
        tabs=[("mine", _("待我办")), ("candidate", _("可认领")), ("done", _("已办")), ("started", _("我发起的"))],
        nothing={
            "mine": (_("没有待办"), _("轮到您办的事项会出现在这里，同时通知您。")),
            "candidate": (_("没有可认领的任务"), _("同岗位的人都能办的任务会出现在这里。")),
            "done": (_("还没有办过"), _("办结的任务会留在这里，随时可查。")),
            "started": (_("还没有发起过"), _("您发起的事项会出现在这里。")),
        },
    )


def _by_due(lines: Sequence[TaskLine]) -> list[tuple[str, list[TaskLine]]]:
    """Oldest pain first: late, today, this week, later and paused."""
    w = writer()
    today = w.now.astimezone(w.zone).date()
    week_end = today + timedelta(days=6 - today.weekday())
    groups: dict[str, list[TaskLine]] = {_("已逾期"): [], _("今天到期"): [], _("本周到期"): [], _("以后与已暂停"): []}
    late, now, week, later = groups.values()
    for line in lines:
        if line.due is None or line.due.state == "paused":
            later.append(line)
            continue
        day = line.due.at.astimezone(w.zone).date()
        (late if line.due.at < w.now else now if day == today else week if day <= week_end else later).append(line)
    return [(title, found) for title, found in groups.items() if found]


def _summary(lines: Sequence[TaskLine], work: int) -> str:
    w = writer()
    late = sum(1 for t in lines if t.due and t.due.state == "running" and t.due.at < w.now)
    return str(_("%(n)s 件待办，%(late)s 件已逾期", n=work, late=late))
