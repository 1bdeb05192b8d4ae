"""Promises of import and export: a round trip changes nothing, all rows or none, and bad files are refused by name."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kit.contracts import Language
from kit.refusals import NotAllowed, Refusal
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.adapters import article_files, packages, table_files
from knowledge_base.adapters.article_files import read_file as read_table
from knowledge_base.adapters.mapping import content_of
from knowledge_base.adapters.mapping import draft_of as stored_draft
from knowledge_base.contracts import ArticleAction, ArticleStatus, Audience, Change, Details, Draft
from knowledge_base.contracts.imports import ImportState, Verdict
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.exchange.columns import FIELDS, neutral, plain
from knowledge_base.exchange.tables import WRITTEN, FileKind
from knowledge_base.exchanging import Exchange, ImportFile
from knowledge_base.refusals import (
    CellTooLong,
    FileDamaged,
    FileTooLarge,
    FileUnpacksTooLarge,
    NoRows,
    TooManyRows,
    UnknownEncoding,
    UnknownFileKind,
)
from knowledge_base.web.exchange_pages import heading_names
from tests.support.articles import ANN, MEI, REFUND, STORE, SmallBase, side, take_in
from tests.support.clock import MovableClock

HARD = Draft(
    key="hard",
    category="returns/refund",
    products=("air-fryer", "电饭煲"),
    texts=(
        side(Language.ZH, "=退款多久到账？", "'=1+1", "@谁", answer='第一行\n\n| 甲 | 乙 |\n|---|---|\n| "a,b" | ; |'),
        side(Language.EN, "+When is my refund paid?", "-soon", answer="One, two; three\ttab\n'quoted'"),
    ),
    details=Details(
        audience=Audience.AGENTS,
        valid_from=datetime(2027, 1, 1, 8, 30, tzinfo=UTC),
        owner="mei",
        review_on=date(2027, 2, 3),
        follow_ups=("refund", "store"),
        action=ArticleAction.HAND_OVER,
        department="after_sales",
    ),
)
SHOP = "问题,答案,相似问,分类\n能刻字吗,可以。,戒指刻字,门店\n几点开门,九点。,,门店\n"


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


@pytest.fixture
def desk(base: SmallBase, texts: Texts) -> EditorsDesk:
    return base.desk(texts)


@pytest.fixture
def exchange(desk: EditorsDesk) -> Exchange:
    return desk.exchange


def named(kind: FileKind) -> str:
    return "articles.zip" if kind is FileKind.MARKDOWN else f"articles.{kind}"


def csv_file(text: str, *, encoding: str = "utf-8", name: str = "faq.csv", **more: object) -> ImportFile:
    return ImportFile(name=name, content=text.encode(encoding), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(WRITTEN))
async def test_a_round_trip_changes_nothing(
    base: SmallBase, desk: EditorsDesk, exchange: Exchange, kind: FileKind
) -> None:
    for content in (HARD, REFUND, STORE):
        await base.editing.create(MEI, content)
    exported = await exchange.export(ANN, kind)
    file = ImportFile(name=named(kind), content=exported)
    done = await take_in(desk, MEI, file)
    assert done.report is not None
    assert done.report.counts == {Verdict.SAME: 3}, [row.fields for row in done.report.rows]
    article = await base.editing.find("hard")
    assert article is not None
    assert (article.version, article.content) == (1, HARD)


@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind is not FileKind.MARKDOWN])
async def test_an_export_fills_an_empty_base_with_the_same_articles(
    base: SmallBase, desk: EditorsDesk, exchange: Exchange, kind: FileKind
) -> None:
    made = await base.editing.create(MEI, HARD)
    exported = await exchange.export(ANN, kind)
    other = replace(HARD, key="other")
    text = exported if kind is not FileKind.JSON else exported.replace(b'"hard"', b'"other"')
    if kind is not FileKind.JSON:
        table = read_table(exported, f"x.{kind}")
        cells = {heading: table.rows[0].cells[at] or "" for at, heading in enumerate(table.headings)}
        text = table_files.write_table(kind, table.headings, [cells | {"key": "other"}])
    await take_in(desk, MEI, ImportFile(name=f"x.{kind}", content=text))
    found = await base.editing.find("other")
    assert found is not None
    assert (found.content, found.status) == (other, ArticleStatus.DRAFT)
    assert made.content == HARD


@pytest.mark.parametrize(
    ("action", "department", "fault"),
    [
        ("hand_over", "unheard_of", "department"),
        ("hand_over", "售后", "department"),
        ("open_complaint", "after_sales", "department_alone"),
        ("", "after_sales", "department_alone"),
    ],
)
async def test_a_row_is_refused_at_a_department_that_it_cannot_name(
    exchange: Exchange, action: str, department: str, fault: str
) -> None:
    file = csv_file(f"key,zh.title,category,action,department\nring,能刻字吗,shops,{action},{department}\n")
    plan = await exchange.plan(MEI, file)
    assert [row.faults for row in plan.rows] == [{"department": f"knowledge_base.fault.{fault}"}]


def test_a_version_from_before_departments_names_none() -> None:
    stored: Any = content_of(HARD)
    assert stored["details"].pop("department") == "after_sales"
    assert stored_draft(stored) == replace(HARD, details=replace(HARD.details, department=""))


async def test_a_file_from_before_departments_leaves_them_and_takes_them_away_with_their_action(
    base: SmallBase, desk: EditorsDesk
) -> None:
    await base.editing.create(MEI, HARD)
    done = await take_in(desk, MEI, csv_file("key,action\nhard,hand_over\n"))
    assert done.report is not None
    assert done.report.counts == {Verdict.SAME: 1}
    await take_in(desk, MEI, csv_file("key,action\nhard,open_complaint\n"))
    article = await base.editing.find("hard")
    assert article is not None
    assert (article.details.action, article.details.department) == (ArticleAction.OPEN_COMPLAINT, "")


async def test_no_cell_of_an_export_is_a_formula(base: SmallBase, exchange: Exchange) -> None:
    await base.editing.create(MEI, HARD)
    rows = list(csv.reader(io.StringIO((await exchange.export(ANN, FileKind.CSV)).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    sheet = load_workbook(io.BytesIO(await exchange.export(ANN, FileKind.XLSX))).worksheets[0]
    cells += [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["", "=1", "'=1", "''@x", "plain", "'quoted'", "-", "\t", "'"])
def test_neutral_text_is_made_plain_again(text: str) -> None:
    assert plain(neutral(text)) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_encoding_is_found_out(encoding: str) -> None:
    text = "问题,答案\n" if encoding != "big5" else "問題,答案\n"
    line = "退款多久可以到帳,收到退貨之後三天之內原路退回您的付款帳戶，節假日順延。"
    simple = "退款多久可以到账,收到退货之后三天之内原路退回您的付款账户，节假日顺延。"
    text += (line if encoding == "big5" else simple) * 8 + "\n"
    found = read_table(text.encode(encoding), "faq.csv")
    assert found.headings[1] == "答案"
    assert "三天之" in str(found.rows[0].cells[1])


async def test_a_shops_own_spreadsheet_is_understood_and_read_again_updates(
    base: SmallBase, desk: EditorsDesk, exchange: Exchange
) -> None:
    plan = await exchange.plan(MEI, csv_file(SHOP, encoding="gbk"))
    assert dict(plan.fields) == {0: "zh.title", 1: "zh.answer", 2: "zh.questions", 3: "category"}
    assert (await base.editing.list(MEI)).total == 0, "a dry run stores nothing"
    done = (await take_in(desk, MEI, csv_file(SHOP, encoding="gbk"))).report
    assert done is not None
    assert done.count(Verdict.CREATE) == 2
    again = (await take_in(desk, MEI, csv_file(SHOP.replace("九点", "十点"), encoding="gbk"))).report
    assert again is not None
    assert [(row.number, row.verdict, row.fields) for row in again.rows] == [
        (3, Verdict.CHANGE, ("zh.answer",)),
        (2, Verdict.SAME, ()),
    ]
    changed = await base.editing.find(again.rows[0].key)
    assert changed is not None
    versions, _ = await base.editing.history(MEI, changed.id)
    assert [each.change for each in versions] == [Change.IMPORTED, Change.IMPORTED]
    assert base.trail.records[-1].action == "knowledge_base.import"


async def test_columns_that_a_file_lacks_are_left_alone(base: SmallBase, desk: EditorsDesk) -> None:
    await base.editing.create(MEI, HARD)
    await take_in(desk, MEI, csv_file("key,zh.answer\nhard,新答案\n"))
    found = await base.editing.find("hard")
    assert found is not None
    text = replace(HARD.texts[0], answer="新答案")
    assert found.content == replace(HARD, texts=(text, HARD.texts[1]))


async def test_one_bad_row_and_nothing_is_stored(base: SmallBase, desk: EditorsDesk, exchange: Exchange) -> None:
    bad = "key,category,en.title,review_on\ngood-one,a,Good?,\nBad Key,a,Bad?,\ngood-one,a,Twice?,\nlast,a,Last?,soon\n"
    plan = await exchange.plan(MEI, csv_file(bad))
    assert [(row.number, row.verdict, dict(row.faults)) for row in plan.rows] == [
        (2, Verdict.CREATE, {}),
        (3, Verdict.REFUSE, {"key": "knowledge_base.fault.key"}),
        (4, Verdict.REFUSE, {"key": "knowledge_base.fault.key_twice"}),
        (5, Verdict.REFUSE, {"review_on": "knowledge_base.fault.day"}),
    ]
    tried = await take_in(desk, MEI, csv_file(bad))
    assert tried.report is not None
    assert (tried.state, tried.report.count(Verdict.REFUSE)) == (ImportState.CHECKED, 3)
    assert (await base.editing.list(MEI)).total == 0


async def test_deleted_articles_keep_their_keys(base: SmallBase, exchange: Exchange) -> None:
    made = await base.editing.create(MEI, REFUND)
    await base.editing.delete(MEI, made.id, expected_version=1)
    (row,) = (await exchange.plan(MEI, csv_file("key,category,en.title\nrefund,a,Again?\n"))).rows
    assert dict(row.faults) == {"key": "knowledge_base.fault.key_deleted"}


async def test_columns_chosen_once_are_remembered(desk: EditorsDesk, exchange: Exchange) -> None:
    text = "Spalte 1,Spalte 2,Ordner\nDo you engrave?,Yes.,shops\n"
    assert (await exchange.plan(MEI, csv_file(text))).rows == ()
    assert (await take_in(desk, MEI, csv_file(text))).state is ImportState.CHECKED
    await take_in(desk, MEI, csv_file(text, fields={0: "en.title", 1: "en.answer", 2: "category", 9: "key"}))
    remembered = await exchange.plan(MEI, csv_file(text))
    assert dict(remembered.fields) == {0: "en.title", 1: "en.answer", 2: "category"}


async def test_agents_export_and_do_not_import(exchange: Exchange) -> None:
    with pytest.raises(NotAllowed):
        await exchange.plan(ANN, csv_file(SHOP))
    assert json.loads(await exchange.export(ANN, FileKind.JSON)) == []


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
FAR = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    b'<sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
)
BOOK = workbook(("zh.title", "category"), ("能刻字吗", "shops"))


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"x", "faq.exe", UnknownFileKind),
        (b"x", "faq.xlsx", UnknownFileKind),
        (BOOK, "faq.csv", UnknownFileKind),
        (b"PK\x03\x04 broken", "faq.xlsx", FileDamaged),
        (with_part(BOOK, SHEET, LAUGHS), "faq.xlsx", FileDamaged),
        (with_part(BOOK, SHEET, b"<worksheet>"), "faq.xlsx", FileDamaged),
        (with_part(BOOK, SHEET, FAR), "faq.xlsx", TooManyRows),
        (b'[{"a": 1}', "faq.json", FileDamaged),
        (b'{"a": 1}', "faq.json", FileDamaged),
        (b"[" * 100_000, "faq.json", FileDamaged),
        (b"title\n\n \n", "faq.csv", NoRows),
        (b"", "faq.csv", NoRows),
        (b"title\n" + b"x" * 40_001, "faq.csv", CellTooLong),
        (b"title\n" + b"x\n" * 100_001, "faq.csv", TooManyRows),
    ],
    ids=[
        "other kind", "no workbook", "a workbook called csv", "broken zip", "entities", "broken xml", "a line far down",
        "broken json", "no list", "deep json", "empty rows", "nothing", "long cell", "many rows",
    ],
)  # fmt: skip
def test_bad_files_are_refused_by_name(content: bytes, name: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_table(content, name)


def test_what_unfolds_too_far_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "UNPACKED_LIMIT", 2_000_000)
    bomb = with_part(BOOK, SHEET, b" " * 2_000_001)
    assert len(bomb) < 20_000
    with pytest.raises(FileUnpacksTooLarge):
        read_table(bomb, "faq.xlsx")
    monkeypatch.setattr(article_files, "SIZE_LIMIT", 100)
    with pytest.raises(FileTooLarge):
        read_table(b"x" * 101, "faq.csv")


def test_a_wrong_encoding_is_said_and_an_unknown_one_refused() -> None:
    with pytest.raises(UnknownEncoding):
        read_table("问题\n退款".encode("gbk"), "faq.csv", encoding="utf-8")
    with pytest.raises(UnknownEncoding):
        read_table(b"x", "faq.csv", encoding="rot13")
    assert read_table("問題\n退款".encode("big5"), "faq.csv", encoding="big5").headings == ("問題",)


def test_numbers_and_semicolons_of_spreadsheets_are_read() -> None:
    book = read_table(workbook(("zh.title", "key"), ("能刻字吗", 12.0), (None, None), ("再问", 3.5)), "a.xlsx")
    assert [(row.number, row.cells) for row in book.rows] == [(2, ("能刻字吗", "12")), (4, ("再问", "3.5"))]
    days = read_table(workbook(("zh.title", "review_on"), ("能刻字吗", datetime(2027, 2, 3))), "a.xlsx")  # noqa: DTZ001
    assert days.rows[0].cells == ("能刻字吗", "2027-02-03")
    separated = read_table(b'en.title;en.answer\n"Two\nlines";x\nnext;y\n', "a.csv")
    assert [(row.number, row.cells) for row in separated.rows] == [(2, ("Two\nlines", "x")), (4, ("next", "y"))]


def test_every_field_has_a_name_in_both_languages(texts: Texts) -> None:
    names = heading_names(texts)
    assert {field.rpartition(".")[2] for field in FIELDS} == set(names)
