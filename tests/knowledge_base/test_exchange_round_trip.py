"""tests: whatever an article holds, writing it to a file and reading that file gives the same article."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kit.contracts import Language
from knowledge_base.adapters.article_files import DeskFiles, read_file
from knowledge_base.attached_files import id_of
from knowledge_base.contracts import (
    Article,
    ArticleAction,
    ArticleStatus,
    ArticleText,
    Attachment,
    Audience,
    Details,
    Draft,
)
from knowledge_base.contracts.imports import Verdict
from knowledge_base.exchange.columns import FIELDS, STANDING, row_of
from knowledge_base.exchange.mapping import guess_fields
from knowledge_base.exchange.planning import keys_of, plan_rows
from knowledge_base.exchange.tables import WRITTEN, FileKind
from knowledge_base.validation import find_faults, tidy

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PIECES = [
    "---",
    "\n",
    "# 标题",
    "=1+1",
    "'",
    '"',
    "|",
    "- a",
    ": ",
    "{",
    "&a",
    "*",
    "\u2028",
    "\x85",
    "\ufeff",
    "😀",
    "é",
]
CONTENTS = {id_of(content): content for content in (b"%PDF-1.7 one", b"%PDF-1.7 two", b"%PDF-1.7 three")}
FILES = [
    Attachment(id=file_id, name=name)
    for file_id, name in zip(CONTENTS, ("保修 卡（新）.pdf", "a, b; [c] #1.pdf", "'=1+1.pdf"), strict=True)
]
IDS = frozenset(CONTENTS)
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])
words = st.lists(st.one_of(st.sampled_from(PIECES), st.text(LETTERS, max_size=8)), max_size=8).map("".join)
lines = words.map(lambda text: "".join(re.split("[\n\r\x85\u2028\u2029]", text)))
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def sides(draw: st.DrawFn, language: Language) -> ArticleText:
    return ArticleText(
        language=language,
        title=draw(lines) + "?",
        answer=draw(words),
        short=draw(words),
        questions=tuple(draw(st.lists(lines, max_size=3))),
        attachments=tuple(draw(st.lists(st.sampled_from(FILES), max_size=3, unique=True))),
    )


departments = st.sampled_from(["", "after_sales", "no"])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    languages = draw(st.sets(st.sampled_from(list(Language)), min_size=1))
    action = draw(st.none() | st.sampled_from(list(ArticleAction)))
    return Draft(
        key=draw(st.sampled_from(["refund", "007", "no", "1e3", "null"])),
        category=draw(st.sampled_from(["shops", "门店/服务", "1.0", "no"])),
        products=tuple(draw(st.lists(st.sampled_from(["tea", "茶 具", "2.0", "a.b"]), max_size=2, unique=True))),
        texts=tuple(draw(sides(language)) for language in sorted(languages, reverse=True)),
        details=Details(
            audience=draw(st.sampled_from(list(Audience))),
            valid_from=draw(st.none() | moments),
            owner=draw(st.sampled_from(["", "mei", "1", "~"])),
            review_on=draw(st.none() | st.dates(min_value=date(2026, 1, 1), max_value=date(2040, 1, 1))),
            follow_ups=tuple(draw(st.lists(st.sampled_from(["store", "12", "yes"]), max_size=2, unique=True))),
            action=action,
            department=draw(departments) if action is ArticleAction.HAND_OVER else "",
        ),
    )


def stored(draft: Draft) -> Article:
    return Article(
        id="a",
        key=draft.key,
        category=draft.category,
        products=draft.products,
        status=ArticleStatus.DRAFT,
        version=1,
        published_version=None,
        texts=draft.texts,
        updated_at=NOW,
        updated_by="Mei",
        details=draft.details,
    )


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=15, deadline=None)
@given(drafts())
@example(
    Draft(
        key="refund",
        category="shops",
        products=(),
        texts=(ArticleText(language=Language.EN, title="?", answer="", short="---\x85---", questions=()),),
    )
)
def test_a_round_trip_changes_nothing_whatever_an_article_holds(kind: FileKind, content: Draft) -> None:
    draft = tidy(content)
    assume(not find_faults(draft, publishing=False))
    article = stored(draft)
    written = DeskFiles().write(kind, (*FIELDS, *STANDING), [row_of(article)], pictures={}, attachments=CONTENTS)
    table = read_file(written, "articles.zip" if kind is FileKind.MARKDOWN else f"articles.{kind}")
    fields = guess_fields(table.headings, {}, language=Language.ZH)
    keys = keys_of(table.rows, fields)
    (row,) = plan_rows(table.rows, keys, fields, known={article.key: article}, deleted=(), seen=set(), files=IDS)
    assert (row.verdict, row.fields, dict(row.faults)) == (Verdict.SAME, (), {})
    (fresh,) = plan_rows(table.rows, keys, fields, known={}, deleted=(), seen=set(), files=IDS)
    assert fresh.draft == draft
