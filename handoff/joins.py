"""handoff: what is kept of a customer when two records become one, and when that is taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handoff.contracts import Customer


def merged(mine: Customer, theirs: Customer) -> Customer:
    """Both records in one: a mark of either is one of both, and `mine` says who its named representative is first."""
    return replace(
        mine,
        key_account=mine.key_account or theirs.key_account,
        named_agent_id=mine.named_agent_id or theirs.named_agent_id,
        tags=tuple(dict.fromkeys((*mine.tags, *theirs.tags))),
    )


def without(kept: Customer, gone: Customer, others: Sequence[Customer]) -> Customer:
    """`kept` without what only `gone` brought: what one of `others` has too stays, and so does what came later."""
    own_tags = {tag for one in others for tag in one.tags}
    brought_mark = gone.key_account and not any(one.key_account for one in others)
    brought_name = gone.named_agent_id and all(one.named_agent_id != gone.named_agent_id for one in others)
    return replace(
        kept,
        key_account=kept.key_account and not brought_mark,
        named_agent_id=None if brought_name and kept.named_agent_id == gone.named_agent_id else kept.named_agent_id,
        tags=tuple(tag for tag in kept.tags if tag not in gone.tags or tag in own_tags),
    )
