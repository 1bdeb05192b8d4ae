"""nlu: what is refused, by name. Texts: `refusal.<code>` in nlu/texts."""

from __future__ import annotations

from kit.refusals import Conflict, Refusal


class EmptyCorrection(Refusal):
    """Nothing is left of the text."""

    code, status = "empty_correction", 422


class UnknownIntent(Refusal):
    """The desk has no such intent; a new one needs examples and a rule first."""

    code, status = "unknown_intent", 422


class HeldOutText(Conflict):
    """The text is a question that versions are measured with; learned, it would measure nothing any more."""

    code = "held_out_text"


class CorrectionDecided(Conflict):
    """Somebody decided on the correction already."""

    code = "correction_decided"
