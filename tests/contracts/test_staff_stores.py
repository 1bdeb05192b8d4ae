"""tests: accounts, sessions and audit trail on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from kit.contracts import Language
from kit.refusals import NotFound
from kit.sql import Database
from staff.adapters.build import build_staff
from staff.contracts import AuditRecord, Role
from staff.refusals import LastAdmin, NameTaken
from staff.service import Staff
from staff.settings import StaffSettings
from tests.support.clock import START, MovableClock
from tests.support.web import PASSWORD, cheap_hasher


@pytest.fixture
def staff(database: Database, clock: MovableClock) -> Staff:
    return build_staff(database, StaffSettings(), clock=clock, hasher=cheap_hasher())


async def test_an_account_comes_back_as_it_was_stored(staff: Staff) -> None:
    made = await staff.create_account(
        name="Lin.Jing", display_name="林静", roles=[Role.AGENT, Role.EDITOR], language=Language.ZH
    )
    assert await staff.accounts() == (made.account,)
    assert made.account.name == "lin.jing"
    assert made.account.created_at == START
    assert await staff.display_name(made.account.id) == "林静"
    assert await staff.display_name("nobody") == ""


async def test_of_many_who_create_the_same_name_one_wins(staff: Staff) -> None:
    async def create() -> str:
        try:
            await staff.create_account(name="mei", display_name="Mei", roles=[], language=Language.ZH)
        except NameTaken:
            return "taken"
        return "made"

    results = await asyncio.gather(*(create() for _ in range(10)))
    assert sorted(results) == ["made", *["taken"] * 9]
    assert len(await staff.accounts()) == 1


async def test_of_many_desks_that_start_at_once_one_makes_the_first_account(staff: Staff, database: Database) -> None:
    others = [build_staff(database, StaffSettings(), hasher=cheap_hasher()) for _ in range(4)]
    made = await asyncio.gather(*(one.ensure_first_account(PASSWORD) for one in (staff, *others)))
    assert sorted(made) == [False] * 4 + [True]
    [account] = await staff.accounts()
    assert account.must_change_password
    assert not await staff.ensure_first_account("another one entirely")


async def test_two_administrators_who_demote_each_other_at_once_leave_one(staff: Staff) -> None:
    ids = []
    for name in ("anna", "bert"):
        made = await staff.create_account(name=name, display_name=name, roles=[Role.ADMIN], language=Language.EN)
        ids.append(made.account.id)
    results = await asyncio.gather(
        staff.change_account(ids[0], by=ids[1], roles=[]),
        staff.change_account(ids[1], by=ids[0], roles=[]),
        return_exceptions=True,
    )
    assert sum(isinstance(result, LastAdmin) for result in results) == 1
    assert sum(Role.ADMIN in account.roles for account in await staff.accounts()) == 1


async def test_a_session_is_found_by_its_token_until_it_ends(staff: Staff, clock: MovableClock) -> None:
    await staff.create_account(
        name="mei", display_name="Mei", roles=[Role.AGENT], language=Language.ZH, password=PASSWORD
    )
    first = await staff.sign_in(name="mei", password=PASSWORD, address="1.1.1.1")
    second = await staff.sign_in(name="mei", password=PASSWORD, address="1.1.1.1")
    assert first.token != second.token
    assert await staff.session(first.token) == first.person
    await staff.sign_out(first.token)
    assert await staff.session(first.token) is None
    assert await staff.session(second.token) == second.person
    assert await staff.sign_out_everywhere(second.person.id) == 1
    assert await staff.session(second.token) is None


async def test_the_audit_trail_is_read_newest_first_page_by_page(staff: Staff, database: Database) -> None:
    for number in range(7):
        record = AuditRecord(
            at=START, account_id=None, action="test.done", subject=f"thing:{number}", before="旧", after="新"
        )
        await database.write(partial(staff.audit, record=record))
    first = await staff.audit_page(limit=5)
    assert [record.subject for record in first.records] == [f"thing:{number}" for number in (6, 5, 4, 3, 2)]
    rest = await staff.audit_page(limit=5, before=first.before)
    assert [record.subject for record in rest.records] == ["thing:1", "thing:0"]
    assert rest.before is None
    for odd in ("", "x", "-1", "９", "9" * 30):
        assert len((await staff.audit_page(limit=5, before=odd)).records) in {0, 5}


async def test_changes_to_an_account_nobody_has_are_refused(staff: Staff) -> None:
    with pytest.raises(NotFound):
        await staff.change_account("nobody", by="nobody", roles=[])
    with pytest.raises(NotFound):
        await staff.reset_password("nobody", by="nobody")
