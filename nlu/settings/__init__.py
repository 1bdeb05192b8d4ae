"""nlu: its section of config.yml."""

from __future__ import annotations

from pydantic import Field, field_validator

from kit.settings import Settings
from nlu.contracts import Severity
from nlu.settings.rules import DEFAULT_RULES

CATEGORIES = (
    "product_quality",
    "delivery",
    "service_attitude",
    "price_billing",
    "refund_return",
    "repair_warranty",
    "technical_fault",
    "privacy_safety",
    "other",
)
"""Complaint categories of the starter content."""


class EncoderSettings(Settings):
    """The sentence encoder."""

    model: str = Field(
        default="built-in",
        description="`built-in` (multilingual-e5-small) or a sentence-transformers model by directory or hub name",
    )
    threads: int = Field(
        default=1, ge=1, le=64, description="threads of one encoding; more only helps on idle machines"
    )
    query_prefix: str = Field(default="query: ", description="put before a question; e5 models want it")
    passage_prefix: str = Field(default="passage: ", description="put before an answer text; e5 models want it")


class RasaSettings(Settings):
    """The Rasa service."""

    enabled: bool = Field(
        default=True, description="whether the desk starts and asks Rasa; off: the stand-in understands"
    )
    port: int = Field(
        default=0, ge=0, le=65_535, description="loopback port of the desk's own Rasa service; 0: any free one"
    )
    url: str = Field(
        default="", description="address of Rasa services run elsewhere (a balancer); empty: the desk's own"
    )
    deadline_ms: int = Field(
        default=400,
        ge=20,
        le=8_000,
        description="milliseconds one message may wait for Rasa before the stand-in answers",
    )
    failures: int = Field(
        default=3, ge=1, le=100, description="failures in a row after which Rasa is left alone for a while"
    )
    pause_seconds: float = Field(default=3.0, ge=0.1, le=600, description="seconds Rasa is then left alone")


class SeverityRule(Settings):
    """One plain rule that raises the severity of a complaint."""

    name: str = Field(min_length=1, description="stable name, stored with every file it raised")
    severity: Severity = Field(description="`serious` or `critical`: the severity is at least this")
    words: tuple[str, ...] = Field(
        min_length=1,
        description="phrases in any language; `*` ends a word anyhow, `..` is a gap of up to 24 characters",
    )
    unless: tuple[str, ...] = Field(default=(), description="phrases in which those words do not count")
    heeds_denial: bool = Field(
        default=True, description='whether words denied right before ("no one was hurt") do not count'
    )


class ComplaintSettings(Settings):
    """The complaint classifier."""

    categories: tuple[str, ...] = Field(
        default=CATEGORIES,
        min_length=2,
        description="categories offered; those without labelled examples are never guessed",
    )
    threshold: float = Field(
        default=0.4,
        ge=0.05,
        le=0.99,
        description="probability from which a message is treated as a complaint; below .5, as a missed one costs more",
    )
    sure: float = Field(
        default=0.75,
        ge=0.0,
        le=1.0,
        description="probability from which a complaint is filed without asking first whether it is one",
    )
    rule_threshold: float = Field(
        default=0.3, ge=0.0, le=0.99, description="the same when a critical rule applies: danger is heard sooner"
    )
    rules: tuple[SeverityRule, ...] = Field(
        default=tuple(SeverityRule.model_validate(rule) for rule in DEFAULT_RULES),
        description="plain rules that raise the severity; a rule always wins upwards",
    )

    @field_validator("rules")
    @classmethod
    def _named_once(cls, rules: tuple[SeverityRule, ...]) -> tuple[SeverityRule, ...]:
        names = [rule.name for rule in rules]
        if len(set(names)) < len(names):
            raise ValueError("two rules have the same name; give each its own")
        return rules


class NluSettings(Settings):
    """Section `nlu`."""

    encoder: EncoderSettings = EncoderSettings()
    rasa: RasaSettings = RasaSettings()
    complaint: ComplaintSettings = ComplaintSettings()
