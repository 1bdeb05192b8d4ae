"""bot.migrations: every room's tables, registered on `kit.sql.metadata`."""

from __future__ import annotations

import importlib
import importlib.util

from kit.rooms import ROOMS


def load_tables() -> None:
    """Import each room's tables. By name and not by import statement: the insides of a room are not bot's to know."""
    for room in ROOMS:
        if importlib.util.find_spec(f"{room}.adapters") and importlib.util.find_spec(f"{room}.adapters.tables"):
            importlib.import_module(f"{room}.adapters.tables")
