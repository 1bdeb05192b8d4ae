"""knowledge_base: keys for articles whose editor named none. People need not know that articles have keys."""

from __future__ import annotations

from dataclasses import replace

from knowledge_base.contracts import Article, Draft
from knowledge_base.editing import Editing
from knowledge_base.naming import key_of
from knowledge_base.refusals import KeyTaken
from staff.contracts import Person

ATTEMPTS = 20
"""Articles of the same title that get a number behind their key."""
TRIED = "tried"
"""Stands for the category of a draft that is tried before it has one; a trial stores nothing."""


def complete_for_trial(draft: Draft) -> Draft:
    """`draft` with what it lacks only for being stored, so that an unfinished form can be tried."""
    return replace(draft, key=draft.key or key_of(draft), category=draft.category or TRIED)


async def create_with_key(editing: Editing, person: Person, draft: Draft) -> Article:
    """Create the article; a key nobody chose is made, and made anew while it is taken."""
    if draft.key:
        return await editing.create(person, draft)
    made = key_of(draft)
    for number in range(1, ATTEMPTS):
        try:
            return await editing.create(person, replace(draft, key=made if number == 1 else f"{made}-{number}"))
        except KeyTaken:
            continue
    return await editing.create(person, replace(draft, key=made))
