"""knowledge_base: what it refuses, by name. The sentences are in texts/ under `refusal.<code>`."""

from __future__ import annotations

from kit.refusals import Conflict, Refusal


class ArticleChanged(Conflict):
    """Somebody saved the article since it was read; slots say `who` and `when`. The caller keeps what was typed."""

    code = "article_changed"


class KeyTaken(Conflict):
    """Another article has this key."""

    code = "article_key_taken"


class ArticleInvalid(Refusal):
    """The draft cannot be stored or published; `details` maps each field to the key of what is wrong with it."""

    code, status = "article_invalid", 422


class NotADraft(Conflict):
    """Only an article that was never published can be deleted; a published one is retired."""

    code = "article_not_a_draft"


class NotPublished(Conflict):
    """There is nothing to retire."""

    code = "article_not_published"
