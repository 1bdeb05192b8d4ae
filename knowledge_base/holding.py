"""knowledge_base: keeps the attachments that versions name, since a version is kept for ever."""

from __future__ import annotations

from collections.abc import Iterable

from kit.contracts import Tx
from knowledge_base.contracts import Draft
from knowledge_base.ports import AttachmentStore
from knowledge_base.refusals import ArticleInvalid
from knowledge_base.validation import FAULT


async def hold_attachments(store: AttachmentStore, tx: Tx, drafts: Iterable[Draft]) -> frozenset[str]:
    """Hold what these drafts name; returns the ids of files that are not there."""
    ids = sorted(ids_of(drafts))
    return frozenset(ids) - await store.hold(tx, ids) if ids else frozenset()


async def hold_or_refuse(store: AttachmentStore, tx: Tx, draft: Draft) -> None:
    """Hold what `draft` names. Raises `ArticleInvalid` where a file is gone."""
    gone = await hold_attachments(store, tx, [draft])
    faults = {
        f"{side.language}.attachments": f"{FAULT}attachments_gone"
        for side in draft.texts
        if any(each.id in gone for each in side.attachments)
    }
    if faults:
        raise ArticleInvalid(field=next(iter(faults)), details=faults)


def ids_of(drafts: Iterable[Draft]) -> set[str]:
    """Of every attachment of these drafts."""
    return {each.id for draft in drafts for side in draft.texts for each in side.attachments}
