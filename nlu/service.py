"""nlu: the room's service. Text to meaning in two steps, so that interpretation and search run side by side.

`read` encodes once; `interpret` never raises: when Rasa cannot answer in time, the stand-in does. Knows no Rasa, no
model and no file; `nlu.adapters.build` puts them in.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor

import structlog

from kit.contracts import Language
from nlu.contracts import (
    ComplaintReading,
    Entity,
    Reading,
    Scored,
    Severity,
    Source,
    TextRole,
    Understanding,
)
from nlu.language import detect_language
from nlu.normalise import clean, fold
from nlu.person import wants_person
from nlu.ports import ComplaintReader, Encoder, IntentService, IntentsUnavailable

__all__ = ["UNKNOWN", "Nlu", "clean", "detect_language", "fold"]

log = structlog.get_logger(__name__)
UNKNOWN = "unknown"
"""Name of the intent of a message that belongs to none."""
NOTHING = " "
"""Encoded for a text of which nothing is left."""


class Nlu:
    """Fits `bot.ports.Understand`."""

    def __init__(
        self,
        *,
        encoder: Encoder,
        intents: IntentService | None,
        stand_in: IntentService,
        complaints: ComplaintReader,
        executor: Executor,
    ) -> None:
        """`intents` None: no Rasa on this desk. `executor` runs the encoder and the classifier off the event loop."""
        self._encoder, self._intents, self._stand_in = encoder, intents, stand_in
        self._complaints, self._executor = complaints, executor

    @property
    def encoder(self) -> Encoder:
        """The encoder that makes the readings; the knowledge base's articles must come from the same one."""
        return self._encoder

    async def read(self, text: str, *, previous: Language) -> Reading:
        """Clean, detect the language (`previous` decides where the text does not say), encode once."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self.read_now, text, previous)

    def read_now(self, text: str, previous: Language) -> Reading:
        """`read` for callers without an event loop. Blocking."""
        kept = clean(text)
        folded = fold(kept)
        vector = self._encoder.encode([folded or NOTHING], TextRole.QUERY)[0]
        return Reading(
            text=kept,
            normalised=folded,
            language=detect_language(kept, previous),
            vector=vector,
            encoder=self._encoder.fingerprint,
        )

    async def interpret(self, reading: Reading) -> Understanding:
        """Intent, entities, complaint. Never raises: when Rasa cannot answer in time, the stand-in does."""
        began = time.perf_counter()
        if not reading.normalised:
            return _nothing_said(reading)
        complaint_task = asyncio.get_running_loop().run_in_executor(self._executor, self._complaint, reading)
        ranking, entities, model, source = await self._intent(reading)
        complaint = await complaint_task
        return Understanding(
            reading=reading,
            intent=ranking[0] if ranking else Scored(name=UNKNOWN, confidence=0.0),
            ranking=ranking,
            entities=entities,
            complaint=complaint,
            wants_person=wants_person(reading.text, ranking),
            source=source,
            model=model,
            milliseconds=(time.perf_counter() - began) * 1_000,
        )

    async def _intent(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str, Source]:
        if self._intents is not None:
            try:
                return *await self._intents.parse(reading), Source.RASA
            except IntentsUnavailable:
                pass  # the client has logged why
            except Exception as error:  # noqa: BLE001 - a customer is waiting; any fault of Rasa's side ends here
                log.warning("intents.fault", kind=type(error).__name__)
        return *await self._stand_in.parse(reading), Source.STAND_IN

    def _complaint(self, reading: Reading) -> ComplaintReading:
        try:
            return self._complaints.read(reading)
        except Exception as error:  # noqa: BLE001 - the same: better no opinion than no answer
            log.warning("complaint.fault", kind=type(error).__name__)
            return NO_OPINION


def _nothing_said(reading: Reading) -> Understanding:
    return Understanding(
        reading=reading,
        intent=Scored(name=UNKNOWN, confidence=1.0),
        ranking=(),
        entities=(),
        complaint=NO_OPINION,
        wants_person=False,
        source=Source.STAND_IN,
        model="",
        milliseconds=0.0,
    )


NO_OPINION = ComplaintReading(
    is_complaint=False, confidence=0.0, categories=(), severity=Severity.NORMAL, severity_confidence=0.0, rule=None
)
