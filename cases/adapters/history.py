"""cases: the store itself keeps lines of a history as they were written, whoever asks for something else."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

WHY = "the history of a case is only ever added to"
VERBS = ("UPDATE", "DELETE")
SQLITE = tuple(
    f"CREATE TRIGGER case_changes_stay_{verb} BEFORE {verb} ON case_changes BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
    for verb in VERBS
)
POSTGRESQL = (
    f"CREATE FUNCTION case_changes_stay() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{WHY}'; END $$ LANGUAGE plpgsql",
    *(
        f"CREATE TRIGGER case_changes_stay_{verb} BEFORE {verb} ON case_changes"
        " FOR EACH ROW EXECUTE FUNCTION case_changes_stay()"
        for verb in VERBS
    ),
)


def keep_as_written(table: Table) -> None:
    """Let nobody change a line of `table` (`case_changes`) or take one away."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
