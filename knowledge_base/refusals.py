"""knowledge_base: what it refuses, by name. The sentences are in texts/ under `refusal.<code>`."""

from __future__ import annotations

from kit.refusals import Conflict, Refusal
from knowledge_base.contracts import Article


class ArticleChanged(Conflict):
    """Somebody saved the article since it was read; slots say `who` and `when`. The caller keeps what was typed."""

    code = "article_changed"


class KeyTaken(Conflict):
    """Another article has this key."""

    code = "article_key_taken"


class ArticleInvalid(Refusal):
    """The draft cannot be stored or published; `details` maps each field to the key of what is wrong with it."""

    code, status = "article_invalid", 422


class StillPublished(Conflict):
    """An article that customers get, or soon will, is retired before it is deleted."""

    code = "article_still_published"


class NotPublished(Conflict):
    """There is nothing to retire."""

    code = "article_not_published"


class NotScheduled(Conflict):
    """No publication waits; it was called off, or has just happened."""

    code = "article_not_scheduled"


class NeedsSecondPerson(Refusal):
    """The house wants somebody else than the writer to publish."""

    code, status = "article_needs_second_person", 403


class NeedsSupervisor(Refusal):
    """The house lets only supervisors publish."""

    code, status = "article_needs_supervisor", 403


class PublicationWorse(Conflict):
    """Golden questions would be answered worse; with a reason it is published all the same. `details`: which."""

    code = "publication_worse"


class NothingToRollBack(Conflict):
    """This is not the article's newest publication any more, or there never was one."""

    code = "nothing_to_roll_back"


class ImageTooHeavy(Refusal):
    """The file is larger than is taken; the slot `limit` is in MiB."""

    code, status = "image_too_heavy", 413


class ImageTooLarge(Refusal):
    """The picture unfolds to more than is opened; the slot `limit` is in million pixels."""

    code, status = "image_too_large", 422


class NotAnImage(Refusal):
    """No picture of a kind that can be shown, or a damaged one."""

    code, status = "not_an_image", 422


def changed(article: Article) -> ArticleChanged:
    """The refusal for whoever read an earlier state than `article`."""
    return ArticleChanged(
        who=article.updated_by, when=article.updated_at.isoformat(timespec="minutes"), version=article.version
    )
