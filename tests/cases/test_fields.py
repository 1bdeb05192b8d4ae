"""tests: what a kind asks for: checked at the start, asked in the form, kept, shown, given to programs."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pydantic import ValidationError

from cases.contracts import NewCase
from cases.fields import check_fields
from cases.refusals import CaseChanged, FieldMissing, FieldUnfit, UnknownField
from cases.settings import CaseSettings, FieldForm, KindField
from cases.settings.named import Named
from kit.contracts import Language
from kit.refusals import Refusal
from tests.cases.office import Office
from tests.cases.support import COMPLAINT, MEI, Files

TEXT = KindField(name="place", zh="地址", en="Address", required=True)
COUNT = KindField(name="count", zh="数量", en="Count", form=FieldForm.NUMBER)
DAY = KindField(name="day", zh="日期", en="Day", form=FieldForm.DATE)
WHY = KindField(
    name="why", zh="原因", en="Why", form=FieldForm.CHOICE, choices=(Named(name="faulty", zh="故障", en="Faulty"),)
)
ALL = (TEXT, COUNT, DAY, WHY)
BACK: NewCase = replace(COMPLAINT, key="back", kind="return_refund")


def test_what_fits_is_kept_and_what_is_empty_left_out() -> None:
    given = {"place": " 长安街 1 号 ", "count": "-12.50", "day": "2026-11-22", "why": "faulty"}
    assert check_fields(ALL, given) == {**given, "place": "长安街 1 号"}
    assert check_fields(ALL, {"place": "x", "count": " "}) == {"place": "x"}


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({}, FieldMissing),
        ({"place": " "}, FieldMissing),
        ({"place": "x" * 501}, FieldUnfit),
        ({"place": "a\x00b"}, FieldUnfit),
        ({"place": "x", "count": "viele"}, FieldUnfit),
        ({"place": "x", "count": "NaN"}, FieldUnfit),
        ({"place": "x", "count": "1e40"}, FieldUnfit),
        ({"place": "x", "day": "22.11.2026"}, FieldUnfit),
        ({"place": "x", "why": "because"}, FieldUnfit),
        ({"place": "x", "nobody": "x"}, UnknownField),
    ],
)
def test_what_does_not_fit_is_named(given: dict[str, str], refused: type[Refusal]) -> None:
    with pytest.raises(refused) as caught:
        check_fields(ALL, given)
    assert caught.value.field


def test_faults_in_config_are_all_named_at_the_start() -> None:
    kind = {
        "name": "complaint",
        "zh": "投诉",
        "en": "Complaint",
        "workflow": "full",
        "fields": [
            {"name": "a", "zh": "甲", "en": "A"},
            {"name": "a", "zh": "乙", "en": "B", "form": "choice"},
            {"name": "c", "zh": "丙", "en": "C", "choices": [{"name": "x", "zh": "子", "en": "X"}] * 2},
        ],
    }
    with pytest.raises(ValidationError) as caught:
        CaseSettings.model_validate({"kinds": [kind]})
    told = str(caught.value)
    for fault in ("field a stands there twice", "field a needs choices", "field c needs choices", "a choice twice"):
        assert fault in told


async def test_fields_are_kept_with_the_file_and_each_change_is_a_line(files: Files) -> None:
    file = await files.handling.register(replace(BACK, fields={"amount": "128.50"}), by=MEI)
    assert file.case.fields == {"amount": "128.50"}
    with pytest.raises(FieldUnfit):
        await files.handling.register(replace(BACK, key="other", fields={"amount": "viel"}), by=MEI)
    given = {"amount": "", "reason": "wrong_item"}
    filled = await files.handling.fill(file.case.number, given, by=MEI, version=file.version)
    assert filled.case.fields == {"reason": "wrong_item"}
    lines = [(line.before, line.after) for line in filled.history if line.what == "field"]
    assert lines == [("amount", ""), ("reason", "wrong_item")]
    with pytest.raises(CaseChanged):
        await files.handling.fill(file.case.number, {}, by=MEI, version=file.version)


@pytest.mark.parametrize("language", list(Language))
async def test_the_form_asks_what_the_kind_asks_and_the_page_shows_it(office: Office, language: Language) -> None:
    async with office.signed_in(language=language) as client:
        page = (await client.get("/cases/new?kind=return_refund")).text
        assert {"zh": "退货原因", "en": "Reason"}[language.value] in page
        assert 'name="field_serial_number"' not in page
        assert 'name="field_serial_number"' in (await client.get("/cases/new?kind=repair")).text
        form = {
            "key": re.findall(r'name="key" value="([^"]+)"', page)[0],
            "kind": "return_refund",
            "category": "refund_return",
            "severity": "normal",
            "language": language.value,
            "what_happened": "错发",
            "field_amount": "viel",
            "field_reason": "wrong_item",
        }
        refused = await client.post("/cases/new", data=form)
        assert refused.status_code == 422
        assert 'value="viel"' in refused.text
        assert 'aria-invalid="true"' in refused.text
        opened = await client.post("/cases/new", data={**form, "field_amount": "88"})
        assert opened.status_code == 303
        shown = (await client.get(opened.headers["location"])).text
        assert {"zh": "发错货", "en": "Wrong item"}[language.value] in shown
        number = opened.headers["location"].split("/")[2].removesuffix("?saved")
        again = await client.post(f"/cases/{number}/fields", data={"version": 1, "field_reason": "faulty"})
        assert again.status_code == 303
        assert {"zh": "有故障", "en": "Faulty"}[language.value] in (await client.get(f"/cases/{number}")).text


async def test_a_list_is_exported_with_the_fields_and_within_the_scope(office: Office) -> None:
    await office.files.handling.register(replace(BACK, fields={"reason": "faulty", "amount": "88"}), by=MEI)
    await office.files.open()
    async with office.signed_in() as client:
        [account] = await office.house.staff.accounts()
        answer = await client.get("/cases/export?kind=return_refund")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        assert rows[0][-2:] == ["Amount", "Reason"]
        assert [row[-2:] for row in rows[1:]] == [["88", "Faulty"]]
        assert "/cases/export?kind=return_refund" in (await client.get("/cases?kind=return_refund")).text
        office.sights.limit(account.id, "consultation")
        nothing = load_workbook(io.BytesIO((await client.get("/cases/export")).content)).active
        assert nothing.max_row == 4
    trail = (await office.house.staff.audit_page(before=None)).records
    assert [line.after for line in trail if line.action == "cases.exported"] == ["0 / 0", "1 / 1"]
