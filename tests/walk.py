"""The agreement carried over HTTP by the people of the town: used by acceptance tests, browser tests and the pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.town import AREA, Browser, Town

PROCESS = "agreement_five_steps"
CLAUSES = [
    {"no": "1", "party": "unit", "title": "周末开放停车场二十个车位", "owner_person": "unit_liaison_lin", "owner_unit": "ent_haina",
     "due_at": {"today": 60}, "deliverable": "每周末开放记录",
     "acceptance": "车位空置且有引导", "quantity": "20", "quantity_unit": "个", "weight": "50"},
    {"no": "2", "party": "community", "title": "提供周末活动场地四场", "owner_person": "liaison_wang", "owner_unit": "community_org",
     "due_at": {"today": 60}, "deliverable": "活动照片与签到表",
     "acceptance": "四场均有签到", "quantity": "4", "quantity_unit": "场", "weight": "50"},
]  # fmt: skip
INTENTION = {
    "unit": "ent_haina", "category": "culture", "needs": [{"need": "周末停车难"}], "resources": [], "term_from": {"today": 15},
    "term_to": {"today": 200}, "reason": "开放停车场，共享活动场地，方便居民周末出行",
}  # fmt: skip
TERMS = {
    "clauses": CLAUSES, "resources": [], "money_total": "5000.00", "contact_a": "liaison_wang", "contact_b": "unit_liaison_lin",
    "exit_clause": "任何一方可提前三十日书面提出退出，未完承诺协商处理。", "agreed": "agreed",
}  # fmt: skip
PAPER = {"answer": "sign", "method": "on_site", "doc_hash": {"variable": "text_hash"}}
NOTICE = {
    "title": "共驻共建协议公示", "body": "海纳文化与云桥社区结对，开放停车场二十个车位，社区提供周末活动场地。",
    "places": ["bulletin", "mini_program"], "days": "7", "objection_channel": "社区服务中心窗口",
}  # fmt: skip


@dataclass(slots=True)
class Agreement:
    """One agreement on its way. Every step opens its page first, as a person does."""

    town: Town
    instance: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    #: paths of all pages that were opened on the way
    seen: list[str] = field(default_factory=list)
    intention: Mapping[str, Any] = field(default_factory=lambda: INTENTION)

    def browser(self, person: str) -> Browser:
        if person not in self.browsers:
            self.browsers[person] = self.town.browser(person)
        return self.browsers[person]

    def open(self, person: str, path: str) -> str:
        self.seen.append(path)
        return self.browser(person).page(path)

    def start(self, person: str = "liaison_wang") -> str:
        self.open(person, f"/start/{PROCESS}")
        answer = self.browser(person).send(f"/start/{PROCESS}", {"data": {}, "area": AREA})
        assert answer.status_code == 200, answer.text
        self.instance = answer.get_json()["instance"]
        return self.instance

    def do(self, node: str, person: str, values: Mapping[str, Any], *, anywhere: bool = False) -> None:
        """Open the task page and complete it."""
        task = self.town.task(node, person, None if anywhere else self.instance)
        self.open(person, f"/tasks/{task.id}")
        variables = self.town.app.engine.queries.task(task.id).variables
        data = self.town.given(values, person, variables)
        answer = self.browser(person).send(f"/tasks/{task.id}/complete", {"data": data})
        assert answer.status_code == 200, f"{node}: {answer.status_code} {answer.text}"
        self.open(person, answer.get_json()["redirect"])

    def act(self, node: str, person: str, values: Mapping[str, Any]) -> None:
        """Press a button of the case page."""
        self.open(person, f"/cases/{self.instance}")
        token = next(a.token for a in self.town.app.engine.queries.instance(self.instance).actions if a.node == node)
        path = f"/cases/{self.instance}/actions/{token}"
        self.open(person, path)
        answer = self.browser(person).send(path, {"data": self.town.given(values, person)})
        assert answer.status_code == 200, f"{node}: {answer.status_code} {answer.text}"

    # the way, up to named points

    def to_answer(self) -> Agreement:
        self.start()
        self.do("draft_intention", "liaison_wang", self.intention)
        return self

    def to_terms(self) -> Agreement:
        self.to_answer()
        self.act("accepted", "unit_li", {})
        self.do("counter_proposal", "unit_liaison_lin", {"clause_replies": [{"clause": "周末停车难", "accept": "accept"}]})
        return self

    def to_review(self) -> Agreement:
        self.to_terms()
        self.do("settle_terms", "liaison_wang", TERMS)
        return self

    def to_signing(self) -> Agreement:
        self.to_review()
        checks = self.town.app.engine.queries.codes()["review_check"]
        rows = [{"check": c["code"], "ok": True} for c in checks]
        self.do("review", "legal_zhao", {"checks": rows, "opinion": "pass"})
        return self

    def to_notice(self) -> Agreement:
        self.to_signing()
        self.do("sign_text", "unit_li", {**PAPER, "capacity": "legal_representative"})
        self.do("sign_text", "secretary_chen", {**PAPER, "capacity": "party_secretary"})
        return self

    def to_show(self) -> Agreement:
        self.to_notice()
        self.do("draft", "liaison_wang", NOTICE)
        self.do("approve", "legal_zhao", {"decision": "approve"})
        self.do("upload_photo", "worker_sun", {"photo_proof": [{"upload": "board"}]})
        return self

    def to_performance(self) -> Agreement:
        self.to_show()
        self.town.wait(timedelta(days=8))
        self.do("close", "worker_sun", {"note": "期满无异议"})
        return self

    def to_evaluation(self) -> Agreement:
        self.to_performance()
        for owner, confirmer, done in (("unit_liaison_lin", "liaison_wang", "20"), ("liaison_wang", "unit_liaison_lin", "4")):
            report = {"done_at": {"today": 0}, "quantity_done": done, "beneficiaries": "120", "evidence": [{"upload": owner}]}
            self.do("report", owner, report, anywhere=True)
            self.do("confirm", confirmer, {"confirm": "done", "rating": "5"}, anywhere=True)
        return self

    def to_rating(self) -> Agreement:
        """The evaluators and the two sides have scored each other; the band is on show."""
        self.to_evaluation()
        panel = ["resident_feng", "resident_deng", "worker_cao", "beneficiary_peng", "beneficiary_zeng", "delegate_xiao", "delegate_tian"]
        self.do("form_panel", "liaison_wang", {"evaluators": panel, "unit_scorers": ["unit_li", "unit_liaison_lin"]})
        for person in ("unit_liaison_lin", "liaison_wang"):
            self.do("self_evaluation", person, {"rows": [{"score": "92"}] * 4, "summary": "各项承诺均按期完成，居民反映良好。"})
        for person in [*panel, "unit_li", "unit_liaison_lin"]:
            task = self.town.task("score_sheet", person, self.instance)
            rows = self.town.app.engine.queries.task(task.id).variables["rows"]
            self.do("score_sheet", person, {"relation": "none", "rows": [{"score": "91"} for _ in rows]})
        return self

    def to_end(self) -> Agreement:
        self.to_rating()
        self.do(
            "draft",
            "liaison_wang",
            {**NOTICE, "title": "共建协议评约等级公示", "body": "海纳文化履约综合得分九十一分，现予公示。"},
        )
        self.do("approve", "secretary_chen", {"decision": "approve"})
        self.do("upload_photo", "worker_sun", {"photo_proof": [{"upload": "band"}]})
        self.town.wait(timedelta(days=10))
        self.do("close", "worker_sun", {"note": "期满无异议"})
        self.do("decide_next", "secretary_chen", {"next": "end"})
        self.town.wait(timedelta(days=200))
        return self
