"""A page with one form of every kind of field, served with a strict policy; the form is rendered and checked by the real compiler."""

from __future__ import annotations

import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from engine.errors import FormInvalid
from engine.forms import CompiledForm, FormContext, compile_form
from engine.ports import StoredFile

STATIC = Path(__file__).parents[2] / "web/static"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

CODES = {
    "opinion": [{"code": "pass", "zh": "通过", "en": "Pass"}, {"code": "revise", "zh": "修改", "en": "Revise"}],
    "party": [{"code": "community", "zh": "社区", "en": "Community"}, {"code": "unit", "zh": "单位", "en": "Unit"}],
}


def part(type_: str, key: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    """A component; `required` goes into validate, `hide` into conditional, what form-js does not know into properties."""
    node: dict[str, Any] = {"type": type_, "id": f"f_{key}", "label": zh, "i18n": {"en": {"label": en}}}
    node["path" if type_ == "dynamiclist" else "key"] = key.split("__")[-1]
    if more.pop("required", False):
        node["validate"] = {"required": True}
    if hide := more.pop("hide", None):
        node["conditional"] = {"hide": hide}
    known = {"components", "readonly", "allowAddRemove", "valuesExpression", "subtype", "decimalDigits", "layout"}
    node.update({name: value for name, value in more.items() if name in known})
    node["properties"] = {name: value for name, value in more.items() if name not in known}
    return node


FORM = {
    "type": "default",
    "id": "demo/all",
    "title": "议定条款",
    "i18n": {"en": {"title": "Settle terms"}},
    "components": [
        part("textfield", "unit", "共建单位", "Partner unit", kind="unit", required=True),
        part("datetime", "start", "起始日期", "From", required=True, layout={"row": "d", "columns": 8}),
        part("datetime", "end", "终止日期", "To", required=True, rules="V-ORD(start)", layout={"row": "d", "columns": 8}),
        part("number", "money", "涉及资金", "Money", kind="money"),
        part("textarea", "money_note", "资金说明", "About the money", hide="=money = null or money <= 0", required=True),
        part("filepicker", "evidence", "佐证材料", "Evidence", kind="file"),
        part(
            "dynamiclist", "clauses", "条款", "Clauses", minRows="1",
            components=[
                part("radio", "clauses__party", "承诺方", "Party", valuesExpression="=codes.party", required=True),
                part("textfield", "clauses__title", "事项", "Title", required=True, rules="V-LEN(4,120)"),
                part("checkbox", "clauses__paid", "有经费", "Paid"),
                part("number", "clauses__budget", "经费", "Budget", kind="money", hide="=this.paid != true", required=True),
            ],
        ),
        part(
            "dynamiclist", "scores", "评分", "Scores", kind="score_table", allowAddRemove=False,
            rowsExpression='=[{indicator: "A", weight: 60}, {indicator: "B", weight: 40}]',
            components=[
                part("textfield", "scores__indicator", "指标", "Indicator", readonly=True),
                part("number", "scores__weight", "权重", "Weight", readonly=True),
                part("number", "scores__score", "得分", "Score", kind="score", required=True),
                part("textarea", "scores__remark", "理由", "Remark"),
            ],
        ),
        part("textfield", "signed", "签署确认", "Signature", kind="signature", required=True),
        part("radio", "opinion", "审查意见", "Opinion", valuesExpression="=codes.opinion", outcome="true", required=True),
        part("textarea", "note", "退回说明", "Note", hide='=opinion = "pass"', required=True),
    ],
}  # fmt: skip


class People:
    units: ClassVar = {
        "haina": {"id": "haina", "zh": "海纳公司", "en": "Haina Ltd"},
        "heguang": {"id": "heguang", "zh": "禾光精密", "en": "Heguang"},
    }

    def exists(self, connection: Any, kind: str, ref: str, at: datetime) -> bool:
        return ref in self.units

    def describe(self, connection: Any, kind: str, ref: str, at: datetime) -> Mapping[str, Any] | None:
        return self.units.get(ref)

    def unit_of(self, connection: Any, person: str, at: datetime) -> Iterable[str]:
        return ()

    def is_member(self, connection: Any, person: str, of: str, at: datetime) -> bool:
        return False


class Files:
    def get(self, connection: Any, file_id: str) -> StoredFile | None:
        return StoredFile(id=file_id, name="现场.jpg", size=2048, media_type="image/jpeg", digest="sha256:0", uploaded_by="wang")

    def attach(self, connection: Any, file_ids: Iterable[str], instance: str) -> None: ...


@dataclass
class Site:
    """What the page sent, and how the server is to answer."""

    form: CompiledForm = field(default_factory=lambda: compile_form(FORM, codes=CODES))
    posts: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    accepted: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def context(self, language: str) -> FormContext:
        now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        return FormContext(
            now=now, zone=ZoneInfo("Asia/Shanghai"), language=language, person="wang", people=People(), files=Files(),
            data={"text_hash": "sha256:9f2c"},
        )  # fmt: skip

    def page(self, language: str) -> str:
        payload = self.form.render(language, context=self.context(language)).payload()
        tag = "en" if language == "en" else "zh-CN"
        return (
            f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><title>form</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf-token" content="token">'
            f"{_assets()}</head>"
            f'<body><header class="bar"></header><main class="page"><h1>{payload["schema"]["title"]}</h1>'
            '<section class="panel"><div class="in">'
            f'<script type="application/json" id="form-json">{json.dumps(payload)}</script>'
            f'<cogov-form data-form-id="#form-json" data-action="/submit?lang={language}" data-draft-url="/draft">'
            '<div slot="before-actions"><input type="hidden" name="mandate" value="role:x"></div></cogov-form>'
            "</div></section></main></body></html>"
        )

    def submit(self, body: dict[str, Any], language: str) -> tuple[int, dict[str, Any]]:
        try:
            self.accepted.append(self.form.load(body["data"], context=self.context(language)))
        except FormInvalid as error:
            return 422, {"code": error.code, "status": 422, "title": "表单有误", **error.details}
        return 200, {"redirect": "/done"}


def _assets() -> str:
    manifest = json.loads((STATIC / "dist/.vite/manifest.json").read_text("utf8"))
    entries = [chunk for chunk in manifest.values() if chunk.get("isEntry") and chunk["name"] in ("app", "form")]
    styles = [f'<link rel="stylesheet" href="/static/dist/{name}">' for chunk in entries for name in chunk.get("css", [])]
    return "".join(styles) + "".join(f'<script type="module" src="/static/dist/{chunk["file"]}"></script>' for chunk in entries)


def serve(site: Site) -> http.server.ThreadingHTTPServer:
    """Serve the site on a free port of the loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 (the library's name)

        def answer(self, body: str | bytes, kind: str = "application/json", status: int = 200) -> None:
            content = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(content))), ("Content-Security-Policy", POLICY)):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def body(self) -> bytes:
            return self.rfile.read(int(self.headers["Content-Length"]))

        def do_GET(self) -> None:
            url = urllib.parse.urlparse(self.path)
            query = urllib.parse.parse_qs(url.query)
            if url.path.startswith("/static/"):
                path = STATIC / url.path.removeprefix("/static/")
                self.answer(path.read_bytes(), _TYPES.get(path.suffix, "application/octet-stream"))
            elif url.path.startswith("/api/v1/lookup/"):
                letters = query.get("q", [""])[0]
                self.answer(json.dumps([{"value": i, "label": u["zh"], "hint": ""} for i, u in People.units.items() if letters in u["zh"]]))
            elif url.path == "/favicon.ico":
                self.answer(b"", "image/x-icon")
            else:
                self.answer(site.page(query.get("lang", ["zh"])[0]), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            content = self.body()
            if self.path == "/api/v1/files":
                self.answer(json.dumps({"id": "file-1", "name": "现场.jpg", "size": 2048, "media_type": "image/jpeg"}), status=201)
                return
            sent = json.loads(content)
            site.posts.append((dict(self.headers), sent))
            status, answer = site.submit(sent, "en" if "lang=en" in self.path else "zh")
            self.answer(json.dumps(answer), "application/json" if status == 200 else "application/problem+json", status)

        def do_PUT(self) -> None:
            site.drafts.append(json.loads(self.body()))
            self.answer(json.dumps({"saved": "2026-03-02T01:00:00+00:00"}))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
