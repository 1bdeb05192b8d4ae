"""nlu: the values that cross its door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from kit.contracts import Language

Vector = npt.NDArray[np.float32]
"""One sentence vector, shape (dimensions,), length 1. Never written to after it was made."""
Vectors = npt.NDArray[np.float32]
"""Sentence vectors, shape (n, dimensions), each row of length 1."""


class TextRole(StrEnum):
    """What a text is for the encoder: a customer's question, or a passage that may answer one."""

    QUERY = "query"
    PASSAGE = "passage"


class Source(StrEnum):
    """Who understood the message: the Rasa service, or the stand-in used while Rasa cannot answer in time."""

    RASA = "rasa"
    STAND_IN = "stand_in"


class Severity(StrEnum):
    """How bad a complaint is, mildest first."""

    NORMAL = "normal"
    SERIOUS = "serious"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text read once: cleaned, its language, its vector. Search and interpretation share it."""

    text: str
    """What the customer typed, cut to the length limit, control characters and lone surrogates gone."""
    normalised: str
    """`text` folded for comparison: NFKC, simplified characters, lower case, numbers and phones masked."""
    language: Language
    vector: Vector
    encoder: str
    """Fingerprint of the encoder that made `vector`; vectors of different fingerprints do not mix."""


UNKNOWN = "unknown"
"""Name of the intent of a message that belongs to none; its confidence is that of the message being out of scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A name with its confidence, 0 to 1."""

    name: str
    confidence: float
    words: tuple[str, ...] = ()
    """The words of the text that speak for it, for people to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentSpan:
    """One thing a message wants: an intent, its confidence (0 to 1), and where it is said.

    `start` and `end` count characters of `Reading.text`.
    """

    name: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something named in the text, such as `order_number`; `start` and `end` count characters of `Reading.text`."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReading:
    """What the complaint classifier reads in one text."""

    is_complaint: bool
    confidence: float
    """That it is a complaint at all, 0 to 1."""
    categories: tuple[Scored, ...]
    """All categories, most likely first; the first is the primary one."""
    severity: Severity
    severity_confidence: float
    rule: str | None
    """Name of the rule in config.yml that raised the severity, if one did."""
    severity_words: tuple[str, ...] = ()
    wants: tuple[Scored, ...] = ()
    """Wanted outcomes that were heard (refund, replacement, repair, apology, explanation, compensation)."""
    mood: Scored | None = None
    evidence: tuple[str, ...] = ()
    """The words of the text that speak for it, for people to see."""
    model: str = ""
    """Version of the classifier."""
    suspected: bool = False
    """It is taken for a complaint, but not surely enough to act on without asking; never where it is critical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """The meaning of one message."""

    reading: Reading
    intent: Scored
    """The likeliest intent; `unknown` when none is."""
    ranking: tuple[Scored, ...]
    intents: tuple[IntentSpan, ...]
    """Everything the message wants, in the order of its words.

    Mostly one, the `intent` over the whole text; several only where clauses surely want different things
    ("东西坏了，还要多久退款"); none where nothing was said.
    """
    entities: tuple[Entity, ...]
    complaint: ComplaintReading
    wants_person: bool
    """The customer asks for a human being, by the usual words or by intent."""
    source: Source
    model: str
    """Served Rasa model, or the stand-in's version."""
    milliseconds: float
    meta: dict[str, str] = field(default_factory=dict)


class ExampleState(StrEnum):
    """The life of a correction. Only APPROVED ones are ever trained on."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of two versions on the same held-out texts, 0 to 1; None where the texts say nothing of it."""

    name: str
    before: float | None
    after: float | None
    worse: bool
    """It fell so far that the newer version may not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came of learning from corrections last."""

    at: datetime
    corrections: int
    """How many were learned."""
    left_out: int
    """How many there was no room for."""
    used: bool
    """Whether customers are read with it; else it was worse and the version before stayed."""
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person says a customer's message meant; each text has one, the newest."""

    id: str
    text: str
    """The customer's words, personal numbers and mails masked; the reviewer may change them."""
    language: Language
    heard: str
    """The intent that the model had read."""
    intent: str
    """The intent it should have been."""
    category: str
    """What the complaint is about, where it is one; else empty."""
    severity: Severity | None = None
    """How bad the complaint is, where somebody said so."""
    state: ExampleState
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
