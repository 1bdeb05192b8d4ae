"""handoff: the section `handoff` of config.yml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from handoff.settings.departments import CATEGORIES, DEPARTMENTS, SHIFTS, SKILLS, Category, Department, Shift, Skill
from handoff.settings.hours import SpecialDay, WeeklyHours, check_zone
from handoff.settings.routing import Mode, RoutingSettings
from handoff.settings.scopes import ScopeSettings
from handoff.settings.service_levels import (
    CALL_BACK,
    NEXT_ANSWER,
    RESOLUTION,
    EscalationSettings,
    FirstAnswerSettings,
    Rung,
    Within,
)
from handoff.settings.supervision import SupervisionSettings
from handoff.settings.translator import TranslatorSettings
from handoff.settings.waiting import WaitingSettings
from kit.contracts import Language
from kit.settings import Settings

__all__ = [
    "Category",
    "Department",
    "EscalationSettings",
    "FirstAnswerSettings",
    "HandoffSettings",
    "Mode",
    "RoutingSettings",
    "Rung",
    "ScopeSettings",
    "Shift",
    "Skill",
    "SpecialDay",
    "SupervisionSettings",
    "TranslatorSettings",
    "WaitingSettings",
    "WeeklyHours",
    "Within",
]


Promised = Literal["first_answer", "next_answer", "call_back", "resolution"]


class HandoffSettings(Settings):
    """How the live desk works."""

    time_zone: str = Field("Asia/Shanghai", description="IANA name of the time zone of the opening hours.")
    hours: WeeklyHours = Field(default_factory=WeeklyHours, description="When representatives answer, per weekday.")
    special_days: tuple[SpecialDay, ...] = Field(
        (), description="Dates that differ from their weekday: holidays, make-up workdays, short days."
    )
    shifts: tuple[Shift, ...] = Field(SHIFTS, description="Shifts that representatives are given on the team page.")
    departments: tuple[Department, ...] = Field(
        DEPARTMENTS, min_length=1, description="Departments; the first takes whom no other one takes."
    )
    skills: tuple[Skill, ...] = Field(SKILLS, description="Skills that some conversations ask for.")
    categories: tuple[Category, ...] = Field(
        CATEGORIES, min_length=1, description="What conversations were about, chosen when one is resolved."
    )
    routing: RoutingSettings = RoutingSettings()
    first_answer: FirstAnswerSettings = FirstAnswerSettings()
    next_answer: Within = Field(NEXT_ANSWER, description="From a customer's words to the next answer.")
    call_back: Within = Field(
        CALL_BACK, description="To whom nobody could take, from then or the next opening to a person's first word."
    )
    resolution: Within = Field(
        RESOLUTION, description="From asking for a person to the end; it rests while the customer is to answer."
    )
    escalation: EscalationSettings = EscalationSettings()
    waiting: WaitingSettings = WaitingSettings()
    supervision: SupervisionSettings = SupervisionSettings()
    scopes: ScopeSettings = ScopeSettings()
    translator: TranslatorSettings = TranslatorSettings()
    absent_after_seconds: int = Field(
        40,
        ge=25,
        le=50,
        description="Seconds without a sign of life after which a representative counts as gone and their "
        "conversations return to the head of the queue. Consoles show life every 10 s.",
    )
    start_grace_seconds: int = Field(
        20, ge=0, le=60, description="Seconds after a start of the desk in which nobody counts as gone yet."
    )
    reply_limit: int = Field(4000, ge=100, le=20000, description="Most characters of one reply or note.")
    undo_seconds: int = Field(
        3, ge=0, le=300, description="Seconds in which a sent reply can be taken back before it leaves; 0 = none."
    )
    list_limit: int = Field(500, ge=10, le=500, description="Most conversations one list of the console shows.")

    _check_zone = field_validator("time_zone")(check_zone)

    @model_validator(mode="after")
    def _check_names(self) -> HandoffSettings:
        for kind, named in (
            ("departments", self.departments),
            ("skills", self.skills),
            ("shifts", self.shifts),
            ("categories", self.categories),
        ):
            names = [one.name for one in named]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                message = f"`handoff.{kind}`: {', '.join(twice)} stands there twice; names are unique"
                raise ValueError(message)
        known = set(self.department_names())
        for kind, used in (
            ("shifts", {one.department for one in self.shifts if one.department is not None}),
            ("special_days", {name for day in self.special_days for name in day.departments}),
        ):
            if unknown := sorted(used - known):
                message = f"`handoff.{kind}`: {', '.join(unknown)} is no department"
                raise ValueError(message)
        dates = [(day.date, name) for day in self.special_days for name in (day.departments or (None,))]
        if len(set(dates)) < len(dates):
            message = "`handoff.special_days`: a date stands there twice"
            raise ValueError(message)
        return self

    def department_names(self) -> tuple[str, ...]:
        """Every department."""
        return tuple(one.name for one in self.departments)

    def special_days_of(self, department: str | None) -> Mapping[date, SpecialDay]:
        """The dates that differ for a department (None: for the desk); its own come before those of the whole desk."""
        own_last = sorted(self.special_days, key=lambda day: bool(day.departments))
        return {day.date: day for day in own_last if not day.departments or department in day.departments}

    def within(self, name: Promised, department: str) -> Within:
        """How soon something is promised: by a department, or by the desk where it says nothing of its own."""
        own = next((one for one in self.departments if one.name == department), None)
        said: Within | None = getattr(own, name, None)
        otherwise: Within = getattr(self, name)
        return said or otherwise

    def department_label(self, name: str, language: Language) -> str:
        """What readers see of a department; one that is gone from the settings keeps its name."""
        return next((one.label(language) for one in self.departments if one.name == name), name)

    def category_label(self, name: str, language: Language) -> str:
        """What readers see of what a conversation was about."""
        return next((one.label(language) for one in self.categories if one.name == name), name)

    def category_of(self, intent: str) -> str:
        """The category that is proposed for an intent; the last one where none fits."""
        return next((one.name for one in self.categories if intent in one.intents), self.categories[-1].name)

    def skill_label(self, name: str, language: Language) -> str:
        """What readers see of a skill."""
        return next((one.label(language) for one in self.skills if one.name == name), name)
