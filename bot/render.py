"""bot: from a decision's lines to the customer's language. Pure; holds no sentence itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.decisions import Kind, Line, Named, Option, Slot
from cases.contracts import Case
from kit.contracts import JsonValue, Language
from kit.texts import Texts

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The house's words: catalogues, category labels, time zone."""

    texts: Texts
    categories: Mapping[str, Mapping[Language, str]]
    zone: ZoneInfo

    def line(self, line: Line, language: Language, *, now: datetime, opened: Case | None = None) -> str:
        """One sentence."""
        slots = {name: self._slot(slot, language, now=now, opened=opened) for name, slot in line.slots.items()}
        return self.texts(line.key, language, **slots)

    def lines(self, lines: Iterable[Line], language: Language, *, now: datetime, opened: Case | None = None) -> str:
        """Sentences, one on each line."""
        return "\n".join(self.line(line, language, now=now, opened=opened) for line in lines)

    def choices(self, options: Iterable[Option], language: Language, *, now: datetime) -> list[JsonValue]:
        """Buttons as they are stored in `payload.choices`."""
        return [
            {
                "id": option.id,
                "label": option.label
                if isinstance(option.label, str)
                else self.line(option.label, language, now=now).strip(),
            }
            for option in options
        ]

    def wants(self, names: Iterable[str], language: Language) -> str:
        """Wanted outcomes in words."""
        return self.texts("bot.list_separator", language).join(
            self.texts(f"bot.wants.{name}", language) for name in names
        )

    def category(self, name: str, language: Language) -> str:
        """A category's label; a category that is no longer configured shows its name."""
        return self.categories.get(name, {}).get(language, name)

    def moment(self, at: datetime, language: Language, *, now: datetime) -> str:
        """A moment by which something is promised: `明天 18:00`, `11 月 25 日 18:00`."""
        then, today = at.astimezone(self.zone), now.astimezone(self.zone).date()
        time = f"{then:%H:%M}".removeprefix("0")
        if then.date() <= today + timedelta(days=1):
            return self._opening(at, language, now=now).strip()
        return self.texts("bot.when.moment", language, month=then.month, day=then.day, time=time)

    def date_and_time(self, at: datetime) -> str:
        """A moment as it stands in files, the same in every language and on every day."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _slot(self, slot: Slot, language: Language, *, now: datetime, opened: Case | None) -> str | int:
        if not isinstance(slot, Named):
            return slot
        match slot.kind:
            case Kind.TEXT:
                return self.texts(slot.value, language)
            case Kind.CATEGORY:
                return self.category(slot.value, language)
            case Kind.CASE | Kind.PROMISE:
                return self._of_case(slot.kind, opened, language, now=now)
            case Kind.DATE | Kind.DAY | Kind.OPENING | Kind.MOMENT:
                return self._of_time(slot, language, now=now)

    def _of_case(self, kind: Kind, opened: Case | None, language: Language, *, now: datetime) -> str:
        if opened is None:
            return ""
        if kind is Kind.CASE:
            return opened.number
        if opened.promised_at is None:
            return ""
        return self.texts("bot.complaint.promise", language, until=self.moment(opened.promised_at, language, now=now))

    def _of_time(self, slot: Named, language: Language, *, now: datetime) -> str:
        at = datetime.fromisoformat(slot.value)
        if slot.kind is Kind.DAY:
            return self._day(at, language, now=now)
        if slot.kind is Kind.OPENING:
            return self._opening(at, language, now=now)
        if slot.kind is Kind.MOMENT:
            return self.moment(at, language, now=now)
        day = at.astimezone(self.zone)
        return self.texts("bot.when.date", language, month=day.month, day=day.day)

    def _day(self, at: datetime, language: Language, *, now: datetime) -> str:
        day, today = at.astimezone(self.zone).date(), now.astimezone(self.zone).date()
        if day == today:
            return self.texts("bot.when.day_today", language)
        if day == today + timedelta(days=1):
            return self.texts("bot.when.day_tomorrow", language)
        return self.texts(f"bot.when.{WEEKDAYS[day.weekday()]}", language)

    def _opening(self, at: datetime, language: Language, *, now: datetime) -> str:
        opens, today = at.astimezone(self.zone), now.astimezone(self.zone).date()
        time = f"{opens:%H:%M}".removeprefix("0")
        if opens.date() == today:
            return self.texts("bot.when.today", language, time=time)
        if opens.date() == today + timedelta(days=1):
            return self.texts("bot.when.tomorrow", language, time=time)
        weekday = self.texts(f"bot.when.{WEEKDAYS[opens.weekday()]}", language)
        return self.texts("bot.when.weekday", language, weekday=weekday, time=time)
