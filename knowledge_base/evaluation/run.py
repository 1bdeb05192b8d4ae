"""knowledge_base: builds a base from evaluation rows and asks it, by the code that answers customers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge_base.calibration import STARTING, Wanted, level_of
from knowledge_base.corpus import ArticleRef, build_corpus
from knowledge_base.encoding import WordingEncoder
from knowledge_base.evaluation.metrics import Judged
from knowledge_base.evaluation.rows import Asked, Faq
from knowledge_base.fitting import (
    Judgement,
    Labelled,
    Question,
    balance,
    cross_judged,
    fit,
    given_questions,
    needs_invented,
    own_questions,
)
from knowledge_base.ports import Normalise
from knowledge_base.respelling import build_speller, respell
from knowledge_base.searching import Base, choose_choices, more_confident, search_base
from knowledge_base.segment import NeighboursBuilder, build_segment, read_wordings
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.space import fit_space
from knowledge_base.wordings import PlainWording, Wording

PART = 2_000
"""Wordings encoded between two words of progress."""
WARM_UP = 20
"""Questions asked before the clock counts: the first ones load dictionaries."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """A base ready to be asked, and the labelled questions it was fitted on."""

    base: Base
    labelled: tuple[Labelled, ...]
    wanted: Wanted
    encode_seconds: float
    build_seconds: float
    fit_seconds: float


class Bench:
    """The production parts without store and sockets."""

    def __init__(
        self,
        *,
        encoder: WordingEncoder,
        normalise: Normalise,
        builder: NeighboursBuilder,
        settings: KnowledgeBaseSettings,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`say` is told how far a big base is."""
        self._say = say
        self._encoder, self._normalise, self._builder, self._settings = encoder, normalise, builder, settings

    def train(self, faqs: Sequence[Faq], dev: Sequence[Asked] | None, *, unknown: Iterable[Asked] = ()) -> Trained:
        """Index `faqs`; fit on `dev` alone, or without it on the base's own wordings (and `unknown`)."""
        begun = time.perf_counter()
        flat = self._encode([wording for faq in faqs for wording in faq.wordings])
        encoded = time.perf_counter()
        rows, start = [], 0
        for faq in faqs:
            rows.append((ArticleRef(id=faq.id, version=1), flat[start : start + len(faq.wordings)]))
            start += len(faq.wordings)
        corpus = build_corpus(rows, dimensions=self._encoder.dimensions)
        space = fit_space(corpus)
        facts = read_wordings(corpus.wordings, self._normalise)
        segment = build_segment(corpus, space=space, facts=facts, builder=self._builder)
        built = time.perf_counter()
        base = Base(
            version=1,
            encoder=self._encoder.fingerprint,
            big=segment,
            small=None,
            gone=frozenset(),
            space=space,
            calibration=STARTING,
        )
        wanted = Wanted(
            answer_precision=self._settings.answer_precision,
            clarify_precision=self._settings.clarify_precision,
            unknown_share=self._settings.unknown_share,
        )
        if dev is None:
            folded = [self._normalise(text) for text in corpus.wordings]
            known_unknown = tuple(unknown)
            labelled = own_questions(segment, folded=folded, invent=needs_invented(len(known_unknown)))
            labelled += self._label(base, known_unknown)
            labelled = balance(labelled, unknown_share=wanted.unknown_share)
        else:
            labelled = self._label(base, dev)
            if all(row.gold is not None for row in dev):
                labelled = balance(labelled, unknown_share=wanted.unknown_share)
        base = replace(base, calibration=fit(labelled, wanted))
        return Trained(
            base=base,
            labelled=tuple(labelled),
            wanted=wanted,
            encode_seconds=encoded - begun,
            build_seconds=built - encoded,
            fit_seconds=time.perf_counter() - built,
        )

    def _encode(self, wordings: Sequence[PlainWording]) -> list[Wording]:
        """In parts, so that a big file shows that it moves."""
        made: list[Wording] = []
        for start in range(0, len(wordings), PART):
            made += self._encoder.encode(wordings[start : start + PART])
            if len(wordings) > PART:
                self._say(f"  {len(made)} of {len(wordings)} wordings encoded")
        return made

    def ask(self, base: Base, questions: Sequence[Asked]) -> list[Judged]:
        """Ask every question as a customer would, one after the other."""
        vectors = self._encoder.questions([each.text for each in questions])
        folded = [self._normalise(each.text) for each in questions]
        speller = build_speller(base.big.lexicon)
        for each, vector, text in list(zip(questions, vectors, folded, strict=True))[:WARM_UP]:
            search_base(base, vector=vector, folded=text, language=each.language)
        judged = []
        for each, vector, text in zip(questions, vectors, folded, strict=True):
            begun = time.perf_counter()
            findings = search_base(base, vector=vector, folded=text, language=each.language)
            respelled = respell(speller, text)
            if respelled is not None:
                (other,) = self._encoder.fresh([respelled])
                again = search_base(base, vector=other, folded=respelled, language=each.language)
                findings = more_confident(findings, again)
            found = findings.found
            # Ids stand in for titles: rows of different ids are different articles here.
            offered = choose_choices(found, {one.ref.id: one.ref.id for one in found})
            level = level_of([one.confidence for one in offered], base.calibration.thresholds[each.language])
            judged.append(
                Judged(
                    asked=each,
                    best=tuple(one.ref.id for one in found),
                    confidence=found[0].confidence if found else 0.0,
                    level=level,
                    milliseconds=(time.perf_counter() - begun) * 1000,
                )
            )
        return judged

    def _label(self, base: Base, rows: Sequence[Asked]) -> list[Labelled]:
        vectors = self._encoder.questions([row.text for row in rows])
        questions = [
            Question(vector=vector, folded=self._normalise(row.text), language=row.language, right=row.gold)
            for row, vector in zip(rows, vectors, strict=True)
        ]
        return given_questions(base.big, base.space, questions)


def own_curve(trained: Trained) -> list[Judgement]:
    """The labelled questions, each judged by a fit that did not see it."""
    return cross_judged(trained.labelled)
