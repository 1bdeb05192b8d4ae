"""knowledge_base: keys for articles whose writer named none. Pure."""

from __future__ import annotations

import hashlib
import re

from kit.contracts import Language
from knowledge_base.contracts import Draft

_WORDS = re.compile(r"[a-z0-9]+")
KEY_WORDS = 8
"""Words of an English title that make a key."""
KEY_LENGTH = 60


def key_of(draft: Draft) -> str:
    """A key made from the English title, or from a digest of whatever title there is."""
    titles = {text.language: text.title for text in draft.texts}
    words = _WORDS.findall(titles.get(Language.EN, "").lower().replace("'", ""))[:KEY_WORDS]
    if words:
        return "-".join(words)[:KEY_LENGTH].strip("-")
    digest = hashlib.sha256("\n".join(titles.values()).encode()).hexdigest()
    return f"article-{digest[:8]}"
