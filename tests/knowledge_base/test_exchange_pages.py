"""Promises of packages of pages: Markdown, a help centre's HTML and DOCX are understood, and tricks are refused."""

from __future__ import annotations

import base64
import io
import random
import stat
import zipfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from kit.contracts import Language
from kit.refusals import Refusal
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.adapters import packages
from knowledge_base.adapters.article_files import read_file
from knowledge_base.adapters.drawing import draw_anew
from knowledge_base.contracts.imports import ImportState, Verdict
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.exchange.tables import FileKind
from knowledge_base.exchanging import ImportFile
from knowledge_base.refusals import (
    FileDamaged,
    FileUnpacksTooLarge,
    NoRows,
    PageDamaged,
    PagesDisagree,
    PathRefused,
    PictureRefused,
    UnknownFileKind,
)
from tests.support.articles import ANN, MEI, REFUND, SmallBase, draft, take_in
from tests.support.clock import MovableClock

RETURNS = "---\ntitle: 怎么退货\n标签: [茶具, 007]\n---\n在订单里点**退货**。\n"


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> AsyncIterator[SmallBase]:
    made = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await made.parts.search.open()
    yield made
    await made.parts.search.close()


@pytest.fixture
def desk(base: SmallBase, texts: Texts) -> EditorsDesk:
    return base.desk(texts)


def package(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="png" ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)
SHOWN = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
    f'<a:blip xmlns:r="{OFFICE}" r:embed="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r></w:p>"
)


def paragraph(text: str, style: str = "") -> str:
    mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{mark}<w:r><w:t>{text}</w:t></w:r></w:p>"


def document(body: str, *, head: str = "", image: bytes = b"") -> bytes:
    """A Word file as small as Word would open it."""
    start = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    shown = f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="media/a.png"/>'
    return package(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships xmlns="{RELS}">{start}</Relationships>',
            "word/document.xml": f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}">{shown}</Relationships>',
            "word/media/a.png": image,
        }
    )


def cells(content: bytes, name: str) -> list[dict[str, str | None]]:
    table = read_file(content, name)
    return [dict(zip(table.headings, row.cells, strict=True)) for row in table.rows]


async def test_a_markdown_export_with_its_pictures_changes_nothing_and_fills_another_base(
    base: SmallBase, desk: EditorsDesk, tmp_path: Path, clock: MovableClock, texts: Texts
) -> None:
    image = await desk.images.add(MEI, picture("JPEG"))
    shown = draft("shown", "How does it look?", answer=f"So:\n\n![red]({image.address})")
    for content in (shown, REFUND):
        await base.editing.create(MEI, content)
    exported = await desk.exchange.export(ANN, FileKind.MARKDOWN)
    assert zipfile.ZipFile(io.BytesIO(exported)).namelist() == [
        "en/refund.md", "en/shown.md", f"images/{image.id}.jpeg",
    ]  # fmt: skip
    again = await take_in(desk, MEI, ImportFile(name="articles.zip", content=exported))
    assert again.report is not None
    assert (again.state, again.report.counts) == (ImportState.DONE, {Verdict.SAME: 2})

    database = Database(f"sqlite:///{tmp_path / 'other.db'}")
    await database.create_schema()
    other = SmallBase(database, clock=clock, folder=tmp_path / "other")
    there = other.desk(texts)
    await take_in(there, MEI, ImportFile(name="articles.zip", content=exported))
    article = await other.editing.find("shown")
    assert article is not None
    (named,) = list(read_file(exported, "a.zip").pictures)
    drawn = article.texts[0].answer.partition("(")[2].rstrip(")")
    assert named == image.id
    assert (await there.images.load(drawn.rpartition("/")[2].partition(".")[0], "jpeg"))[:2] == b"\xff\xd8"
    await database.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ntitle: 怎么退款\n---\n{line}"),
        ("a.html", "<html><body><h1>怎么退款</h1><p>{line}</p></body></html>"),
        ("a.csv", "title,answer\n怎么退款,{line}\n"),
        ("a.tsv", "title\tanswer\n怎么退款\t{line}\n"),
        ("a.json", '[{{"title": "怎么退款", "answer": "{line}"}}]'),
    ],
)
def test_every_text_format_is_read_in_every_encoding(name: str, text: str, encoding: str) -> None:
    whole = text.format(line="收到退貨之後三天之內原路退回您的付款帳戶，節假日順延。" * 6)
    if encoding != "big5":
        whole = text.format(line="收到退货之后三天之内原路退回您的付款账户，节假日顺延。" * 6)
    whole = whole.replace("怎么", "怎麼") if encoding == "big5" else whole
    for told in ("", {"utf-8-sig": "utf-8", "gbk": "gb18030"}.get(encoding, encoding)):
        table = read_file(whole.encode(encoding), name, encoding=told)
        found = dict(zip(table.headings, table.rows[0].cells, strict=True))
        assert found["title"] in {"怎么退款", "怎麼退款"}
        assert "三天之" in str(found["answer"])


async def test_a_markdown_folder_of_any_docs_site_is_understood(base: SmallBase, desk: EditorsDesk) -> None:
    files: dict[str, str | bytes] = {
        "zh/售后/how-to-return.md": RETURNS.encode("gbk"),
        "en/after sales/how-to-return.md": "# How do I return it?\n\nPress *Return*.",
        "__MACOSX/zh/._x.md": b"\x00\x05",
    }
    with pytest.raises(PagesDisagree):
        read_file(
            package(files | {"en/after sales/how-to-return.md": "---\n标签: tea\ntitle: How?\n---\nx"}), "docs.zip"
        )
    files["zh/售后/how-to-return.md"] = RETURNS.replace("标签", "category: after sales\n标签").encode("gbk")
    done = await take_in(desk, MEI, ImportFile(name="docs.zip", content=package(files)))
    assert done.report is not None
    assert [(row.name, row.key, row.verdict) for row in done.report.rows] == [
        ("en/after sales/how-to-return.md", "how-to-return", Verdict.CREATE)
    ]
    article = await base.editing.find("how-to-return")
    assert article is not None
    assert {side.language: (side.title, side.answer) for side in article.texts} == {
        Language.EN: ("How do I return it?", "Press *Return*."),
        Language.ZH: ("怎么退货", "在订单里点**退货**。"),
    }
    assert (article.category, article.products) == ("after sales", ("茶具", "007"))


def test_one_help_page_is_split_at_its_questions_and_scripts_stay_outside() -> None:
    page = """<html lang="zh-CN"><head><title>帮助</title></head><body><nav><h2>菜单</h2></nav><main><h1>帮助</h1>
    <section><h2>配送</h2><div><h3>多久送到？</h3><p>三天<script>alert(1)</script>，<a href="javascript:x()">看</a></p>
    <table><tr><th>地区</th><th>天数</th></tr><tr><td>北京</td><td>1</td></tr></table></div>
    <h3>能改地址吗？</h3><ol><li>打开订单</li><li>改地址</li></ol></section>
    <section><h2>退货</h2><h3>怎么退货？</h3><p onclick="x()">点退货。<img src="https://x.example/a.png" alt="图"></p>
    </section></main></body></html>"""
    found = cells(page.encode(), "help.html")
    # "配送" and "退货" occur most highly; as questions they would hold the others, so the title's level decides
    assert [each["zh.title"] for each in found] == ["配送", "退货"]
    flat = page.replace("<h2>配送</h2>", "").replace("<h2>退货</h2>", "<h2>其他</h2>")
    split = cells(flat.encode(), "help.html")
    assert [(each["zh.title"], each["category"]) for each in split] == [
        ("多久送到？", "帮助"),
        ("能改地址吗？", "帮助"),
        ("怎么退货？", "帮助/其他"),
    ]
    answer = str(split[0]["zh.answer"])
    assert "| 北京 | 1 |" in answer
    assert not [bad for bad in ("alert", "javascript", "onclick", "菜单") if bad in flat_text(split)]
    assert split[1]["zh.answer"] == "1. 打开订单\n2. 改地址"
    assert "![图](https://x.example/a.png)" in str(split[2]["zh.answer"])


def flat_text(rows: list[dict[str, str | None]]) -> str:
    return "\n".join(str(cell) for row in rows for cell in row.values())


def test_a_help_centres_package_is_one_article_a_page() -> None:
    data = "data:image/png;base64," + base64.b64encode(picture(size=(2, 2))).decode()
    files: dict[str, str | bytes] = {
        "en/orders/Where_is_it.html": "<title>Shop</title><h1>Where is it?</h1><h2>By post</h2><p>Look "
        f'<img src="../../img/a.png" alt="map"> and <img src="{data}"></p>',
        "zh/orders/where-is-it.html": "<h1>在哪里？</h1><p>看<img src='gone.png'>这里</p>",
        "img/a.png": picture(),
    }
    (row,) = cells(package(files), "export.zip")
    assert (row["key"], row["en.title"], row["category"]) == ("where-is-it", "Where is it?", "orders")
    assert str(row["en.answer"]).startswith("## By post\n\nLook ![map](picture:")
    assert row["zh.answer"] == "看这里"
    assert len(read_file(package(files), "export.zip").pictures) == 2


async def test_a_word_document_becomes_articles_with_tables_and_pictures(base: SmallBase, desk: EditorsDesk) -> None:
    table = "<w:tbl><w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("甲", "乙")) + "</w:tr></w:tbl>"
    body = (
        paragraph("售后", "Heading1") + paragraph("怎么退款？", "Heading2") + paragraph("三天。") + table + SHOWN
        + paragraph("怎么换货？", "Heading2") + paragraph("七天。")
    )  # fmt: skip
    file = ImportFile(name="手册.docx", content=document(body, image=picture()))
    plan = await desk.exchange.plan(MEI, file)
    assert [(row.title, row.draft.category) for row in plan.rows] == [("怎么退款？", "售后"), ("怎么换货？", "售后")]
    answer = plan.rows[0].draft.texts[0].answer
    assert "三天。" in answer
    assert "| 甲 | 乙 |" in answer
    drawn = draw_anew(picture(), size_limit=10**6, pixel_limit=10**6, longest_side=1600)
    await take_in(desk, MEI, file)
    kept = answer.partition("/knowledge/images/")[2].partition(".")[0]
    assert await desk.images.load(kept, "png") == drawn.content


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
BOMB = "---\ntitle: x\na: &a [x, x]\nb: [*a, *a]\n---\n"


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        entry = zipfile.ZipInfo("a.md")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (package({"../a.md": "x"}), "a.zip", PathRefused),
        (package({"/etc/a.md": "x"}), "a.zip", PathRefused),
        (package({"C:/a.md": "x"}), "a.zip", PathRefused),
        (linked(), "a.zip", PathRefused),
        (package({"a.txt": "x"}), "a.zip", UnknownFileKind),
        (package({"a.md": BOMB}), "a.zip", PageDamaged),
        (package({"a.md": "---\ntitle: [a\n---\n"}), "a.zip", PageDamaged),
        (package({"a.md": "---\ntitle: {a: b}\n---\n"}), "a.zip", PageDamaged),
        (package({"a.md": "---\n" + "[" * 5000 + "\n---\n"}), "a.zip", PageDamaged),
        (package({"a.html": "<blockquote>" * 3_000}), "a.zip", PageDamaged),
        (package({"a.md": "x"})[:-30], "a.zip", FileDamaged),
        (b"<h2></h2><h2></h2>", "a.html", NoRows),
        (document(LAUGHS, head=LAUGHS), "a.docx", FileDamaged),
        (package({"word/document.xml": "<a>"}), "a.docx", FileDamaged),
        (package({"a.md": "x"}), "a.docx", FileDamaged),
    ],
    ids=[
        "upwards", "absolute", "drive", "link", "nothing to read", "aliases", "broken front matter", "nested value",
        "deep front matter", "deep markup", "cut off", "empty questions", "entities", "broken part", "no document",
    ],
)  # fmt: skip
def test_tricks_are_refused_by_name(content: bytes, name: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_file(content, name)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_with_wrong_bytes_anywhere_is_read_or_refused_by_name(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr("退货.md", RETURNS * 20)
        packed.writestr("a.xml", "<a>x</a>")
    whole, chance, refused = out.getvalue(), random.Random(method), set()
    for _ in range(2_000):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 2, 4))):
            content[chance.randrange(len(content))] = chance.choice((0, 255, chance.randrange(256)))
        for read in (packages.unpack, packages.check_document):
            try:
                read(bytes(content))
            except (FileDamaged, FileUnpacksTooLarge, PathRefused) as refusal:
                refused.add(type(refusal))
    assert FileDamaged in refused


def test_a_package_that_unfolds_too_far_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "UNPACKED_LIMIT", 1_000_000)
    for name in ("a.zip", "a.docx"):
        with pytest.raises(FileUnpacksTooLarge):
            read_file(package({"a.md": b" " * 1_000_001}), name)


async def test_a_picture_that_cannot_be_shown_takes_the_file_back(base: SmallBase, desk: EditorsDesk) -> None:
    for bad in (b"no picture", picture(size=(9000, 9000))):
        files: dict[str, str | bytes] = {"a.md": "---\ncategory: x\n---\n# A?\n![x](p.png)", "p.png": bad}
        with pytest.raises(PictureRefused) as refused:
            await desk.exchange.plan(MEI, ImportFile(name="a.zip", content=package(files)))
        assert refused.value.slots["number"] == 1
