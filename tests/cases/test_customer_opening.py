"""tests: a customer opens one case by a signed link, and only one."""

from __future__ import annotations

import re

import pytest

from kit.contracts import Language
from tests.cases.office import Office

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
