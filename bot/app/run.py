"""bot.app: `python -m bot run`: the whole desk on this machine, under one supervisor."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import ArgumentError

from bot.app.ground import read_settings
from bot.app.prepare import DAMAGED, NEWER, Prepared, take_sign_in
from bot.app.secrets import Secrets, load_secrets
from bot.channels.telegram.start import check_telegram
from bot.channels.wechat.start import check_wechat
from bot.run.child import run_to_end
from bot.run.house import House
from bot.run.listen import PortTaken, is_free, listen
from bot.run.lock import DeskLock, Held
from bot.run.place import Place
from bot.run.program import PartStatus, Program
from bot.run.rasa import OwnRasa, RasaWays
from bot.run.supervisor import GaveUp, Supervisor
from bot.run.valkey import EmbeddedValkey
from bot.run.voice import Voice, terminal_language
from bot.settings import DeskSettings
from kit.ports import free_port
from kit.rooms import HOUSE, text_folders
from kit.sql import store_url
from kit.texts import Texts
from nlu.adapters.model_folder import ModelFolder, models_folder
from nlu.adapters.rasa_process import (
    check_version,
    child_environment,
    following,
    is_serving,
    rasa_python,
    serve_command,
)

FAILED, TAKEN, REFUSED = 1, 2, 3
"""Exit statuses: a part or the preparation failed; the port cannot be had; another run holds the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a start is made from."""

    args: argparse.Namespace
    settings: DeskSettings
    place: Place
    secrets: Secrets
    voice: Voice


class PreparationFailed(Exception):
    """The database could not be prepared; it has been said why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--host", default=None, help="where the web service listens (config.yml: web.host)")
    parser.add_argument("--port", type=int, default=None, help="0 for any free one (config.yml: web.port)")
    parser.add_argument("--fixed-port", action="store_true", help="end instead of taking another port")


def main(args: argparse.Namespace) -> int:
    """Run until told to stop. Raises `kit.settings.SettingsFault`."""
    texts = Texts.load(text_folders())
    voice = Voice(texts, terminal_language(), out=lambda line: print(line, flush=True))
    settings, folder = read_settings(args.config, args.data_dir)
    given = load_secrets(folder, keep=False)
    check_telegram(settings.telegram, token=given.telegram_token, secret=given.telegram_secret, config=args.config)
    check_wechat(settings.wechat, given.wechat, config=args.config)
    place = Place(folder)
    try:
        place.make()
        lock = DeskLock(place)
        lock.take()
        secrets = load_secrets(folder)
        store_url(secrets.database_url)
    except Held as held:
        if held.state is None:
            voice.say("held_unknown", folder=str(folder))
        else:
            voice.say(
                "held", folder=str(folder), pid=held.state.pid, since=held.state.since, address=held.state.address
            )
        return REFUSED
    except OSError as error:
        voice.say("no_folder", folder=str(folder), fault=str(error))
        return FAILED
    except (ValueError, ArgumentError):
        voice.say("bad_database_url")
        return FAILED
    try:
        return _run(Start(args=args, settings=settings, place=place, secrets=secrets, voice=voice), lock)
    finally:
        lock.release()


def _run(start: Start, lock: DeskLock) -> int:
    args, settings, voice = start.args, start.settings, start.voice
    host, port = args.host or settings.web.host, settings.web.port if args.port is None else args.port
    try:
        door = listen(host, port, move=not args.fixed_port)
    except PortTaken as taken:
        voice.say("port_taken", address=str(taken))
        return TAKEN
    with door:
        got = door.getsockname()[1]
        if port not in {0, got}:
            voice.say("port_moved", wanted=port, port=got)
        house = build_house(start, door)
        return asyncio.run(_supervise(house, lock, voice, address=_address(door, settings)))


def build_house(start: Start, door: socket.socket) -> House:
    """What is run here, and what is run elsewhere."""
    settings, place, secrets, voice = start.settings, start.place, start.secrets, start.voice
    config = start.args.config.resolve()
    if os.environ.get("REDIS_URL"):
        voice.say("outside", part=voice.part("valkey"), variable="REDIS_URL")
    own = settings.nlu.rasa.enabled and not settings.nlu.rasa.url and not secrets.rasa_url
    wanted = settings.nlu.rasa.port
    port = wanted if wanted and is_free("127.0.0.1", wanted) else free_port()
    url = f"http://127.0.0.1:{port}"
    models = ModelFolder(models_folder(place.data))
    rasa = OwnRasa(
        ways=RasaWays(
            check=lambda: check_version(rasa_python()),
            command=lambda model, at: serve_command(rasa_python(), model=model, port=at),
            environment=child_environment(secrets.rasa, **following(models.folder)),
            # The service loads what is published while it runs; both are right until it has.
            serving=lambda model, _: is_serving(url, secrets.rasa, model, models.path(models.served() or "")),
        ),
        place=place,
        config=config,
        root=HOUSE,
        port=port,
        learning=lambda: voice.say("rasa_training"),
    )
    return House(
        place=place,
        root=HOUSE,
        config=config,
        door=door,
        valkey=None if os.environ.get("REDIS_URL") else EmbeddedValkey(place),
        rasa=rasa if own else None,
        rasa_absent="" if settings.nlu.rasa.enabled else "rasa_off",
        environment={"RASA_URL": url} if own else {},
    )


async def _supervise(house: House, lock: DeskLock, voice: Voice, *, address: str) -> int:
    line = house.line(tell=voice.tell, changed=lambda: lock.tell(address=address, parts=_statuses()))

    def _statuses() -> list[PartStatus]:
        return [part.status for part in line.all]

    lock.tell(address=address, parts=_statuses())
    voice.say("starting", folder=str(house.place.data))
    try:
        await Supervisor(line).run(
            prepare=lambda: _prepare(house, voice),
            ready=lambda: voice.banner(address, sign_in=take_sign_in(house.place)),
            stopping=lambda: voice.say("stopping"),
            hurrying=lambda: voice.say("stopping_again"),
        )
    except PreparationFailed:
        return FAILED
    except GaveUp as gave_up:
        name = gave_up.part.status.name
        voice.say("gave_up", part=voice.part(name), log=str(house.place.log / f"{name}.log"))
        return FAILED
    voice.say("stopped")
    return 0


async def _prepare(house: House, voice: Voice) -> None:
    if not (house.place.data / "desk.db").exists() and "DATABASE_URL" not in os.environ:
        voice.say("first_time")
    log = house.place.log / "prepare.log"
    status, words = await run_to_end(
        Program(command=house.command("prepare"), folder=house.root, environment={"PYTHONUNBUFFERED": "1"}), log
    )
    prepared = _read(words)
    if prepared is None or status not in {0, NEWER, DAMAGED}:
        fault = prepared.fault if prepared else (words[-1] if words else str(status))
        voice.say("prepare_failed", fault=fault, log=str(log))
        raise PreparationFailed
    if status == NEWER:
        voice.say("newer_database", level=prepared.fault, backups=str(house.place.data / "backups"))
        raise PreparationFailed
    if status == DAMAGED:
        voice.say("damaged_database", fault=prepared.fault)
        raise PreparationFailed
    if prepared.before is not None and prepared.before != prepared.after:
        voice.say("migrated", before=prepared.before, after=prepared.after)
    if prepared.imported:
        voice.say("imported", count=prepared.imported)


def _read(words: list[str]) -> Prepared | None:
    try:
        return Prepared(**json.loads(words[-1]))
    except (IndexError, ValueError, TypeError):
        return None


def _address(door: socket.socket, settings: DeskSettings) -> str:
    """What people type: the public address where there is one, else this machine's."""
    if settings.web.public_url:
        return settings.web.public_url
    host, port = door.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
