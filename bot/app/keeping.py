"""bot.app: the commands that look after the store: migrate, backup, restore, password."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from pathlib import Path

from bot.app.ground import open_ground, read_settings
from bot.app.rooms import build_rooms
from bot.app.secrets import load_secrets
from bot.migrations.steps import Damaged, NewerDatabase, find_level, migrate
from bot.run.backup import NotACopy, NotEmbedded, back_up, database_file, restore
from bot.run.lock import DeskLock, Held
from bot.run.place import Place
from bot.run.valkey import EmbeddedValkey
from bot.run.voice import Voice, terminal_language
from kit.rooms import text_folders
from kit.texts import Texts

FAILED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What all of them take."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", type=Path, help="the copy that is made; must not be there yet")
    add_arguments(parser)


def add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, help="a copy made by `python -m bot backup`")
    add_arguments(parser)


def add_password_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose."""
    parser.add_argument("name", help="the sign-in name")
    add_arguments(parser)


def main_migrate(args: argparse.Namespace) -> int:
    """Bring the database to this version's level."""
    voice, _, url = _start(args)
    folder = read_settings(args.config, args.data_dir)[1]
    try:
        before = asyncio.run(migrate(url, backups=folder / "backups"))
    except NewerDatabase as newer:
        voice.say("newer_database", level=newer.level, backups=str(folder / "backups"))
        return FAILED
    except Damaged as damaged:
        voice.say("damaged_database", fault=str(damaged))
        return FAILED
    voice.say("migrated", before=before.now or "-", after=asyncio.run(find_level(url)).newest)
    return 0


def main_backup(args: argparse.Namespace) -> int:
    """Copy the store while it is in use."""
    voice, _, url = _start(args)
    try:
        size = back_up(database_file(url), args.file)
    except NotEmbedded as address:
        voice.say("not_embedded", address=str(address))
        return FAILED
    except FileExistsError:
        voice.say("copy_exists", file=str(args.file))
        return FAILED
    except (NotACopy, OSError, sqlite3.Error) as error:
        voice.say("backup_failed", fault=str(error))
        return FAILED
    voice.say("backed_up", file=str(args.file), size=round(size / 1e6, 1))
    return 0


def main_restore(args: argparse.Namespace) -> int:
    """Put a copy in the place of the store."""
    voice, place, url = _start(args)
    try:
        place.make()
        lock = DeskLock(place)
        lock.take()
    except Held:
        voice.say("held_unknown", folder=str(place.data))
        return FAILED
    try:
        aside = restore(args.file, database_file(url))
        EmbeddedValkey(place).set_aside()  # its queue order is that of the other store; SQL knows the right one
    except NotEmbedded as address:
        voice.say("not_embedded", address=str(address))
        return FAILED
    except (NotACopy, OSError, sqlite3.Error) as error:
        voice.say("restore_failed", file=str(args.file), fault=str(error))
        return FAILED
    finally:
        lock.release()
    voice.say("restored", file=str(args.file), aside=str(aside or "-"))
    return 0


def main_password(args: argparse.Namespace) -> int:
    """Give an account a new password, to be changed at the first sign-in."""
    voice, _, _ = _start(args)
    settings, folder = read_settings(args.config, args.data_dir)

    async def reset() -> str | None:
        async with open_ground(settings, folder) as ground:
            staff = build_rooms(ground).staff
            for account in await staff.accounts():
                if account.name == args.name.strip().lower():
                    return (await staff.reset_password(account.id, by=account.id)).password
        return None

    password = asyncio.run(reset())
    if password is None:
        voice.say("no_account", name=args.name)
        return FAILED
    voice.say("new_password", name=args.name, password=password)
    return 0


def _start(args: argparse.Namespace) -> tuple[Voice, Place, str]:
    _, folder = read_settings(args.config, args.data_dir)
    voice = Voice(Texts.load(text_folders()), terminal_language(), out=print)
    return voice, Place(folder), load_secrets(folder, keep=False).database_url
