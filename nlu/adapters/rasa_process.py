"""nlu: Rasa's own world as a child process (Python 3.10). Commands, environment, and what is asserted about it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from kit.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
RASA_ROOM = ROOT / "nlu" / "rasa"
VERSION = "3.6.21"
"""The newest open-source Rasa. On the wrong Python pip silently installs one from 2020, so it is asserted."""
DOOR = "/webhooks/desk"
SECRET_VARIABLE = "DESK_RASA_SECRET"  # noqa: S105 - the name of the variable
FOLLOW_VARIABLE = "DESK_RASA_MODELS"
START_SECONDS = 90
STOP_SECONDS = 5
LOOK_SECONDS = 0.1
"""Between two looks at whether a starting service answers; its end is noticed at once."""


class RasaFault(Exception):
    """Rasa cannot be used; the message names the mending command."""


def rasa_python(root: Path = ROOT) -> Path:
    """Rasa's interpreter. Raises `RasaFault` when its environment was not built."""
    python = root / ".venv-rasa" / "bin" / "python"
    if not python.exists():
        raise RasaFault("Rasa's environment (.venv-rasa) is not there; run `make setup` with a Python 3.10 installed")
    return python


def check_version(python: Path) -> None:
    """Raises `RasaFault` unless `python` has exactly the wanted Rasa."""
    ask = "import importlib.metadata as m; print(m.version('rasa'))"
    answer = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=False, timeout=60)
    found = answer.stdout.strip()
    if found != VERSION:
        raise RasaFault(f"rasa=={VERSION} is wanted, found {found or 'none'}; remove .venv-rasa and run `make setup`")


def child_environment(secret: str, **more: str) -> dict[str, str]:
    """What a Rasa process gets to see: no token and no address of ours besides `more`."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH") if name in os.environ
    }
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(RASA_ROOM),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        # One thread: the box is shared with the web, the worker and the encoder.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LOG_LEVEL": "ERROR",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        SECRET_VARIABLE: secret,
        **more,
    }


def following(models: Path | None) -> dict[str, str]:
    """The part of a service's environment that makes it load whatever is published in the folder."""
    return {} if models is None else {FOLLOW_VARIABLE: str(models)}


def train_command(python: Path, *, data: Path, config: Path, out: Path, name: str) -> list[str]:
    """The command that trains `out/name.tar.gz`; its environment also needs DESK_ENCODER_URL."""
    return [
        str(python), "-m", "rasa", "train", "nlu", "--nlu", str(data), "--config", str(config), "--out", str(out),
        "--fixed-model-name", name,
    ]  # fmt: skip


def serve_command(python: Path, *, model: Path, port: int) -> list[str]:
    """The command that serves `model` on loopback: our channel only, Rasa's own API stays off."""
    return [
        str(python), "-m", "rasa", "run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1",
        "--credentials", str(RASA_ROOM / "credentials.yml"), "--endpoints", str(RASA_ROOM / "endpoints.yml"),
    ]  # fmt: skip


def is_serving(url: str, secret: str, *models: Path) -> bool:
    """Whether the service at `url` is up with one of `models`.

    Raises `RasaFault` when it serves something else: Rasa takes the newest file of the folder when a name is wrong.
    """
    try:
        answer = httpx.get(url + DOOR + "/status", headers={"X-Desk-Secret": secret}, timeout=5)
    except httpx.TransportError:
        return False
    if answer.status_code == httpx.codes.FORBIDDEN:
        raise RasaFault(f"another service holds {url}; choose another `nlu.rasa.port` in config.yml")
    if answer.status_code != httpx.codes.OK:
        return False
    told = answer.json()
    if told.get("rasa") != VERSION:
        raise RasaFault(f"the Rasa service says version {told.get('rasa')}, {VERSION} is wanted; run `make setup`")
    if told.get("model") is None:
        return False
    if Path(str(told["model"])).name not in {model.name for model in models}:
        wanted = " or ".join(model.name for model in models)
        raise RasaFault(f"the Rasa service loaded {told['model']} instead of {wanted}; run `python -m nlu train`")
    return True


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: no orphans


@contextlib.contextmanager
def rasa_server(
    model: Path, *, log: Path, root: Path = ROOT, follow: Path | None = None
) -> Iterator[tuple[str, str, subprocess.Popen[bytes]]]:
    """Serve `model` in a child for commands and tests; yields (address, secret, process). The desk has a supervisor.

    `follow` is the folder whose publications the service loads.
    """
    port, secret = free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}"
    command = serve_command(rasa_python(root), model=model, port=port)
    environment = child_environment(secret, **following(follow))
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=log.parent, stdout=out, stderr=out, preexec_fn=_die_with_parent,  # noqa: PLW1509 - only prctl
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_serving(url, secret, model):
            if time.monotonic() > deadline:
                raise RasaFault(f"Rasa did not answer within {START_SECONDS} s; its words are in {log}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)
                raise RasaFault(f"Rasa ended at its start; its words are in {log}")
        yield url, secret, process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a child: politely, then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
