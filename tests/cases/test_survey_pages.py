"""tests: the page a link leads to, the results, and the surveys on a file's page; who sees what."""

from __future__ import annotations

import pytest

from cases.contracts.surveys import Why
from kit.contracts import Language
from staff.contracts import Role
from tests.cases.office import LINKS, Office
from tests.cases.support import MEI


async def sent(office: Office) -> str:
    """A survey after a chat; its id."""
    files = office.files
    offered = await files.database.write(
        lambda tx: files.offering.offer(
            tx,
            case_id=None,
            conversation_id="talk-1",
            why=Why.CONVERSATION_RESOLVED,
            at=files.clock(),
            about=MEI,
            key="handoff:1",
        )
    )
    assert offered is not None
    return offered.survey_id


@pytest.mark.parametrize("language", list(Language))
async def test_a_link_opens_the_survey_without_an_account_and_takes_the_answers(
    office: Office, language: Language
) -> None:
    survey = await sent(office)
    async with office.house.client(language=language) as browser:
        page = await browser.get(LINKS.address(survey))
        words = {Language.ZH: "您对这次处理满意吗", Language.EN: "How satisfied are you"}
        assert words[language] in page.text
        done = await browser.post(LINKS.address(survey), data={"satisfied": "5", "words": "好"})
        assert done.status_code == 303
        again = await browser.get(done.headers["location"])
    assert 'value="5" checked' in again.text
    found = await office.files.survey_store.find(survey)
    assert found is not None
    assert [(line.question, line.value, line.text) for line in found[1]] == [
        ("satisfied", 5, ""),
        ("words", None, "好"),
    ]


async def test_a_forged_link_an_empty_form_and_a_survey_that_is_over_are_said_so(office: Office) -> None:
    survey = await sent(office)
    async with office.house.client() as browser:
        assert (await browser.get(f"/survey/{survey}")).status_code == 404
        assert (await browser.get(LINKS.address(survey)[:-1] + "!")).status_code == 404
        assert (await browser.get(LINKS.address("nobody"))).status_code == 404
        assert (await browser.post(LINKS.address(survey), data={"words": "  "})).status_code == 422
        office.files.clock.forward(minutes=15 * 24 * 60)
        assert (await browser.get(LINKS.address(survey))).status_code == 410
        assert (await browser.post(LINKS.address(survey), data={"satisfied": "1"})).status_code == 410


@pytest.mark.parametrize(("role", "sees"), [(Role.SUPERVISOR, True), (Role.AGENT, False)])
async def test_names_and_words_are_for_supervisors(office: Office, role: Role, *, sees: bool) -> None:
    survey = await sent(office)
    await office.files.answers.fill(survey, {"satisfied": 2}, {"words": "等得太久"})
    async with office.signed_in(role) as browser:
        page = (await browser.get("/cases/surveys")).text
    assert ("等得太久" in page, MEI.name in page) == (sees, sees)
    assert "100%" in page  # the response rate is everybody's


async def test_a_file_shows_a_supervisor_the_answers_and_a_colleague_only_that_there_are_some(office: Office) -> None:
    files = office.files
    case = await files.open()
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    await files.customer_says(case, settled=True)
    [(survey, _)] = await files.survey_store.of_case(case.id)
    async with office.signed_in(Role.AGENT) as browser:
        assert LINKS.address(survey.id) in (await browser.get(f"/cases/{case.number}")).text
        await files.answers.fill(survey.id, {"satisfied": 4}, {})
        page = (await browser.get(f"/cases/{case.number}")).text
        assert "Supervisors see the answers" in page
        assert "★★★★☆" not in page
    async with office.signed_in(Role.SUPERVISOR, name="boss") as browser:
        assert "★★★★☆" in (await browser.get(f"/cases/{case.number}")).text
