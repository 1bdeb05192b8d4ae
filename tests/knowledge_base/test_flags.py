"""Promises about articles for staff in the search, and about flags: they wait in the editors' inbox until settled."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from kit.contracts import Language
from kit.ids import new_id
from kit.refusals import NotAllowed, NotFound
from kit.sql import Database
from knowledge_base.adapters.build import build_flagging
from knowledge_base.contracts import Audience, Details, FlagEnd, FlagReason
from knowledge_base.flagging import WORDS_LIMIT, Flagging
from knowledge_base.refusals import FlagNeedsWords, FlagTooLong
from tests.support.articles import ANN, INVOICE, MEI, REFUND, STORE, SmallBase
from tests.support.clock import START, MovableClock
from tests.support.editing import Library
from tests.support.editor_programs import RETURN

INBOX = "/knowledge/misses"


@pytest.fixture
async def base(database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


def flagging_of(base: SmallBase, database: Database, clock: MovableClock) -> Flagging:
    return build_flagging(base.parts, database=database, audit=base.trail, clock=clock, new_id=new_id)


async def raise_flag(
    flagging: Flagging, article_id: str, *, by: str = "ann", words: str = "It is 14 days now.", side: str = "en"
) -> str:
    flag = await flagging.raise_flag(
        article_id, language=Language(side), reason=FlagReason.OUT_OF_DATE, words=words, by_id=f"id-{by}", by=by.title()
    )
    return flag.id


async def test_articles_for_staff_are_found_by_staff_and_never_by_customers(base: SmallBase) -> None:
    for made in (INVOICE, STORE, replace(REFUND, details=Details(audience=Audience.AGENTS))):
        article = await base.editing.create(MEI, made)
        await base.editing.publish(MEI, article.id, expected_version=1)
    reading = await base.reader.read("refund not arrived")
    [first, *others] = (await base.parts.search.search_for_agents(reading)).matches
    assert (first.key, first.audience) == (REFUND.key, Audience.AGENTS)
    assert {match.audience for match in others} == {Audience.CUSTOMERS}
    assert REFUND.key not in {match.key for match in (await base.parts.search.search(reading)).matches}
    await base.editing.retire(MEI, first.article_id, expected_version=1)
    again = await base.parts.search.search_for_agents(reading)
    assert REFUND.key not in {match.key for match in again.matches}


async def test_a_desk_with_articles_for_staff_only_finds_them(base: SmallBase) -> None:
    article = await base.editing.create(MEI, replace(REFUND, details=Details(audience=Audience.AGENTS)))
    await base.editing.publish(MEI, article.id, expected_version=1)
    found = await base.parts.search.search_for_agents(await base.reader.read("refund not arrived"))
    assert [match.key for match in found.matches] == [REFUND.key]
    assert (await base.parts.search.search(await base.reader.read("refund not arrived"))).matches == ()


async def test_a_flag_waits_until_an_editor_who_saw_it_settles_it(
    base: SmallBase, database: Database, clock: MovableClock
) -> None:
    flagging = flagging_of(base, database, clock)
    one = (await base.editing.create(MEI, REFUND)).id
    other = (await base.editing.create(MEI, STORE)).id
    await raise_flag(flagging, other)
    seen = await raise_flag(flagging, one)
    await raise_flag(flagging, one, by="bea", words="The link is dead.")
    [first, second] = await flagging.waiting(ANN)
    assert [(first.article_id, len(first.flags)), (second.article_id, len(second.flags))] == [(one, 2), (other, 1)]
    assert {flag.words for flag in first.flags} == {"It is 14 days now.", "The link is dead."}
    with pytest.raises(NotAllowed):
        await flagging.settle(ANN, one, FlagEnd.MENDED, seen=[seen])
    await flagging.settle(MEI, one, FlagEnd.MENDED, seen=[seen])
    assert {flag.by for each in await flagging.waiting(MEI) for flag in each.flags} == {"Ann", "Bea"}
    [left] = [each for each in await flagging.waiting(MEI) if each.article_id == one]
    assert [flag.words for flag in left.flags] == ["The link is dead."]


async def test_the_newer_words_of_the_same_person_count_and_are_not_settled_unseen(
    base: SmallBase, database: Database, clock: MovableClock
) -> None:
    flagging = flagging_of(base, database, clock)
    article = (await base.editing.create(MEI, REFUND)).id
    seen = await raise_flag(flagging, article)
    await raise_flag(flagging, article, words="And the address has changed.")
    await flagging.settle(MEI, article, FlagEnd.FINE, seen=[seen])
    [waiting] = await flagging.waiting(MEI)
    assert [flag.words for flag in waiting.flags] == ["And the address has changed."]


async def test_a_flag_says_why_in_a_few_words_about_an_article_there_is(
    base: SmallBase, database: Database, clock: MovableClock
) -> None:
    flagging = flagging_of(base, database, clock)
    article = (await base.editing.create(MEI, REFUND)).id
    with pytest.raises(FlagNeedsWords):
        await raise_flag(flagging, article, words="  ")
    with pytest.raises(FlagTooLong):
        await raise_flag(flagging, article, words="x" * (WORDS_LIMIT + 1))
    with pytest.raises(NotFound):
        await raise_flag(flagging, "nothing")
    assert await flagging.waiting(MEI) == ()


async def test_the_audit_trail_tells_who_flagged_what_and_what_became_of_it(
    base: SmallBase, database: Database, clock: MovableClock
) -> None:
    flagging = flagging_of(base, database, clock)
    article = (await base.editing.create(MEI, REFUND)).id
    await raise_flag(flagging, article)
    seen = await raise_flag(flagging, article, words="And the link, too, is wrong.")
    clock.forward(minutes=1)
    await flagging.settle(MEI, article, FlagEnd.FINE, seen=[seen, "unheard-of"])
    await flagging.settle(MEI, article, FlagEnd.FINE, seen=[seen])
    first, newer = (
        "out_of_date, en\nrefund: It is 14 days now.",
        "out_of_date, en\nrefund: And the link, too, is wrong.",
    )
    lines = [record for record in base.trail.records if record.action.startswith("knowledge_base.flag")]
    assert [(each.action, each.account_id, each.before, each.after) for each in lines] == [
        ("knowledge_base.flag", "id-ann", "", first),
        ("knowledge_base.flag", "id-ann", first, newer),
        ("knowledge_base.flag_settled", MEI.id, newer, "fine"),
    ]
    assert {each.subject for each in lines} == {f"article:{article}"}
    assert [each.at for each in lines] == [START, START, clock()]


async def test_editors_find_flags_in_their_inbox_and_settle_them_there(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    article_id = await library.article_id(RETURN)
    flagging = library.desk.flagging
    await raise_flag(flagging, article_id, words="<b>Now</b> 14 days.")
    assert "Unanswered: 1" in (await mei.get("/knowledge", headers={"Accept": "text/html"})).text
    page = (await mei.get(INBOX)).text
    assert "&lt;b&gt;Now&lt;/b&gt; 14 days." in page
    assert f'href="/knowledge/articles/{article_id}"' in page
    seen = re.findall(r'name="seen" value="(\w+)"', page)
    assert 'name="seen"' not in (await ann.get(INBOX)).text  # reads, settles nothing
    done = await mei.post(f"/knowledge/articles/{article_id}/flags", data={"end": "mended", "seen": seen})
    assert done.headers["location"] == INBOX
    assert "14 days" not in (await mei.get(INBOX)).text
