"""The order of a set-up: interpreter, main environment, Rasa's environment, encoder."""

import argparse
import os
import subprocess
import time

from environments import MAIN, MAIN_DEV, RASA, Environment, link, obtain
from faults import SetupFault
from locations import ROOT, cache_home


def main(arguments: list[str]) -> int:
    """Run the set-up and return the exit status; every fault ends in one message."""
    parser = argparse.ArgumentParser(description="Set up this checkout.")
    parser.add_argument("--dev", action="store_true", help="add the tools of tests and checks")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        prepare_main(dev=options.dev)
        prepare_rasa()
        prepare_encoder()
    except SetupFault as fault:
        print(f"\nset-up stopped: {fault}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nset-up interrupted; run it again to go on.", flush=True)
        return 130
    print(f"set-up complete in {time.monotonic() - started:.1f} s", flush=True)
    return 0


def prepare_main(*, dev: bool) -> None:
    """Link .venv to an environment for this lock; one with tools also serves without them."""
    tools_are_here = _is_linked(MAIN_DEV)
    link(obtain(MAIN_DEV if dev or tools_are_here else MAIN))


def _is_linked(environment: Environment) -> bool:
    target = environment.link
    return target.is_symlink() and target.resolve() == environment.location().resolve()


def prepare_rasa() -> None:
    """Link .venv-rasa, or say in one sentence why the desk will run without Rasa."""
    try:
        link(obtain(RASA))
    except SetupFault as fault:
        RASA.link.unlink(missing_ok=True)
        reason = str(fault).splitlines()[0]
        print(f"going on without Rasa (answers, complaints and hand-over still work): {reason}")


def prepare_encoder() -> None:
    """Convert the sentence encoder's weights once; the module itself knows when it is done."""
    if not any((ROOT / "nlu" / name).exists() for name in ("encoder.py", "encoder/__main__.py")):
        return
    command = [str(MAIN.link / "bin" / "python"), "-m", "nlu.encoder", "prepare"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise SetupFault(
            "the sentence encoder could not be prepared (its message is above).\n"
            f"Mend it by removing what is half done and trying again:\n"
            f"    rm -rf {cache_home()}/encoder && make setup"
        )


