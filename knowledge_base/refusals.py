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


class FlagNeedsWords(Refusal):
    """Editors have to know what to look for."""

    code, status = "flag_needs_words", 422


class FlagTooLong(Refusal):
    """The slot `limit` is in characters."""

    code, status = "flag_too_long", 422


class NotPublished(Conflict):
    """There is nothing to retire."""

    code = "article_not_published"


class NotScheduled(Conflict):
    """No publication waits; it was called off, or has just happened."""

    code = "article_not_scheduled"


class NoSuchSide(Refusal):
    """Customers' words are of a language the article does not have yet."""

    code, status = "article_lacks_language", 422


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


class FileTooLarge(Refusal):
    """The slot `limit` is in MiB."""

    code, status = "file_too_large", 413


class FileUnpacksTooLarge(Refusal):
    """A packed file that unfolds to more than is taken; the slot `limit` is in MiB."""

    code, status = "file_unpacks_too_large", 422


class UnknownFileKind(Refusal):
    """Neither by its name nor by its first bytes a kind that is read."""

    code, status = "unknown_file_kind", 422


class UnknownEncoding(Refusal):
    """The text is not in the chosen encoding, or in none that is known."""

    code, status = "unknown_encoding", 422


class FileDamaged(Refusal):
    """Cannot be read to its end; the slot `where` is the line."""

    code, status = "file_damaged", 422


class PageDamaged(Refusal):
    """One page of a package cannot be read; the slot `where` is its name."""

    code, status = "page_damaged", 422


class PathRefused(Refusal):
    """A package that names a place outside itself, or holds a link; the slot `where` is the name."""

    code, status = "path_refused", 422


class PagesDisagree(Refusal):
    """Two pages of one article say different things of it; slots `where` (page) and `what` (field)."""

    code, status = "pages_disagree", 422


class PictureRefused(Refusal):
    """A picture in a file that answers cannot show; slots `number`, `size` (MiB), `pixels` (millions)."""

    code, status = "picture_refused", 422


class AttachmentRefused(Refusal):
    """A file in a package that cannot be attached; slots `where` (its name) and `limit` (MiB)."""

    code, status = "attachment_refused", 422


class TooManyRows(Refusal):
    """The slot `limit` is how many one file may have."""

    code, status = "too_many_rows", 422


class CellTooLong(Refusal):
    """A cell no article can hold; slots `where` (line) and `limit` (characters)."""

    code, status = "cell_too_long", 422


class NoRows(Refusal):
    """There are no lines below the headings."""

    code, status = "no_rows", 422


class NoTitleColumn(Refusal):
    """No column was recognised as the question; somebody has to say which it is."""

    code, status = "no_title_column", 422


class ImportRefused(Refusal):
    """Some rows cannot be taken, so none is; the slot `count` says how many."""

    code, status = "import_refused", 422


class ImportFailed(Refusal):
    """Whoever worked at it could not; nothing is stored."""

    code, status = "import_failed", 500


class ImportDecided(Refusal):
    """Its rows are being stored already; that is carried through."""

    code, status = "import_decided", 409


class ImportNotReady(Refusal):
    """Its dry run is not over, or found nothing that could be stored."""

    code, status = "import_not_ready", 409


class TooManyArticles(Refusal):
    """The slot `limit` is how many are done at once."""

    code, status = "too_many_articles", 422


class NothingToFind(Refusal):
    """What is looked for is empty or longer than the slot `limit`."""

    code, status = "nothing_to_find", 422


def changed(article: Article) -> ArticleChanged:
    """The refusal for whoever read an earlier state than `article`."""
    return ArticleChanged(
        who=article.updated_by, when=article.updated_at.isoformat(timespec="minutes"), version=article.version
    )
