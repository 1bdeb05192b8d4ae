"""tests: what is a promise in a colleague's words, and until when."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cases.promise_words import promise_in
from handoff.hours import hours_of
from handoff.settings import HandoffSettings, WeeklyHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = hours_of(HandoffSettings(hours=WeeklyHours(sat=("09:00-18:00",), sun=())))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


NOW = at("2026-11-20 14:00")
"""A Friday afternoon; Saturday is short, Sunday closed."""


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("好的，我们会在下午6点前给您回电。", "2026-11-20 18:00"),
        ("我六点前给您打电话", "2026-11-20 18:00"),
        ("明天上午十点半之前会有同事联系您", "2026-11-21 10:30"),
        ("今晚8:30前给您答复", "2026-11-20 20:30"),
        ("后天12点以前一定给您结果", "2026-11-22 12:00"),
        ("我们会在两小时内回复您", "2026-11-20 16:00"),
        ("半小时内给您回电", "2026-11-20 14:30"),
        ("我们会在30分钟之内联系您", "2026-11-20 14:30"),
        ("一个半小时内给您答复", "2026-11-20 15:30"),
        ("3个工作日内会给您处理结果", "2026-11-24 22:00"),
        ("三天内为您安排上门", "2026-11-23 14:00"),
        ("今天下班前给您答复", "2026-11-20 22:00"),
        ("明天内一定联系您", "2026-11-21 18:00"),
        ("抱歉久等了。我们会在下午5点前回复您。还有别的问题吗？", "2026-11-20 17:00"),
        ("We'll call you before 6 pm.", "2026-11-20 18:00"),
        ("I will get back to you by 10:30 am tomorrow", "2026-11-21 10:30"),
        ("A colleague will contact you by tomorrow at 9 a.m.", "2026-11-21 09:00"),
        ("We will let you know within two hours", "2026-11-20 16:00"),
        ("We'll refund you within 3 working days.", "2026-11-24 22:00"),
        ("I'll reply by tomorrow.", "2026-11-21 18:00"),
        ("Someone will call you by the end of the day", "2026-11-20 22:00"),
        ("We will call you before 6", "2026-11-20 18:00"),
    ],
)
def test_a_promise_has_its_time(text: str, due: str) -> None:
    heard = promise_in(text, at=NOW, hours=HOURS)
    assert heard is not None
    assert heard.due_at == at(due)
    assert heard.text in text


@pytest.mark.parametrize(
    "text",
    [
        "您能在下午6点前给我们回电吗？",
        "请您在今天6点前把照片发来",
        "您是昨天6点前收到的",
        "我们不能保证两小时内回复您",
        "门店晚上9点前都开着",
        "退款一般3个工作日内到账",
        "我们会尽快联系您",
        "您好，请问有什么可以帮您",
        "",
        "Could you send it before 6 pm?",
        "We can't call you before 6 pm.",
        "We will call you.",
        "The store closes by 9 pm.",
        "I will send 3 parts",
        "我们会在99点前给您回电",
        "We will call you within 900 days",
    ],
)
def test_what_is_no_promise_of_ours_is_none(text: str) -> None:
    assert promise_in(text, at=NOW, hours=HOURS) is None


def test_an_hour_that_is_over_means_the_next_one() -> None:
    late = at("2026-11-20 21:00")
    heard = promise_in("我们会在上午10点前给您回电", at=late, hours=HOURS)
    assert heard is not None
    assert heard.due_at == at("2026-11-21 10:00")


def test_the_words_of_a_long_text_are_read_in_no_time_to_speak_of() -> None:
    assert promise_in("会" * 20_000 + "给您" * 20_000, at=NOW, hours=HOURS) is None
