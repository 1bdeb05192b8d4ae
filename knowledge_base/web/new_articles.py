"""knowledge_base: keys for articles whose editor named none. People need not know that articles have keys."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from kit.contracts import Language
from knowledge_base.contracts import Article, Draft
from knowledge_base.editing import Editing
from knowledge_base.refusals import KeyTaken
from staff.contracts import Person

_WORDS = re.compile(r"[a-z0-9]+")
KEY_WORDS = 8
"""Words of an English title that make a key."""
KEY_LENGTH = 60
ATTEMPTS = 20
"""Articles of the same title that get a number behind their key."""
TRIED = "tried"
"""Stands for the category of a draft that is tried before it has one; a trial stores nothing."""


def key_of(draft: Draft) -> str:
    """A key made from the English title, or from a digest of whatever title there is."""
    titles = {text.language: text.title for text in draft.texts}
    words = _WORDS.findall(titles.get(Language.EN, "").lower().replace("'", ""))[:KEY_WORDS]
    if words:
        return "-".join(words)[:KEY_LENGTH].strip("-")
    digest = hashlib.sha256("\n".join(titles.values()).encode()).hexdigest()
    return f"article-{digest[:8]}"


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
