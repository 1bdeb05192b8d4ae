"""knowledge_base: the values of how the answers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from knowledge_base.contracts.questions import NoHelp


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of questions; `answered`, `clarified` and `unknown` add up to `questions`."""

    questions: int = 0
    answered: int = 0
    clarified: int = 0
    unknown: int = 0
    helped: int = 0
    not_helped: int = 0
    handed_over: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            questions=self.questions + other.questions,
            answered=self.answered + other.answered,
            clarified=self.clarified + other.clarified,
            unknown=self.unknown + other.unknown,
            helped=self.helped + other.helped,
            not_helped=self.not_helped + other.not_helped,
            handed_over=self.handed_over + other.handed_over,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval (Wilson)."""

    part: int
    whole: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTally:
    """How one article does."""

    article_id: str
    shown: int
    """How often it was given as the answer, chosen ones included."""
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Two articles that lose to each other: the one came first and the other close behind, or was chosen instead."""

    one: str
    other: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One window of figures."""

    days: tuple[tuple[date, Tally], ...]
    """Every day of the window, also those without questions."""
    channels: tuple[tuple[str, Tally], ...]
    articles: tuple[ArticleTally, ...]
    """The most shown first."""
    rivals: tuple[Rivals, ...]
    reasons: tuple[tuple[NoHelp, int], ...]
    questions: tuple[tuple[str, int], ...]
    """The most frequent first."""
    words: tuple[tuple[str, int], ...]
    """Words in the most frequent questions, by how many questions hold them."""
    never: tuple[str, ...]
    """Published articles that no question led to."""
    never_total: int

    @property
    def total(self) -> Tally:
        """The whole window."""
        return sum((tally for _, tally in self.days), start=Tally())


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a publication did: the same number of days before and after it."""

    version: int
    """Of the publication."""
    days: float
    """Of each side; grows until the settled window is reached."""
    until: datetime
    before: Tally
    """Questions nearest to the article."""
    after: Tally
    all_before: Tally
    """All questions of the desk, for comparison."""
    all_after: Tally
    enough: bool
    """Whether both sides of the article or of the desk have the least number of questions."""
    ready: bool
    """Whether a day has passed."""
