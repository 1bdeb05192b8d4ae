"""bot: something is broken and the customer says no more than that. Sympathy first, then the ways on."""

from __future__ import annotations

from bot.decisions import Clarify, Decision, Line, Option, RecordMiss
from bot.policy.situation import ARTICLE, COMPLAIN_OPTION, PERSON_OPTION, Policy, Situation, decided
from knowledge_base.contracts import Level

ARTICLES = 2
"""Articles offered beside the complaint and the person: more would bury both."""


def decide_trouble(situation: Situation, policy: Policy) -> Decision | None:
    """A broken thing and no sure answer: feel with the customer, ask what it is, offer what usually comes next.

    Where nothing says which thing it is, no article can be the right one, however sure the search is.

    Only the first time; who is not helped by it gets the usual offer of a person.
    """
    result = situation.result
    if result is None or situation.state.misses or not policy.words.tells_trouble(situation.text):
        return None
    matches = (result.choices or result.matches)[:ARTICLES]
    articles = tuple(Option(f"{ARTICLE}{match.article_id}", match.title) for match in matches)
    clarify = Clarify(matches=matches, options=(*articles, COMPLAIN_OPTION, PERSON_OPTION), line=Line("bot.trouble"))
    best = matches[0].article_id if matches else None
    missed = (RecordMiss(question=situation.text, why="unknown", best_article_id=best),)
    return decided(
        situation,
        "trouble",
        clarify,
        *(missed if result.level is Level.UNKNOWN else ()),
        name="clarify",
        misses=1,
        question=situation.text,
        unanswered=(*situation.state.unanswered, situation.text)[-ARTICLES:],
    )


def decide_unnamed_trouble(situation: Situation, policy: Policy) -> Decision | None:
    """The same before any answer, where nothing says which thing is broken."""
    return decide_trouble(situation, policy) if policy.words.names_nothing(situation.text) else None
