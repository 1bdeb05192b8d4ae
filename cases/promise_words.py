"""cases: a promise in what a colleague writes to a customer: "we call you before 6 pm", "两小时内给您答复". Pure.

Only a sentence that both commits the house and names a time counts; a question never does. What is missed can be noted
on the page of the file, and what is noted wrongly can be taken off there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kit.hours import OpeningHours, moment, open_spans

SENTENCE = re.compile(r"[^。！？!?\n;；]+[。！？!?\n;；]?|[^。！？!?\n;；]+$")
QUESTION = re.compile(r"[？?]\s*$|吗[。.]?\s*$")
COMMITS = re.compile(
    r"(?:会|将|给您|给你|为您|保证|一定|安排).{0,30}(?:回电|来电|致电|打电话|电话|回复|答复|联系|处理|解决|通知|告诉|上门|寄出|发出|退款|安排|结果)"
    r"|(?:回电|致电|打电话|回复|答复|联系|通知|告诉|处理|解决)(?:您|你)"
    r"|\b(?:i|we|he|she|they|colleague|technician|somebody|someone)(?:'ll| will| shall)\b"
    r".{0,40}\b(?:call|ring|phone|contact|get back|reply|answer|email|write|let you know)\b"
    r"|\b(?:i|we|he|she|they|colleague|technician|somebody|someone)(?:'ll| will| shall)\b"
    r".{0,40}\b(?:refund|send|ship|fix|visit|come)\b",
    re.IGNORECASE,
)
DENIES = re.compile(r"(?:不能|无法|没法|不保证|不会)|\b(?:can't|cannot|won't|will not|not able)\b", re.IGNORECASE)
NUMBERS = {
    **{name: number for number, name in enumerate("零一二三四五六七八九十")},
    "两": 2,
    "半": 0.5,
    "十一": 11,
    "十二": 12,
    "an": 1,
    "a": 1,
    "half an": 0.5,
    **{
        name: number
        for number, name in enumerate(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
        )
    },
}
COUNT = (
    r"(?P<count>\d{1,3}|十[一二]|[一二三四五六七八九十两半]"
    r"|half an|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
)
WITHIN = re.compile(
    rf"{COUNT} ?个?半?(?P<unit>分钟|小时|钟头|个?工作日|天)(?:之内|以内|内)"
    rf"|within (?:the next )?{COUNT.replace('count', 'number')} (?P<word>minute|hour|working day|business day|day)s?",
    re.IGNORECASE,
)
DAY = r"(?P<day>今天|今日|今晚|明天|明日|明早|明晚|后天)"
BEFORE_ZH = re.compile(
    rf"{DAY}?(?P<part>早上|上午|中午|下午|傍晚|晚上)?(?P<hour>\d{{1,2}}|十[一二]|[一二三四五六七八九十两])"
    r"(?:点(?P<half>半)?|[:：])(?P<minute>\d{2})?分?钟?(?:之前|以前|前)"
)
DAY_ZH = re.compile(rf"{DAY}(?:之内|以内|内|下班前|结束前|之前|以前|前)")
BEFORE_EN = re.compile(
    r"\b(?:by|before|no later than|not later than) (?:(?P<first>today|tomorrow|tonight)(?: at| by)? )?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))? ?(?P<half>[ap])?\.?(?:m\b\.?)?(?: (?P<last>today|tomorrow|tonight))?"
    r"(?! ?(?:minutes?|hours?|days?|weeks?|%|/|-|\d))",
    re.IGNORECASE,
)
DAY_EN = re.compile(
    r"\b(?:by|before) (?:the end of )?(?P<day>today|tomorrow|tonight|the day|end of day)\b|\b(?P<now>today)\b",
    re.IGNORECASE,
)
AHEAD = {"明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "tomorrow": 1}
AFTERNOON = frozenset({"下午", "傍晚", "晚上", "今晚", "明晚", "tonight", "p"})
NOON = 12
FURTHEST = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A promise with its words and its time (aware UTC)."""

    text: str
    due_at: datetime


def promise_in(text: str, *, at: datetime, hours: OpeningHours) -> Heard | None:
    """The first promise that `text` makes at `at`, in the clocks and opening hours of `hours`."""
    for found in SENTENCE.finditer(text):
        sentence = found[0].strip()
        if QUESTION.search(sentence) or DENIES.search(sentence) or not COMMITS.search(sentence):
            continue
        due = _within(sentence, at, hours) or _before(sentence, at, hours) or _day(sentence, at, hours)
        if due is not None and at < due <= at + FURTHEST:
            return Heard(text=sentence, due_at=due)
    return None


def _within(sentence: str, at: datetime, hours: OpeningHours) -> datetime | None:
    found = WITHIN.search(sentence)
    if found is None:
        return None
    count = _number(found["count"] or found["number"])
    unit = (found["unit"] or found["word"]).lower()
    if "工作日" in unit or "ing day" in unit or "business" in unit:
        return _working_days(count, at, hours)
    if unit in {"天", "day"}:
        return at + timedelta(days=count)
    more = 0.5 if re.search(r"半(?:小时|钟头)", found[0]) and count >= 1 else 0
    return at + (timedelta(minutes=count) if unit in {"分钟", "minute"} else timedelta(hours=count + more))


def _before(sentence: str, at: datetime, hours: OpeningHours) -> datetime | None:
    chinese = BEFORE_ZH.search(sentence)
    english = None if chinese else BEFORE_EN.search(sentence)
    if chinese:
        day, part = chinese["day"] or "", chinese["part"] or chinese["day"] or ""
        hour, minute = int(_number(chinese["hour"])), 30 if chinese["half"] else int(chinese["minute"] or 0)
    elif english:
        day = (english["first"] or english["last"] or "").lower()
        part = (english["half"] or day).lower()
        hour, minute = int(english["hour"]), int(english["minute"] or 0)
    else:
        return None
    afternoon = part in AFTERNOON or (part == "中午" and hour < NOON - 1)
    hour += NOON if afternoon and hour < NOON else 0
    if part == "a" and hour == NOON:
        hour = 0
    if hour > 24 or minute > 59:  # noqa: PLR2004 - hours of a day, minutes of an hour
        return None
    today = at.astimezone(hours.zone).date()
    due = moment(today + timedelta(days=AHEAD.get(day, 0)), hour * 60 + minute, hours.zone)
    # "Before six" said in the afternoon means the evening; said at night, the next day.
    if due <= at and not day and not part and hour < NOON:
        due = moment(today, (hour + NOON) * 60 + minute, hours.zone)
    if due <= at and not day:
        due = moment(today + timedelta(days=1), hour * 60 + minute, hours.zone)
    return due


def _day(sentence: str, at: datetime, hours: OpeningHours) -> datetime | None:
    found = DAY_ZH.search(sentence) or DAY_EN.search(sentence)
    if found is None:
        return None
    word = (found["day"] or "today").lower()
    return _end_of(at.astimezone(hours.zone).date() + timedelta(days=AHEAD.get(word, 0)), hours)


def _working_days(count: float, at: datetime, hours: OpeningHours) -> datetime:
    """The end of the last of `count` open days after today."""
    today = at.astimezone(hours.zone).date()
    days: list[date] = []
    for start, _ in open_spans(hours, at):
        day = start.astimezone(hours.zone).date()
        if day > today and day not in days:
            days.append(day)
        if len(days) >= count:
            return _end_of(days[-1], hours)
    return at + timedelta(days=count)


def _end_of(day: date, hours: OpeningHours) -> datetime:
    """When the desk closes on a day; midnight where it is closed all day."""
    slots = hours.slots(day)
    if slots:
        return moment(day, max(slot.end for slot in slots), hours.zone)
    return datetime.combine(day + timedelta(days=1), time(), hours.zone)


def _number(text: str) -> float:
    return float(text) if text.isdigit() else float(NUMBERS[text.lower()])
