"""tests: a customer opens a case by a signed link: one that was given away, or from the page of their conversation."""

from __future__ import annotations

import re

import pytest

from cases.settings import CaseSettings
from kit.contracts import Language
from tests.cases.office import Office
from tests.cases.support import a_complaint

FORM = {
    "kind": "return_refund",
    "category": "refund_return",
    "what_happened": "发错货了",
    "contact": "138 0000 6620",
    "field_reason": "wrong_item",
}


@pytest.mark.parametrize("language", list(Language))
async def test_a_link_opens_one_case_and_then_leads_to_it(office: Office, language: Language) -> None:
    async with office.signed_in(language=language) as colleague:
        page = (await colleague.get("/cases/new")).text
        [path] = re.findall(r'href="http://desk.test(/c/new/[^"]+)"', page)
    async with office.house.client(language=language) as customer:
        form = (await customer.get(f"{path}?kind=return_refund")).text
        assert {"zh": "退货原因", "en": "Reason"}[language.value] in form
        for missing in ("what_happened", "contact"):
            refused = await customer.post(path, data={**FORM, missing: " "})
            assert refused.status_code == 422
        assert (await customer.post(path, data={**FORM, "field_amount": "viel"})).status_code == 422
        assert (await customer.post(path, data={**FORM, "kind": "nothing"})).status_code == 422
        opened = await customer.post(path, data=FORM)
        again = await customer.post(path, data={**FORM, "what_happened": "noch etwas"})
        assert opened.headers["location"].split("?")[0] == again.headers["location"].split("?")[0]
        shown = await customer.get(opened.headers["location"])
        assert "发错货了" in shown.text
        assert (await customer.get(path)).headers["location"].startswith("/c/TS")
        for bad in (path[:-1], "/c/new/TS2611-000001", path.replace("/c/new/", "/c/")):
            assert (await customer.get(bad)).status_code == 404
    file = await office.files.cases.load("TS2611-000001")
    assert (file.case.step, file.case.fields, file.history[0].by) == (
        "registered",
        {"reason": "wrong_item"},
        "customer",
    )
    assert file.case.language is language
    assert office.files.trail.records == []
    office.files.clock.forward(days=31)
    async with office.house.client() as customer:
        assert (await customer.get(path)).status_code == 404


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_of_a_conversation_shows_its_cases_and_opens_new_ones_that_are_told_there(
    office: Office, language: Language
) -> None:
    files = office.files
    shown, hidden = [await files.open(a_complaint(name, conversation_id=name)) for name in ("talk-1", "talk-2")]
    home = files.links.home_path("talk-1")
    async with office.house.client(language=language) as customer:
        page = (await customer.get(home)).text
        assert shown.number in page
        assert hidden.number not in page
        [path] = re.findall(r'href="(/c/new/[^"]+)"', page)
        opened = await customer.post(path, data={**FORM, "contact": ""})
        assert opened.headers["location"].startswith("/c/TS")
        [mine, _] = await files.cases.of_conversation("talk-1")
        assert (mine.conversation_id, mine.what_happened) == ("talk-1", "发错货了")
        assert mine.number in (await customer.get(home)).text
        for _ in range(CaseSettings().customer_opens_a_day - 2):
            [path] = re.findall(r'href="(/c/new/[^"]+)"', (await customer.get(home)).text)
            assert (await customer.post(path, data=FORM)).status_code == 303
        [path] = re.findall(r'href="(/c/new/[^"]+)"', (await customer.get(home)).text)
        assert (await customer.post(path, data=FORM)).status_code == 429
        for bad in (home[:-1], home.replace("/c/mine/talk-1", "/c/mine/talk-2"), "/c/mine/talk-1"):
            assert (await customer.get(bad)).status_code == 404
