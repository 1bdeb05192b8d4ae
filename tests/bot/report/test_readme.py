"""The first page says of the answers what docs/evaluation.json says: nobody reads figures there that are older."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from bot.app.report.intervals import Interval
from bot.app.report.page import published
from kit.contracts import Language
from kit.rooms import HOUSE

ROWS = {
    "right article first|第一条就是对的文章": ("answers", ("top1",)),
    "right article among the first five|前五条里有对的文章": ("answers", ("recall5",)),
    "precision of|“直接回答”的准确率": ("answers", ("precision",)),
    "coverage:|覆盖率": ("answers", ("coverage",)),
    "complaints: precision|投诉识别": ("complaints", ("precision", "recall")),
    "complaints: category|投诉分类": ("complaints", ("category_macro_f1",)),
    "complaints: severity|投诉严重程度": ("complaints", ("severity_kappa", "critical_recall")),
}
"""How a row of the table begins, in either language, and whose figures stand in it."""


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("row", ROWS)
def test_the_first_page_has_the_published_figures(page: str, row: str) -> None:
    found = re.search(rf"^\| (?:{row}).*$", (HOUSE / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    cells = [cell.strip() for cell in found[0].strip("|").split("|")]
    known = published((HOUSE / "docs" / "evaluation.json").read_text(encoding="utf-8"))
    group, names = ROWS[row]
    for cell, language in zip(cells[1:3], (Language.ZH, Language.EN), strict=True):
        figures = known[f"{group} {language}"]
        assert re.findall(r"\.\d\d", cell) == [_two_places(figures[name]) for name in names]


def _two_places(figure: Interval) -> str:
    return str(Decimal(str(figure.value)).quantize(Decimal(".01"), ROUND_HALF_UP)).removeprefix("0")
