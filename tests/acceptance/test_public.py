"""What everybody may see and do without an account."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from tests.acceptance.pages import block, row_of, slug_of
from tests.walk import Agreement

OBJECTION = {
    "objector": "三号楼居民", "standing": "resident", "contact": "13811112222", "remedy": "调整开放时间",
    "grounds": "停车场出入口紧邻幼儿园，上下学时段开放存在安全隐患，应当调整。",
}  # fmt: skip


def test_the_wall_shows_what_is_on_show(shown: Agreement) -> None:
    browser = shown.town.browser()
    page = browser.page("/public")
    assert "共驻共建协议公示" in page
    assert "正在公示 1 件" in page
    assert "共驻共建协议公示" not in browser.page("/public", q="没有这样的事")


def test_a_notice_shows_text_place_clock_and_photo(shown: Agreement) -> None:
    browser, slug = shown.town.browser(), slug_of(shown)
    page = browser.page(f"/public/{slug}")
    for text in ("开放停车场二十个车位", "公告栏、小程序", "社区服务中心窗口", "剩 7 天"):
        assert text in page, text
    with shown.town.database.read() as connection:
        photo = shown.town.app.publicity.page(connection, slug, shown.town.world.clock.now())["photos"][0]["file"]
    with browser.get(f"/public/{slug}/photos/{photo}") as picture:
        assert picture.mimetype == "image/png"
    # only the photos of the notice, no other file of the case
    assert browser.get(f"/files/{photo}").status_code == 302


def test_anyone_objects_and_the_community_answers(agreement: Agreement) -> None:
    agreement.to_show()
    slug, public = slug_of(agreement), agreement.town.browser()
    assert block(public.page(f"/public/{slug}"), "form-json")["schema"]["components"]
    wrong = public.send(f"/public/{slug}/objections", {"data": {**OBJECTION, "grounds": "不好"}})
    assert wrong.status_code == 422
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    picture.seek(0)
    uploaded = public.client.post("/api/v1/files", data={"file": (picture, "card.png")})
    assert uploaded.status_code == 201, uploaded.text
    data = {**OBJECTION, "identity_proof": [{"id": uploaded.get_json()["id"]}]}
    sent = public.send(f"/public/{slug}/objections", {"data": data}, key="objection-1")
    assert sent.status_code == 200, sent.text
    after = public.page(sent.get_json()["redirect"])
    assert "异议已收到" in after
    assert "13811112222" not in after
    assert agreement.town.task("register", "liaison_wang")


def test_when_the_show_is_over_nobody_can_object_and_the_certificate_is_read(agreement: Agreement) -> None:
    agreement.to_show()
    slug, public = slug_of(agreement), agreement.town.browser()
    agreement.town.wait(timedelta(days=8))
    agreement.do("close", "worker_sun", {"note": "期满无异议"})
    assert public.send(f"/public/{slug}/objections", {"data": OBJECTION}).status_code == 409
    page = public.page(f"/public/{slug}")
    assert "现在不能提异议" in page
    assert "公示证明" in page


def test_a_public_row_is_still_no_public_page(shown: Agreement) -> None:
    assert shown.town.browser().get(f"/registers/agreements/{row_of(shown)}").status_code == 302


def test_language_theme_and_size_are_kept_for_people_without_an_account(shown: Agreement) -> None:
    browser = shown.town.browser()
    browser.post("/preferences", {"language": "en", "back": "/public"})
    browser.post("/preferences", {"theme": "dark", "back": "/public"})
    browser.post("/preferences", {"size": "large", "back": "https://evil.example"})
    page = browser.page("/public")
    assert '<html lang="en" data-theme="dark" data-size="large">' in page
    assert "Public notices" in page or "Log in" in page
