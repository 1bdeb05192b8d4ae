"""tests: an article says which department its customers belong to, and there they wait."""

from __future__ import annotations

import httpx

from handoff.contracts import Agent, Why
from kit.contracts import Language
from staff.contracts import Role
from tests.journeys.customers import WebCustomer, heard, offered
from tests.journeys.test_both_channels import claimed_by, words
from tests.support.desk import RunningDesk
from tests.support.editor_programs import a_side, an_article, created, step
from tests.support.web import PASSWORD, sign_in

QUESTION = {Language.ZH: "买戒指能刻字吗", Language.EN: "Do you engrave wedding rings?"}
ANSWER = {Language.ZH: "可以，回访同事会帮您登记。", Language.EN: "Yes, our follow-up colleagues book it."}
BECAUSE = {Language.ZH: ("回访", "知识条目指定"), Language.EN: ("Follow-up", "the article says so")}


async def publish(desk: RunningDesk, language: Language) -> None:
    """An editor writes the article and publishes it, as their page does."""
    await desk.rooms.staff.create_account(
        name="mei", display_name="Mei", roles=[Role.EDITOR], language=language, password=PASSWORD
    )
    content = an_article(
        a_side(str(language), title=QUESTION[language], answer=ANSWER[language], questions=[]),
        details={"action": "hand_over", "department": "follow_up"},
    )
    async with httpx.AsyncClient(base_url=desk.url, headers={"Origin": desk.url}) as client:
        await sign_in(client, "mei")
        client.headers["Accept"] = "application/json"
        assert (await step(client, await created(client, content), "publish"))["published_version"] == 1


async def test_an_article_hands_its_customer_over_to_its_department(
    desk: RunningDesk, visitor: WebCustomer, agent: Agent, language: Language
) -> None:
    await publish(desk, language)
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    before = len(visitor.house())
    await visitor.say(QUESTION[language])
    await heard(visitor, ANSWER[language], since=before)
    await offered(visitor, words("person", language))
    await visitor.press(words("person", language))
    handoff = await claimed_by(desk, agent)
    assert (handoff.placing.department, handoff.placing.why) == ("follow_up", (Why(code="by_article"),))
    async with httpx.AsyncClient(base_url=desk.url, headers={"Origin": desk.url}) as console:
        await sign_in(console, "lin.jing")
        page = await console.get(f"/desk/conversations/{handoff.conversation_id}", headers={"Accept": "text/html"})
        for said in BECAUSE[language]:
            assert said in page.text
