"""bot.app: `python -m bot prepare`: everything that must be there before the first customer. Safe to repeat.

A process of its own, so that the supervisor stays small. It loads models only the first time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.app.ground import Ground, open_ground, read_settings
from bot.app.mind import build_base
from bot.app.rooms import build_rooms
from bot.app.secrets import load_secrets
from bot.logs import set_up_logging
from bot.migrations.steps import Damaged, NewerDatabase, find_level, migrate
from bot.run.place import Place
from nlu.adapters.build import build_encoder, build_nlu

FIRST_NAME = "admin"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are read as one another."""
GROUPS, GROUP = 4, 4
FAILED, NEWER, DAMAGED = 1, 4, 5
"""Exit statuses the supervisor has sentences for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was done, for the supervisor."""

    before: str | None
    after: str
    imported: int = 0
    fault: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def main(args: argparse.Namespace) -> int:
    """Prepare; the last line printed is a `Prepared` as JSON."""
    set_up_logging(None)
    settings, folder = read_settings(args.config, args.data_dir)
    place = Place(folder)
    place.make()
    url = load_secrets(folder).database_url
    try:
        before = asyncio.run(migrate(url, backups=folder / "backups"))
    except NewerDatabase as newer:
        return _report(Prepared(before=newer.level, after="", fault=newer.level), NEWER)
    except Damaged as damaged:
        return _report(Prepared(before="", after="", fault=str(damaged)), DAMAGED)
    except (SQLAlchemyError, OSError) as error:
        return _fail(error)

    async def fill() -> int:
        async with open_ground(settings, folder) as ground:
            return await _fill(ground, place)

    try:
        imported = asyncio.run(fill())
    except Exception as error:  # noqa: BLE001 - whoever waits for this process gets one sentence; the log has all
        return _fail(error)
    level = asyncio.run(find_level(url))
    return _report(Prepared(before=before.now, after=level.newest, imported=imported), 0)


async def _fill(ground: Ground, place: Place) -> int:
    """The starter articles and the first account, unless there is an account already: it is the last thing made."""
    staff = build_rooms(ground).staff
    if await staff.accounts():
        return 0
    settings = ground.settings.nlu
    encoder = await asyncio.to_thread(build_encoder, settings.encoder)
    base = build_base(ground, encoder=encoder, fits=True)
    imported = await base.importing.import_starter()
    await base.search.open()
    await base.live.settled()
    await base.search.close()
    with ThreadPoolExecutor(1) as executor:  # what it fits the first time is kept for the worker
        await asyncio.to_thread(
            lambda: build_nlu(settings, encoder=encoder, executor=executor, rasa=None, data_dir=ground.data_dir)
        )
    keep_sign_in(place, password := new_password())
    if not await staff.ensure_first_account(password):
        take_sign_in(place)
    return imported


def new_password() -> str:
    """A password people can copy from a terminal."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def keep_sign_in(place: Place, password: str) -> None:
    """Keep the first sign-in until it has been shown: a start that fails in between must not lose it."""
    path = place.run / "first-sign-in"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(password)


def take_sign_in(place: Place) -> tuple[str, str] | None:
    """The first sign-in, once."""
    path = place.run / "first-sign-in"
    try:
        password = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    path.unlink()
    return FIRST_NAME, password


def _fail(error: Exception) -> int:
    traceback.print_exception(error)
    fault = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else '-'}"
    return _report(Prepared(before="", after="", fault=fault), FAILED)


def _report(prepared: Prepared, status: int) -> int:
    print(json.dumps(asdict(prepared)), flush=True)
    return status
