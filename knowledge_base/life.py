"""knowledge_base: an article's life: who may take which step, and when a step happens by itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from knowledge_base.contracts import Article, ArticleStatus, Details, Publication, PublicationKind
from knowledge_base.refusals import NeedsSecondPerson, NeedsSupervisor
from knowledge_base.settings import Publishing
from staff.contracts import Person, Role

WARNING = timedelta(days=14)
"""So long before an article retires by itself its editors are warned."""


def check_may_publish(by: Person, article: Article, rule: Publishing) -> None:
    """Raise the refusal that names who may publish instead. Supervisors and admins always may."""
    if rule is Publishing.EDITORS or by.may(Role.SUPERVISOR):
        return
    if rule is Publishing.SUPERVISORS:
        raise NeedsSupervisor
    if article.writer_id == by.id:
        raise NeedsSecondPerson


def check_may_roll_back(by: Person, rule: Publishing) -> None:
    """Taking back is for whoever may publish at all; haste counts more than a second pair of eyes."""
    if rule is Publishing.SUPERVISORS and not by.may(Role.SUPERVISOR):
        raise NeedsSupervisor


def may_publish(by: Person, article: Article, rule: Publishing) -> bool:
    """Whether the step is offered to this person."""
    try:
        check_may_publish(by, article, rule)
    except (NeedsSecondPerson, NeedsSupervisor):
        return False
    return True


def holds_what_was_taken_back(article: Article, publications: Sequence[Publication]) -> bool:
    """Whether the newest publication took another one back and the working copy is newer than what customers have."""
    newest, before = publications[:2] if len(publications) > 1 else (None, None)
    if newest is None or before is None or article.published_version is None:
        return False
    both = newest.kind is before.kind is PublicationKind.PUBLISH
    return both and newest.article_version < before.article_version and article.published_version < article.version


def waits(details: Details, now: datetime) -> bool:
    """Whether a publication waits for its moment."""
    return details.valid_from is not None and details.valid_from > now


def status_when_shown(article: Article, version: int) -> ArticleStatus:
    """The status once customers get `version`: a newer text that is being reviewed stays in review."""
    if article.status is ArticleStatus.IN_REVIEW and article.version > version:
        return ArticleStatus.IN_REVIEW
    return ArticleStatus.PUBLISHED


def status_when_saved(article: Article) -> ArticleStatus:
    """A save ends a review; what customers have stays with them."""
    return ArticleStatus.PUBLISHED if article.published_version is not None else ArticleStatus.DRAFT
