"""bot: the commands of the desk, `python -m bot <command>`. Each is loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import dataclass

import kit.one_thread  # noqa: F401 - before numpy
from kit.refusals import Refusal
from kit.settings import SettingsFault


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is: the module, what adds its arguments, what runs it (`args` to an exit status)."""

    module: str
    arguments: str
    main: str


COMMANDS = {
    "ask": Command("bot.app.ask", "add_arguments", "main"),
    "backup": Command("bot.app.keeping", "add_backup_arguments", "main_backup"),
    "evaluate-dialogues": Command("bot.app.evaluate_dialogues", "add_arguments", "main"),
    "doctor": Command("bot.app.doctor", "add_arguments", "main"),
    "evaluate": Command("bot.app.evaluate", "add_arguments", "main"),
    "migrate": Command("bot.app.keeping", "add_arguments", "main_migrate"),
    "password": Command("bot.app.keeping", "add_password_arguments", "main_password"),
    "prepare": Command("bot.app.prepare", "add_arguments", "main"),
    "restore": Command("bot.app.keeping", "add_restore_arguments", "main_restore"),
    "run": Command("bot.app.run", "add_arguments", "main"),
    "why": Command("bot.app.why", "add_arguments", "main"),
    "web": Command("bot.app.serve", "add_web_arguments", "main_web"),
    "worker": Command("bot.app.serve", "add_arguments", "main_worker"),
}
FAULTY_SETTINGS = 2
REFUSED = 3


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot")
    parser.add_argument("command", choices=sorted(COMMANDS))
    chosen = parser.parse_args(arguments[:1])
    command = COMMANDS[chosen.command]
    module = importlib.import_module(command.module)
    own = argparse.ArgumentParser(prog=f"python -m bot {chosen.command}")
    getattr(module, command.arguments)(own)
    args = own.parse_args(arguments[1:])
    try:
        status: int = getattr(module, command.main)(args)
    except SettingsFault as faults:
        print(faults, file=sys.stderr)
        return FAULTY_SETTINGS
    except Refusal as refusal:
        print(f"{refusal.code} {dict(refusal.slots)}", file=sys.stderr)
        return REFUSED
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
