"""Signing in, API tokens, and telling people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.actor import Actor
from engine.definitions.model import Label
from engine.errors import NotFound, ServiceRefused
from engine.services import Call
from governance.accounts.accounts import AccountRefused, Accounts
from governance.accounts.sign_in import LoginRefused, SignIn
from governance.accounts.tables import account, api_token
from governance.notices.channels import MemoryChannel
from governance.notices.notices import JOB, Notices
from governance.notices.services import send

PASSWORD = "correct horse"
LEGAL = "role:legal@yunqiao"


@pytest.fixture
def accounts(town: Any) -> Accounts:
    return Accounts(town.settings, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def wang(town: Any, connection: Any, accounts: Accounts) -> str:
    return accounts.create(connection, "liaison_wang", "Wang", PASSWORD, town.now)


def test_the_right_password_signs_in_whatever_the_case_of_the_login(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    outcome = accounts.authenticate(connection, " WANG ", PASSWORD, town.now)
    assert outcome.account is not None
    assert outcome.account.id == wang
    assert outcome.account.person == "liaison_wang"
    assert outcome.account.allows("admin")


def test_a_wrong_password_and_an_unknown_login_look_the_same(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    assert accounts.authenticate(connection, "wang", "wrong", town.now) == accounts.authenticate(connection, "nobody", "wrong", town.now)


def test_no_password_stands_in_the_database(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    row = connection.execute(account.select()).one()
    assert PASSWORD not in str(row)
    assert row.password_hash.startswith("$argon2id$")


def test_failures_lock_the_account_and_each_lock_is_twice_as_long(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    at = town.now
    for minutes in (1, 2, 4):
        for _ in range(4):
            assert accounts.authenticate(connection, "wang", "wrong", at).locked_until is None
        until = accounts.authenticate(connection, "wang", "wrong", at).locked_until
        assert until == at + timedelta(minutes=minutes)
        refused = accounts.authenticate(connection, "wang", PASSWORD, until - timedelta(seconds=1))
        assert refused.account is None
        assert refused.locked_until == until
        at = until
    assert accounts.authenticate(connection, "wang", PASSWORD, at).account is not None
    for _ in range(4):
        accounts.authenticate(connection, "wang", "wrong", at)
    assert accounts.authenticate(connection, "wang", "wrong", at).locked_until == at + timedelta(minutes=1)


def test_a_lock_never_grows_beyond_the_setting(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    at = town.now
    for _ in range(9):
        locked = [accounts.authenticate(connection, "wang", "wrong", at) for _ in range(5)][-1].locked_until
        assert locked is not None
        longest, at = locked - at, locked
    assert longest == timedelta(minutes=60)


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "another password"), ("li", "short"), ("", PASSWORD), ("abcdefghij", "ABCDEFGHIJ")]
)
def test_a_bad_account_is_refused(town: Any, connection: Any, accounts: Accounts, wang: str, login: str, password: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.create(connection, "unit_li", login, password, town.now)


def test_a_person_has_one_account(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.create(connection, "liaison_wang", "wang2", PASSWORD, town.now)


def test_changing_the_password_needs_the_old_one_and_dates_the_change(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    later = town.now + timedelta(hours=1)
    for old, new in (("wrong", "another password"), (PASSWORD, PASSWORD), (PASSWORD, "short")):
        with pytest.raises(AccountRefused):
            accounts.change_password(connection, wang, old, new, later)
    accounts.change_password(connection, wang, PASSWORD, "another password", later)
    assert accounts.authenticate(connection, "wang", PASSWORD, later).account is None
    signed_in = accounts.authenticate(connection, "wang", "another password", later).account
    assert signed_in is not None
    assert signed_in.password_changed_at == later


def test_an_administrator_opens_a_locked_account_with_a_new_password(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    for _ in range(5):
        accounts.authenticate(connection, "wang", "wrong", town.now)
    accounts.set_password(connection, wang, "another password", town.now)
    assert accounts.authenticate(connection, "wang", "another password", town.now).account is not None
    with pytest.raises(NotFound):
        accounts.set_password(connection, "nobody", "another password", town.now)


def test_a_disabled_account_is_closed_at_once(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    _, secret = accounts.make_token(connection, wang, "import", ["tasks:read"], town.now)
    accounts.disable(connection, wang)
    assert accounts.authenticate(connection, "wang", PASSWORD, town.now).account is None
    assert accounts.get(connection, wang) is None
    assert accounts.of_person(connection, "liaison_wang") is None
    assert accounts.token_account(connection, secret, town.now) is None
    accounts.disable(connection, wang, disabled=False)
    assert accounts.token_account(connection, secret, town.now) is not None


def test_a_token_has_its_scopes_an_end_and_no_secret_in_the_database(town: Any, connection: Any, accounts: Accounts, wang: str) -> None:
    token, secret = accounts.make_token(connection, wang, "import", ["tasks:read"], town.now, expires_at=town.now + timedelta(days=1))
    assert secret not in str(connection.execute(api_token.select()).one())
    found = accounts.token_account(connection, secret, town.now, note_use=True)
    assert found is not None
    assert found.allows("tasks:read")
    assert not found.allows("tasks:write")
    assert accounts.tokens(connection, wang)[0].used_at == town.now
    assert accounts.token_account(connection, secret + "x", town.now) is None
    assert accounts.token_account(connection, secret, town.now + timedelta(days=1)) is None
    accounts.revoke_token(connection, wang, token.id, town.now)
    assert accounts.token_account(connection, secret, town.now) is None
    with pytest.raises(NotFound):
        accounts.revoke_token(connection, "somebody else", token.id, town.now)


@pytest.mark.parametrize(("scopes", "days"), [(["everything"], 1), ([], 1), (["tasks:read"], 91), (["tasks:read"], 0)])
def test_a_token_too_wide_or_too_long_is_refused(
    town: Any, connection: Any, accounts: Accounts, wang: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(AccountRefused):
        accounts.make_token(connection, wang, "x", scopes, town.now, expires_at=town.now + timedelta(days=days))


@pytest.fixture
def gate(town: Any, accounts: Accounts) -> SignIn:
    with town.database.write() as connection:
        accounts.create(connection, "liaison_wang", "wang", PASSWORD, town.now)
    return SignIn(town.database, town.clock, accounts, town.directory)


def test_signing_in_names_the_person_and_a_refusal_is_in_the_readers_language(gate: SignIn) -> None:
    signed_in = gate.login("wang", PASSWORD, "zh")
    assert (signed_in.person, signed_in.name) == ("liaison_wang", "王芳")
    assert gate.active(signed_in.id) == signed_in
    assert gate.name_of(signed_in.id) == "wang"
    for language, word in (("zh", "登录名或密码不正确"), ("en", "Name or password is wrong")):
        with pytest.raises(LoginRefused, match=word):
            gate.login("wang", "wrong", language)


def test_failures_at_the_gate_are_counted_although_they_are_refused(gate: SignIn) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            gate.login("wang", "wrong", "zh")
    with pytest.raises(LoginRefused, match="1 分钟后"):
        gate.login("wang", PASSWORD, "zh")


def test_a_changed_password_ends_other_sessions(town: Any, gate: SignIn) -> None:
    old = gate.login("wang", PASSWORD, "zh")
    town.clock.advance(timedelta(hours=1))
    with pytest.raises(AccountRefused, match=r"^the old password is wrong$"):
        gate.change_password(old.id, "wrong", "another password", "en")
    new = gate.change_password(old.id, PASSWORD, "another password", "zh")
    assert gate.active(old.id) is None
    assert gate.active(new.id) == new
    assert gate.active("nobody") is None


def test_a_token_is_traded_for_a_login(town: Any, gate: SignIn) -> None:
    secret, end = gate.issue_token(gate.login("wang", PASSWORD, "zh").id, ["tasks:read"], 7)
    found = gate.token(secret)
    assert found is not None
    assert (found.person, found.scopes, end) == ("liaison_wang", ("tasks:read",), town.now + timedelta(days=7))
    assert gate.token("x") is None


def test_a_notice_reaches_everybody_behind_the_selectors_once(town: Any, connection: Any) -> None:
    told = town.notices.send(connection, [LEGAL, "person:legal_zhao", "liaison_wang"], kind="returned", at=town.now, subject="T-1")
    assert told == ["legal_zhao", "liaison_wang"]
    (notice,) = town.notices.list(connection, "legal_zhao")
    assert notice.title == Label("退回修改：T-1", "Returned for changes: T-1")
    assert town.notices.unread(connection, "legal_zhao") == 1
    assert town.notices.unread(connection, "unit_li") == 0


def test_a_vacant_post_is_told_through_the_nearest_holder(town: Any, connection: Any) -> None:
    assert town.notices.send(connection, ["role:street_office@yunqiao"], kind="info", at=town.now) == ["office_xu"]


def test_the_same_occasion_is_told_once_even_when_the_command_is_repeated(town: Any, connection: Any) -> None:
    facts = {"kind": "info", "at": town.now, "occasion": "x"}
    assert town.notices.send(connection, [LEGAL], **facts) == ["legal_zhao"]
    assert town.notices.send(connection, [LEGAL, "unit_li"], **facts) == ["unit_li"]


def test_notices_are_marked_as_read_by_their_owner_only(town: Any, connection: Any) -> None:
    town.notices.send(connection, [LEGAL, "unit_li"], kind="info", at=town.now)
    (mine,) = town.notices.list(connection, "legal_zhao")
    assert town.notices.mark_read(connection, "unit_li", town.now, [mine.id]) == 0
    assert town.notices.mark_read(connection, "legal_zhao", town.now, [mine.id]) == 1
    assert town.notices.unread(connection, "legal_zhao") == 0
    assert town.notices.unread(connection, "unit_li") == 1
    assert town.notices.list(connection, "legal_zhao", unread=True) == []


def test_a_long_list_is_read_page_by_page(town: Any, connection: Any) -> None:
    for n in range(5):
        town.notices.send(connection, ["unit_li"], kind="info", at=town.now + timedelta(minutes=n), subject=str(n))
    first = town.notices.list(connection, "unit_li", limit=3)
    second = town.notices.list(connection, "unit_li", limit=3, before=first[-1].id)
    assert [n.title.en[-1] for n in [*first, *second]] == ["4", "3", "2", "1", "0"]


def test_another_channel_delivers_after_the_commit_and_once(town: Any) -> None:
    channel = MemoryChannel()
    notices = Notices(town.directory, channel=channel, jobs=town.jobs)
    town.jobs.register(JOB, notices.delivery_handler(town.database.read))
    with town.database.write() as connection:
        notices.send(connection, [LEGAL], kind="info", at=town.now)
        assert town.jobs.pending == 0
    town.jobs.run_due()
    assert [n.person for n in channel.delivered.values()] == ["legal_zhao"]


def call(town: Any, connection: Any) -> Call:
    where = {"instance": "case-1", "token": "t", "process": "p", "element": "e", "area": "yunqiao", "number": "T-1"}
    return Call(**where, now=town.now, actor=Actor(person="liaison_wang"), connection=connection, resources={"notices": town.notices})


def test_a_process_tells_people_and_a_repeated_call_tells_nobody_twice(town: Any, connection: Any) -> None:
    assert send(call(town, connection), "unit_li", "returned") == {"told": ["unit_li"]}
    assert send(call(town, connection), "unit_li", "returned") == {"told": []}
    assert send(call(town, connection), [LEGAL, None], "own_kind", title={"zh": "请看", "en": "Look"}) == {"told": ["legal_zhao"]}
    (notice,) = town.notices.list(connection, "legal_zhao")
    assert (notice.title, notice.link, notice.instance) == (Label("请看", "Look"), "/cases/case-1", "case-1")
    with pytest.raises(ServiceRefused, match="own_kind"):
        send(call(town, connection), "unit_li", "own_kind")


def test_the_public_gets_no_notices_and_long_titles_are_kept_whole(town: Any, connection: Any) -> None:
    long = "停" * 600
    assert town.notices.send(connection, ["public", "unit_li"], kind="info", at=town.now, title=Label(long, "")) == ["unit_li"]
    assert town.notices.list(connection, "unit_li")[0].title.zh == long


def test_a_generated_password_is_hashed_anew_when_its_owner_signs_in(town: Any, connection: Any) -> None:
    accounts = Accounts(town.settings)
    accounts.create(connection, "stranger_dong", "dong2", "Vn3kP0x-ZqTb", town.now, generated=True)
    assert "m=8192,t=1" in connection.execute(account.select()).one().password_hash
    assert accounts.authenticate(connection, "dong2", "Vn3kP0x-ZqTb", town.now).account is not None
    assert "m=8192" not in connection.execute(account.select()).one().password_hash
