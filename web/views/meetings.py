"""Meetings: the list, one meeting for chair, secretary and members, its live answer, the wall, and the acts on the record."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from api.problems import title_of
from engine.errors import CogovError, Forbidden, NotExpected
from governance.desk import cases, meeting_acts, meeting_calendar, meetings, tasks
from governance.desk.meeting_views import MeetingPage
from web import meeting_page
from web.qr import qr_svg
from web.reader import application, writer
from web.session import actor
from web.views.answers import small_values, submission

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")


@blueprint.get("")
@login_required
def index() -> str:
    found = meeting_calendar.overview(application(), actor())
    return render_template("meetings.html", here="meetings", groups=meeting_page.groups(found))


@blueprint.get("/<meeting>")
@login_required
def page(meeting: str) -> str:
    shown = meetings.page(application(), actor(), meeting)
    return render_template("meeting.html", here="meetings", **meeting_page.context(shown))


@blueprint.get("/<meeting>/live")
@login_required
def live(meeting: str) -> Response:
    """The parts of the page afresh; 204 when nothing has changed since the revision `since`."""
    g.fragment = True
    since = request.args.get("since", "")
    shown = meetings.live(application(), actor(), meeting, since)
    if shown is None:
        answer = Response(status=204)
    else:
        wall = "wall" in request.args
        template, code = ("meeting_wall_body.html", _code_of(shown)) if wall else ("meeting_body.html", None)
        answer = Response(render_template(template, qr=code, **meeting_page.context(shown, wall=wall)))
    w = writer()
    answer.headers["X-At"] = w.clock(w.now)
    return answer


@blueprint.get("/<meeting>/wall")
@login_required
def wall(meeting: str) -> str:
    shown = meetings.page(application(), actor(), meeting)
    return render_template("meeting_wall.html", qr=_code_of(shown), **meeting_page.context(shown, wall=True))


@blueprint.get("/<meeting>/record")
@login_required
def record(meeting: str) -> str:
    shown = meetings.page(application(), actor(), meeting)
    return render_template("meeting_record.html", here="meetings", **meeting_page.context(shown))


# Tasks of the process, done in place


@blueprint.get("/<meeting>/tasks/<task>")
@login_required
def task(meeting: str, task: str) -> str:
    g.fragment = True
    shown = tasks.page(application(), actor(), task)
    return render_template(
        "meeting_task.html", page=shown, complete_url=url_for("meetings.complete", meeting=meeting, task=task), stays=True
    )


@blueprint.post("/<meeting>/tasks/<task>/complete")
@login_required
def complete(meeting: str, task: str) -> Response:
    body, data = submission()
    outcome = tasks.complete(application(), actor(), task, data, mandate=body.get("mandate"), key=request.headers.get("Idempotency-Key"))
    return jsonify({"done": writer().label(outcome.done), "redirect": url_for("meetings.page", meeting=meeting)})


@blueprint.get("/<meeting>/actions/<token>")
@login_required
def action(meeting: str, token: str) -> str:
    """A button of the case (adjourn, cancel …) with its form."""
    app, me = application(), actor()
    g.fragment = True
    instance = meetings.page(app, me, meeting).line.instance
    button, form, _head = cases.action(app, me, instance, token)
    address = url_for("meetings.act", meeting=meeting, token=token)
    return render_template("meeting_action.html", button=button, form=form, complete_url=address)


@blueprint.post("/<meeting>/actions/<token>")
@login_required
def act(meeting: str, token: str) -> Response:
    app, me = application(), actor()
    _body, data = submission()
    instance = meetings.page(app, me, meeting).line.instance
    outcome = cases.act(app, me, instance, token, data, key=request.headers.get("Idempotency-Key"))
    return _told(writer().label(outcome.done))


# Acts on the record


def _told(text: str) -> Response:
    return jsonify({"done": text})


@blueprint.post("/<meeting>/sign-in")
@login_required
def sign_in(meeting: str) -> Response:
    meetings.sign_in(application(), actor(), meeting, seat=small_values().get("seat"))
    return _told(_("已签到"))


@blueprint.post("/<meeting>/sign-out")
@login_required
def sign_out(meeting: str) -> Response:
    meetings.sign_out(application(), actor(), meeting, seat=small_values().get("seat"))
    return _told(_("已记下离会"))


@blueprint.post("/<meeting>/admit")
@login_required
def admit(meeting: str) -> Response:
    values = small_values()
    meetings.admit(application(), actor(), meeting, name=values.get("name", ""), capacity=values.get("capacity", "observer"))
    return _told(_("已准许入会并签到"))


@blueprint.post("/<meeting>/speeches")
@login_required
def speak(meeting: str) -> Response:
    """Noted under the item that is current when it arrives."""
    app, me, values = application(), actor(), small_values()
    current = meetings.page(app, me, meeting).current
    if current is None:
        raise NotExpected
    meetings.note_speech(app, me, meeting, current.seq, values.get("speaker", ""), values.get("stance", ""), values.get("text", ""))
    return _told(_("已记入第 %(n)s 项", n=current.seq))


@blueprint.post("/<meeting>/remind/<vote>")
@login_required
def remind(meeting: str, vote: str) -> Response:
    told = meeting_acts.remind(application(), actor(), meeting, vote)
    return _told(_("已提醒 %(n)s 人", n=told))


@blueprint.get("/<meeting>/materials/<file>")
@login_required
def material(meeting: str, file: str) -> Response:
    path, stored = meeting_acts.material(application(), actor(), meeting, file)
    return send_file(path, mimetype=stored.media_type, download_name=stored.name, as_attachment=True)


# At the door


@blueprint.get("/<meeting>/code")
@login_required
def code(meeting: str) -> str:
    shown = meetings.page(application(), actor(), meeting)
    if shown.check_in_code is None:
        raise Forbidden("签到码由主持人或记录人出示 / the chair or the secretary shows the code")
    return render_template("meeting_code.html", here="meetings", page=shown, address=_address(shown), qr=_code_of(shown))


@blueprint.route("/<meeting>/in", methods=["GET", "POST"])
@login_required
def door(meeting: str) -> AnyResponse | str | tuple[str, int]:
    """Where the QR code leads: the page says what signing in means, a press signs in."""
    app, me, given = application(), actor(), request.values.get("code", "")
    problem = ""
    if request.method == "POST":
        try:
            meetings.sign_in(app, me, meeting, code=given)
        except CogovError as refused:
            problem = title_of(refused)
        else:
            flash(_("已签到"))
            return redirect(url_for("meetings.page", meeting=meeting))
    shown = render_template("meeting_in.html", here="meetings", page=meetings.page(app, me, meeting), code=given, problem=problem)
    return (shown, 422) if problem else shown


def _address(shown: MeetingPage) -> str:
    return url_for("meetings.door", meeting=shown.line.id, code=shown.check_in_code, _external=True)


def _code_of(shown: MeetingPage) -> Markup | None:
    """The QR code, for those who run the meeting and while people may still come."""
    if shown.check_in_code is None or shown.line.state not in ("announced", "open", "adjourned"):
        return None
    return qr_svg(_address(shown), _("签到码"))
