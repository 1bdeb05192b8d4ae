"""nlu.complaint: plain rules that raise the severity."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from nlu.complaint.rules import Rules
from nlu.contracts import Severity
from nlu.normalise import fold
from nlu.settings import ComplaintSettings, SeverityRule

RULES = Rules(ComplaintSettings().rules)


def names(text: str) -> set[str]:
    return {hit.rule for hit in RULES.hits(fold(text))}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("微波炉冒烟了", "fire"),
        ("冰箱漏電", "fire"),
        ("there is a BURNING smell from the washer", "fire"),
        ("孩子被烫伤了", "injury"),
        ("the kettle gave my wife an electric shock", "injury"),
        ("你们这是诈骗", "fraud"),
        ("somebody stole my points", "fraud"),
        ("我的信息泄露了", "privacy"),
        ("you leaked my address", "privacy"),
        ("我要打12315", "regulator"),
        ("I'll report you to Trading Standards", "regulator"),
        ("律师函已经寄出", "legal_threat"),
        ("see you in court", "legal_threat"),
        ("我发抖音曝光你们", "media"),
        ("a journalist is already asking", "media"),
        ("未成年人乱充值", "minors"),
        ("不想活了", "self_harm"),
        ("i want to die", "self_harm"),
        ("没人管 我手都烫伤了", "injury"),
        ("no answer from you and my hand is burned, bleeding", "injury"),
        ("i will not sue if you call today", "legal_threat"),
    ],
)
def test_a_danger_is_heard(text: str, rule: str) -> None:
    assert rule in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "没有受伤",
        "no one was hurt, luckily",
        "幸好没有人受伤",
        "没有发生爆炸",
        "there was no fire and nobody was injured",
        "we never saw any sparks",
        "工商银行的卡能用吗",
        "does the fire stick work with it",
        "the smoke detector app",
        "the courtesy was great",
        "i am suede",
        "sparkling water",
        "吸油烟机有吗",
        "这个颜色真好看",
        "",
    ],
)
def test_words_inside_other_words_or_excused_ones_do_not_count(text: str) -> None:
    assert names(text) == set()


def test_the_most_severe_rule_comes_first_with_its_words() -> None:
    rules = Rules(
        [
            SeverityRule(name="late", severity=Severity.SERIOUS, words=("三次", "third time")),
            SeverityRule(name="burn", severity=Severity.CRITICAL, words=("burn*", "my..hand")),
        ]
    )
    hits = rules.hits(fold("The third time it burned my left hand!"))
    assert [hit.rule for hit in hits] == ["burn", "late"]
    assert hits[0].words == ("burned", "my left hand")


def test_two_rules_of_one_name_and_a_rule_without_words_are_refused() -> None:
    rule = {"name": "a", "severity": "critical", "words": ["x"]}
    with pytest.raises(ValidationError, match="same name"):
        ComplaintSettings.model_validate({"rules": [rule, rule]})
    with pytest.raises(ValidationError):
        ComplaintSettings.model_validate({"rules": [{**rule, "words": []}]})
    with pytest.raises(ValidationError):
        ComplaintSettings.model_validate({"rules": [{**rule, "severity": "horrible"}]})
