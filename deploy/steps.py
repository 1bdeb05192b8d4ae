"""deploy: the order of a set-up: main environment, Rasa's environment, encoder."""

from __future__ import annotations

import argparse
import os
import subprocess
import time

from deploy.environments import MAIN, MAIN_DEV, RASA, link_into_checkout, obtain
from deploy.faults import SetupFault
from deploy.locations import ROOT

MEMO_SECONDS = 24 * 3600


def main(arguments: list[str]) -> int:
    """Run the set-up and return the exit status; every fault ends in one message."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set up this checkout.")
    parser.add_argument("--dev", action="store_true", help="add the tools of tests and checks")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        prepare_main(dev=options.dev)
        prepare_rasa()
        prepare_encoder()
    except SetupFault as fault:
        print(f"set-up stopped: {fault}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nset-up interrupted; run it again to go on.", flush=True)
        return 130
    print(f"set-up complete ({time.monotonic() - started:.1f} s)", flush=True)
    return 0


def prepare_main(*, dev: bool) -> None:
    """Link .venv to an environment of this lock; one with tools serves without them too."""
    tools_are_here = MAIN_DEV.link.is_symlink() and MAIN_DEV.link.readlink() == MAIN_DEV.home()
    wanted = MAIN_DEV if dev or tools_are_here else MAIN
    link_into_checkout(wanted, obtain(wanted))


def prepare_rasa() -> None:
    """Link .venv-rasa, or say in one sentence why the desk will run without Rasa.

    What fails for a lasting reason is slow to fail, so it is tried once a day; a Python 3.10 that
    was installed meanwhile is seen at once, because it changes the environment's name.
    """
    memo = RASA.home().with_suffix(".failed")
    if memo.exists() and time.time() - memo.stat().st_mtime < MEMO_SECONDS:
        sentence = memo.read_text(encoding="utf-8")
    else:
        memo.unlink(missing_ok=True)
        try:
            link_into_checkout(RASA, obtain(RASA))
        except SetupFault as fault:
            sentence = fault.sentence
            if fault.lasting:
                memo.write_text(sentence, encoding="utf-8")
        else:
            return
    if RASA.link.is_symlink():
        RASA.link.unlink()
    print(f"Going on without Rasa, whose work a stand-in does: {sentence}", flush=True)


def prepare_encoder() -> None:
    """Convert the sentence encoder's weights once; the module itself knows when that is done."""
    if not any((ROOT / "nlu" / name).exists() for name in ("encoder.py", "encoder/__main__.py")):
        return
    command = [str(MAIN.link / "bin" / "python"), "-m", "nlu.encoder", "prepare"]
    if subprocess.run(command, cwd=ROOT, env={**os.environ, "HF_HUB_OFFLINE": "1"}, check=False).returncode != 0:
        raise SetupFault(
            "the sentence encoder could not be prepared (its own message is above).",
            mend="make setup",
        )
