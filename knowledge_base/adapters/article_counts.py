"""knowledge_base: figures of the editors' list that are kept and not counted.

Triggers keep them, on both databases, so that no writer can forget to. They are made when `articles` is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DDL, Connection, RowMapping, event, func, select

from knowledge_base.adapters.tables import article_counts, articles
from knowledge_base.categories import SEPARATOR
from knowledge_base.contracts import ArticleFilter, ArticleStatus, Matter
from knowledge_base.life import WARNING

_WATCHED = "status, category, deleted_at, languages, lagging, scheduled_version, audience"


_COLUMNS = "status, category, deleted, one_sided, lagging, scheduled, for_agents"
_KIND = (
    "{0}.status, {0}.category, ({0}.deleted_at IS NOT NULL), ({0}.languages NOT LIKE '_%,_%'),"
    " ({0}.lagging IS NOT NULL), ({0}.scheduled_version IS NOT NULL), ({0}.audience = 'agents')"
)
"""These columns of a row of `articles`."""
_MORE = (
    f"INSERT INTO article_counts ({_COLUMNS}, count) VALUES ({_KIND.format('NEW')}, 1)"  # noqa: S608 - constants of this module
    f" ON CONFLICT ({_COLUMNS}) DO UPDATE SET count = article_counts.count + 1;"
)
_LESS = f"UPDATE article_counts SET count = count - 1 WHERE ({_COLUMNS}) = ({_KIND.format('OLD')});"  # noqa: S608 - constants of this module
SQLITE = (
    f"CREATE TRIGGER article_created AFTER INSERT ON articles BEGIN {_MORE} END",
    f"CREATE TRIGGER article_removed AFTER DELETE ON articles BEGIN {_LESS} END",
    f"CREATE TRIGGER article_changed AFTER UPDATE OF {_WATCHED} ON articles BEGIN {_LESS} {_MORE} END",
)
POSTGRESQL = (
    (
        "CREATE FUNCTION count_articles() RETURNS trigger AS $$ BEGIN"
        f" IF TG_OP <> 'INSERT' THEN {_LESS} END IF; IF TG_OP <> 'DELETE' THEN {_MORE} END IF; RETURN NULL;"
        " END $$ LANGUAGE plpgsql"
    ),
    (
        f"CREATE TRIGGER article_counted AFTER INSERT OR DELETE OR UPDATE OF {_WATCHED} ON articles"
        " FOR EACH ROW EXECUTE FUNCTION count_articles()"
    ),
)
for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(articles, "after_create", _ddl.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """So many articles are alike in this."""

    status: ArticleStatus
    category: str
    deleted: bool
    matters: frozenset[Matter]
    """Without those that a date decides."""
    count: int

    def fits(self, chosen: ArticleFilter) -> bool:
        """Whether the list shows them; only where `says_all` says so."""
        return (
            self.deleted == chosen.deleted
            and chosen.status in {None, self.status}
            and (chosen.matter is None or chosen.matter in self.matters)
            and f"{self.category}{SEPARATOR}".startswith(f"{chosen.category}{SEPARATOR}" if chosen.category else "")
        )


def says_all(chosen: ArticleFilter) -> bool:
    """Whether what is kept is enough to say how many articles a filter leaves."""
    by_row = chosen.words.strip() or chosen.missing or chosen.changed or chosen.owner
    return not by_row and chosen.matter not in {Matter.REVIEW, Matter.EXPIRING}


def read_counts(connection: Connection) -> tuple[Alike, ...]:
    """What is kept."""
    rows = connection.execute(select(article_counts).where(article_counts.c.count > 0))
    return tuple(
        Alike(
            status=ArticleStatus(row["status"]),
            category=row["category"],
            deleted=row["deleted"],
            matters=frozenset(matter for matter, needs in _matters(row).items() if needs),
            count=row["count"],
        )
        for row in rows.mappings()
    )


def count_dated(connection: Connection, now: datetime) -> Counter[Matter]:
    """How many articles need what a date decides; read from the indexes of those dates, up to today."""
    here = articles.c.deleted_at.is_(None)
    review = select(func.count()).where(here, articles.c.review_on <= now.date())
    ending = articles.c.expires_at <= now + WARNING
    expiring = select(func.count()).where(here, articles.c.published_version.is_not(None), ending)
    row = connection.execute(select(review.scalar_subquery(), expiring.scalar_subquery())).one()
    return Counter({Matter.REVIEW: row[0], Matter.EXPIRING: row[1]})


def _matters(row: RowMapping) -> dict[Matter, bool]:
    return {
        Matter.TRANSLATE: row["one_sided"] or row["lagging"],
        Matter.OUT_OF_DATE: row["lagging"],
        Matter.SCHEDULED: row["scheduled"],
        Matter.AGENTS: row["for_agents"],
    }
