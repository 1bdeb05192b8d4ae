"""bot.migrations: what Alembic runs. Takes its open connection from `bot.migrations.steps`; knows no address itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context
from sqlalchemy import JSON
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from bot.migrations.tables import load_tables
from kit.sql import UtcDateTime, metadata

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


def _render(kind: str, thing: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types into a step: a step must mean the same when our own types have changed."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON) and isinstance(thing.dialect_impl(POSTGRES), JSONB):
        autogenerate.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def run() -> None:
    """Run the steps that are asked for, in the caller's transaction."""
    load_tables()
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite changes a table by making a new one
        render_item=_render,
        compare_server_default=True,
    )
    context.run_migrations()


run()
