"""Promises of the page "why this answer": what was weighed then stands beside what would be found today."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from kit.contracts import Language
from knowledge_base.contracts import Level, NoReplay, PastReply, RecordedMatch, Weighed, Why
from knowledge_base.web.why_view import part_bars, why_view
from tests.support.editing import Library
from tests.support.editor_programs import RETURN, refusal

A_REPLY = PastReply(
    id="r",
    question="refund?",
    language=Language.EN,
    at=datetime(2026, 11, 1, tzinfo=UTC),
    decision="answer",
    rule="answering.sure",
    level=Level.SURE,
    matches=(
        RecordedMatch(article_id="a", version=1, title="Refund", confidence=1.0),
        RecordedMatch(article_id="b", version=2, title="Shop", confidence=0.412),
    ),
    answer_threshold=0.93,
    clarify_threshold=0.25,
    knowledge_base_version=7,
    model="m/c",
    understood_by="stand-in",
    milliseconds=1.0,
)
QUESTION = "how do I send something back, my number is 13800138000"


async def test_an_agent_sees_then_and_today_with_the_thresholds(library: Library, ann: httpx.AsyncClient) -> None:
    library.replies.put("reply", QUESTION, await library.ask(QUESTION))
    page = (await ann.get("/knowledge/why/reply/replay")).text
    assert 'id="then"' in page
    assert 'id="today"' in page
    assert page.count('class="mark answer"') >= 2
    assert "13800138000" not in page  # masked as in logs


async def test_today_is_said_to_differ_when_the_base_has_changed(library: Library, mei: httpx.AsyncClient) -> None:
    title = await library.title(RETURN, Language.EN)
    library.replies.put("reply", title, await library.ask(title))
    assert "it would turn out differently" not in (await mei.get("/knowledge/why/reply/replay")).text
    article = (await mei.get(f"/api/v1/knowledge/articles/{await library.article_id(RETURN)}")).json()
    retired = await mei.post(
        f"/api/v1/knowledge/articles/{article['id']}/retire", json={"expected_version": article["version"]}
    )
    assert retired.status_code == 200
    page = (await mei.get("/knowledge/why/reply/replay")).text
    assert "Today it would turn out differently" in page
    assert "the result is the recorded one" in page


async def test_the_record_stands_there_before_anything_is_searched(library: Library, ann: httpx.AsyncClient) -> None:
    library.replies.put("reply", QUESTION, await library.ask(QUESTION))
    page = (await ann.get("/knowledge/why/reply")).text
    assert 'data-replay="/knowledge/why/reply/replay"' in page
    assert 'id="recorded"' in page
    assert 'id="today"' not in page
    without_scripts = "?whole=yes"
    assert without_scripts in page
    whole = (await ann.get(f"/knowledge/why/reply{without_scripts}")).text
    assert 'id="then"' in whole
    assert 'id="today"' in whole
    assert "data-replay" not in whole


async def test_a_reply_without_a_search_says_so(library: Library, mei: httpx.AsyncClient) -> None:
    library.replies.put("pressed", "", None)
    assert "Nothing was searched for this reply" in (await mei.get("/knowledge/why/pressed")).text


async def test_an_unknown_reply_is_refused(mei: httpx.AsyncClient) -> None:
    for address in ("/knowledge/why/nothing", "/knowledge/why/nothing?whole=yes", "/knowledge/why/nothing/replay"):
        assert refusal(await mei.get(address), 404)["code"] == "not_found"


async def test_nobody_who_is_not_signed_in_reads_why(library: Library) -> None:
    async with library.house.client(html=False) as stranger:
        assert (await stranger.get("/knowledge/why/reply")).status_code == 401
        assert (await stranger.get("/knowledge/why/reply/replay")).status_code == 401


def test_bars_go_from_the_middle_and_the_longest_fills_its_half() -> None:
    weighed = [Weighed(name=name, value=1.0, moved=moved) for name, moved in (("a", 2.0), ("b", -1.0), ("c", 0.001))]
    first, second = part_bars(weighed)
    assert (first.name, first.start, first.width) == ("a", 50.0, 50.0)
    assert (second.name, second.start, second.width) == ("b", 25.0, 25.0)


def test_the_recorded_bars_are_those_of_the_decision() -> None:
    recorded = why_view(Why(reply=A_REPLY, then=None, not_then=NoReplay.OTHER_ENCODER, today=None)).recorded
    assert recorded is not None
    assert [(bar.title, bar.percent, bar.width) for bar in recorded.articles] == [
        ("Refund", 99, 100.0),
        ("Shop", 41, 41.2),
    ]
    assert (recorded.answer, recorded.clarify) == (93.0, 25.0)
