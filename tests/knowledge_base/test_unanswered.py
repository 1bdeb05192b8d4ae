"""Promises of the inbox of unanswered questions: by meaning, by customers, and quiet once dealt with."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from kit.contracts import Language
from kit.ids import new_id
from knowledge_base.contracts import Asked, AskedOutcome
from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, refusal, step

INBOX = "/knowledge/misses"
ENGRAVE = ("do you engrave wedding rings?", "can you engrave a wedding ring", "engraving on wedding rings")
CLUSTER = re.compile(r'class="question" href="/knowledge/misses/(\w+)"')


async def clusters(client: httpx.AsyncClient, **chosen: str) -> list[str]:
    """Ids in the order of the page."""
    return CLUSTER.findall((await client.get(INBOX, params=chosen)).text)


async def do(client: httpx.AsyncClient, cluster: str, name: str, **fields: str) -> httpx.Response:
    return await client.post(f"{INBOX}/{cluster}/{name}", data=fields)


async def engraving(library: Library, *, first: int = 0) -> None:
    for number, question in enumerate(ENGRAVE, first):
        await library.miss(
            question, Language.EN, customer=f"c{number}", reply="Yes, free of charge." * (number == first)
        )


async def test_questions_of_one_meaning_stand_together_and_customers_count(
    library: Library, mei: httpx.AsyncClient
) -> None:
    for _ in range(4):
        await library.miss("do you repair bicycles in winter?", Language.EN, customer="one")
    await engraving(library)
    first, second = await clusters(mei)
    page = (await mei.get(f"{INBOX}/{first}")).text
    assert all(question in page for question in ENGRAVE)  # three customers cost more than one who asks four times
    assert "Yes, free of charge." in page
    assert "3 customers" in page
    assert "bicycles" in (await mei.get(f"{INBOX}/{second}")).text
    assert await clusters(mei, language="zh") == []
    assert await clusters(mei, channel="telegram") == []
    assert len(await clusters(mei, channel="widget", days="7")) == 2


async def test_a_cluster_keeps_its_identity_as_questions_join(library: Library, mei: httpx.AsyncClient) -> None:
    await library.miss(ENGRAVE[0], Language.EN, customer="a")
    [before] = await clusters(mei)
    await library.miss(ENGRAVE[1], Language.EN, customer="b")
    assert await clusters(mei) == [before]


async def test_one_click_makes_a_draft_and_nothing_is_published(library: Library, mei: httpx.AsyncClient) -> None:
    await engraving(library)
    [cluster] = await clusters(mei)
    made = await do(mei, cluster, "draft")
    assert made.status_code == 303, made.text
    article = (await mei.get(made.headers["location"].replace("/knowledge/articles", ARTICLES))).json()
    [side] = article["content"]["texts"]
    assert side["title"] in ENGRAVE
    assert {side["title"], *side["questions"]} == set(ENGRAVE)
    assert side["answer"] == "Yes, free of charge."
    assert (article["status"], article["published_version"]) == ("draft", None)
    assert await clusters(mei) == []
    assert await clusters(mei, show="quiet") == [cluster]


async def test_the_words_can_be_added_to_an_article(library: Library, mei: httpx.AsyncClient) -> None:
    await engraving(library)
    [cluster] = await clusters(mei)
    article_id = await library.article_id(RETURN)
    done = await do(mei, cluster, "add", article_id=article_id)
    assert done.status_code == 303, done.text
    sides = (await mei.get(f"{ARTICLES}/{article_id}")).json()["content"]["texts"]
    english = next(side for side in sides if side["language"] == "en")
    assert set(ENGRAVE) <= set(english["questions"])
    assert await clusters(mei) == []


async def test_what_joins_a_dismissed_cluster_stays_quiet(library: Library, mei: httpx.AsyncClient) -> None:
    await library.miss(ENGRAVE[0], Language.EN, customer="a")
    [cluster] = await clusters(mei)
    assert (await do(mei, cluster, "dismiss")).status_code == 303
    await library.miss(ENGRAVE[0], Language.EN, customer="b")
    assert await clusters(mei) == []
    assert (await do(mei, cluster, "reopen")).status_code == 303
    assert await clusters(mei) == [cluster]


async def test_the_audit_trail_tells_what_became_of_a_question(library: Library, mei: httpx.AsyncClient) -> None:
    for question in (ENGRAVE[0], "do you repair bicycles in winter?"):
        await library.miss(question, Language.EN, customer="a")
    first, second = await clusters(mei)
    for step_name, fields in (("dismiss", {}), ("reopen", {}), ("merge", {"into": second})):
        assert (await do(mei, first, step_name, **fields)).status_code == 303
    records = [
        record
        for record in (await library.house.staff.audit_page()).records
        if record.action.startswith("knowledge_base.cluster_")
    ]
    assert [each.action for each in records] == [
        "knowledge_base.cluster_merged",
        "knowledge_base.cluster_open",
        "knowledge_base.cluster_dismissed",
    ]
    assert {each.subject for each in records} == {f"cluster:{first}"}
    assert {records[0].before, records[0].after} == {ENGRAVE[0], "do you repair bicycles in winter?"}


async def test_a_merged_cluster_gives_its_later_questions_too(library: Library, mei: httpx.AsyncClient) -> None:
    await library.miss(ENGRAVE[0], Language.EN, customer="a")
    [engrave] = await clusters(mei)
    await library.miss("do you repair bicycles in winter?", Language.EN, customer="a")
    [bicycles] = set(await clusters(mei)) - {engrave}
    assert (await do(mei, engrave, "merge", into=bicycles)).status_code == 303
    await library.miss(ENGRAVE[0], Language.EN, customer="b")
    assert await clusters(mei) == [bicycles]
    assert "2 customers" in (await mei.get(f"{INBOX}/{bicycles}")).text
    assert refusal(await do(mei, bicycles, "merge", into=bicycles), 422)["code"] == "malformed"
    assert refusal(await mei.get(f"{INBOX}/{engrave}"), 404)["code"] == "not_found"  # it is shown as the other one


async def test_a_done_cluster_speaks_up_when_its_article_is_gone(library: Library, mei: httpx.AsyncClient) -> None:
    await library.miss(ENGRAVE[0], Language.EN, customer="a", reply="Yes.")
    [cluster] = await clusters(mei)
    made = await do(mei, cluster, "draft")
    path = made.headers["location"].replace("/knowledge/articles", ARTICLES)
    library.clock.forward(minutes=1)  # type: ignore[attr-defined]
    await library.miss(ENGRAVE[0], Language.EN, customer="b")
    assert await clusters(mei) == []  # it waits for its article
    article = await step(mei, (await mei.get(path)).json(), "publish")
    library.clock.forward(minutes=1)  # type: ignore[attr-defined]
    await library.miss(ENGRAVE[0], Language.EN, customer="c", why="handed_over")
    assert await clusters(mei) == []  # the article answers it
    await step(mei, article, "retire")
    library.clock.forward(minutes=1)  # type: ignore[attr-defined]
    await library.miss(ENGRAVE[0], Language.EN, customer="d")
    assert await clusters(mei) == [cluster]
    assert "its article is not published any more" in (await mei.get(INBOX)).text


async def test_an_agent_reads_and_changes_nothing(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    await library.miss(ENGRAVE[0], Language.EN, customer="a")
    [cluster] = await clusters(ann)
    assert "data-step" not in (await ann.get(f"{INBOX}/{cluster}")).text
    for name, fields in (
        ("draft", {}),
        ("add", {"article_id": "x"}),
        ("dismiss", {}),
        ("reopen", {}),
        ("merge", {"into": "x"}),
    ):
        assert refusal(await do(ann, cluster, name, **fields), 403)["code"] == "not_allowed"
    assert refusal(await mei.get(f"{INBOX}/nothing"), 404)["code"] == "not_found"


async def test_a_question_whose_choices_nobody_took_comes_in_after_an_hour(
    library: Library, mei: httpx.AsyncClient
) -> None:
    asked = Asked(
        id=new_id(),
        customer="c1",
        channel="widget",
        language=Language.EN,
        at=library.clock(),
        question=ENGRAVE[0],
        outcome=AskedOutcome.CLARIFIED,
        article_id=None,
        article_version=None,
    )
    await library.database.write(lambda tx: library.log.record_asked(tx, asked))
    await library.filing.run(library.clock())
    assert await clusters(mei) == []
    await library.filing.run(library.clock() + timedelta(minutes=61))
    [cluster] = await clusters(mei)
    assert "Choices shown, none taken" in (await mei.get(f"{INBOX}/{cluster}")).text
