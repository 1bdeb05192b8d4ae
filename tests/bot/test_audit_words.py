"""tests: what the audit trail notes is read in the reader's words; what people typed stays theirs."""

from __future__ import annotations

import pytest

from bot.audit_words import NamesInTheTrail
from cases.settings import CaseSettings
from handoff.settings import HandoffSettings
from kit.contracts import Language
from kit.texts import Texts
from staff.web.audit_words import in_words


@pytest.mark.parametrize(
    ("action", "noted", "chinese"),
    [
        ("cases.severity", "critical", "紧急"),
        ("cases.category", "product_quality", "商品质量"),
        ("cases.step", "closed", "已结案"),
        ("cases.step", "confirmed", "事实已核实 / 故障已确认"),
        ("cases.department", "after_sales", "售后"),
        ("cases.follow_up", "unsolved", "还没有解决"),
        ("cases.comment", "critical", "critical"),
        ("staff.change_account", "mei (小梅), agent+supervisor, zh, active", "mei (小梅), 客服+主管, 中文, 正常"),
        ("handoff.urgency", "critical", "紧急"),
        ("knowledge_base.flag", "out_of_date, en\nrefund: wrong, they said", "已过时, 英文\nrefund: wrong, they said"),
        ("knowledge_base.flag_settled", "mended", "已改好"),
        ("handoff.key_account", "key_account, -", "大客户, -"),
        (
            "handoff.profile",
            "complaints, zh, invoices, capacity=3, web=2, shifts=early/late/-/-/-/-/night",
            "投诉, 中文, 发票, 同时接待=3, 网页=2, 周一至周日班次=早班/晚班/-/-/-/-/夜班",
        ),
    ],
)
def test_names_are_read_in_words(texts: Texts, action: str, noted: str, chinese: str) -> None:
    words = NamesInTheTrail(cases=CaseSettings(), desk=HandoffSettings(), texts=texts)
    assert in_words(noted, words(action, Language.ZH)) == chinese
