"""nlu: the room's service. Text to meaning in two steps, so that interpretation and search run side by side.

`read` encodes once; `interpret` never raises: when Rasa cannot answer in time, the stand-in does. Knows no Rasa, no
model and no file; `nlu.adapters.build` puts them in.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor
from dataclasses import replace

import structlog

from kit.contracts import Language
from nlu.clauses import Clause, choose_intents, split_clauses
from nlu.codes import is_code, names_code, without_codes
from nlu.contracts import (
    UNKNOWN,
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
from nlu.normalise import bare, clean, fold, mask_personal
from nlu.person import wants_person
from nlu.ports import ComplaintReader, Encoder, IntentService, IntentsUnavailable

__all__ = [
    "Nlu",
    "bare",
    "clean",
    "detect_language",
    "fold",
    "is_code",
    "mask_personal",
    "names_code",
    "wants_person",
    "without_codes",
]

log = structlog.get_logger(__name__)
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
        (ranking, entities, model, source), parts = await asyncio.gather(self._intent(reading), self._parts(reading))
        complaint = await complaint_task
        return Understanding(
            reading=reading,
            intent=ranking[0] if ranking else Scored(name=UNKNOWN, confidence=0.0),
            ranking=ranking,
            intents=choose_intents(reading.text, ranking, parts, unknown=UNKNOWN),
            entities=entities,
            complaint=complaint,
            wants_person=wants_person(reading.text, ranking),
            source=source,
            model=model,
            milliseconds=(time.perf_counter() - began) * 1_000,
        )

    async def read_complaint(self, reading: Reading) -> ComplaintReading:
        """Whether a text is a complaint and about what, and nothing else: for a matter told in several messages."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._complaint, reading)

    async def _intent(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str, Source]:
        if self._intents is not None:
            try:
                return *await self._intents.parse(reading), Source.RASA
            except IntentsUnavailable:
                pass  # the client has logged why
            except Exception as error:  # noqa: BLE001 - a customer is waiting; any fault of Rasa's side ends here
                log.warning("intents.fault", kind=type(error).__name__)
        return *await self._stand_in.parse(reading), Source.STAND_IN

    async def _parts(self, reading: Reading) -> tuple[tuple[Clause, tuple[Scored, ...]], ...]:
        """The clauses of a message that has several, each with its own ranking; encoded beside the whole's parse."""
        clauses = split_clauses(reading.text)
        if not clauses:
            return ()
        try:
            readings = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._read_parts, reading, clauses
            )
        except Exception as error:  # noqa: BLE001 - the message as a whole is still understood
            log.warning("clauses.fault", kind=type(error).__name__)
            return ()
        parsed = await asyncio.gather(*(self._intent(part) for part in readings))
        return tuple((clause, ranking) for clause, (ranking, *_) in zip(clauses, parsed, strict=True))

    def _read_parts(self, reading: Reading, clauses: tuple[Clause, ...]) -> list[Reading]:
        folded = [fold(clause.text) for clause in clauses]
        vectors = self._encoder.encode([text or NOTHING for text in folded], TextRole.QUERY)
        return [
            replace(reading, text=clause.text, normalised=text, vector=vector)
            for clause, text, vector in zip(clauses, folded, vectors, strict=True)
        ]

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
        intents=(),
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
