"""benchmarks.stock: trains the stock bot once and serves it on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from benchmarks.stock.project import HOUSE, Project
from bot.run.child import Child, run_to_end
from bot.run.log_file import LogFile
from bot.run.program import Program
from kit.ports import free_port

READY_SECONDS = 180.0
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "PYTHONWARNINGS": "ignore",
}


class NoStockBot(Exception):
    """The stock bot cannot be had here; the words say why."""


async def train(project: Project, folder: Path) -> tuple[Path, float]:
    """The trained model and the seconds it took, 0 when it was there already. Raises NoStockBot."""
    model = folder / f"stock-{project.fingerprint}.tar.gz"
    if model.exists():
        return model, 0.0
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    began = time.monotonic()
    work = Path(tempfile.mkdtemp(prefix=".training-", dir=folder))
    try:
        project.write(work)
        status, words = await run_to_end(
            Program(
                command=(_python(), "-m", "rasa", "train", "--out", ".", "--fixed-model-name", "model"),
                environment=QUIET,
                folder=work,
            ),
            folder / "stock-training.log",
        )
        if status != 0 or not (work / "model.tar.gz").exists():
            raise NoStockBot(f"Rasa could not train the stock bot: {' '.join(words[-3:])}")
        (work / "model.tar.gz").replace(model)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return model, time.monotonic() - began


@contextlib.asynccontextmanager
async def serve(project: Project, model: Path, folder: Path) -> AsyncIterator[tuple[str, int]]:
    """Serve `model`; yields the address and the process id. Raises NoStockBot."""
    port = free_port()
    home = folder / f"stock-{project.fingerprint}"
    project.write(home)
    command = (
        *(_python(), "-m", "rasa", "run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1"),
        *("--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
    )
    log = LogFile(folder / "stock.log")
    child = await Child.start(Program(command=command, environment=QUIET, folder=home), log)
    try:
        await _answers(f"http://127.0.0.1:{port}", child)
        yield f"http://127.0.0.1:{port}", child.pid
    finally:
        await child.stop(within=5)
        log.close()


def _python() -> str:
    python = HOUSE / ".venv-rasa" / "bin" / "python"
    if not os.access(python, os.X_OK):
        raise NoStockBot("Rasa's environment (.venv-rasa) is not there; run `make setup` with a Python 3.10 installed")
    return str(python)


async def _answers(address: str, child: Child) -> None:
    ended = asyncio.create_task(child.ended())
    try:
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(trust_env=False, timeout=30) as http:
            while not ended.done():
                with contextlib.suppress(httpx.HTTPError):
                    said = await http.post(
                        f"{address}/webhooks/rest/webhook", json={"sender": "first", "message": "hello"}
                    )
                    if said.status_code == httpx.codes.OK and said.json():
                        return
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise NoStockBot(f"the stock bot did not answer within {READY_SECONDS:.0f} s") from error
    finally:
        ended.cancel()
    raise NoStockBot("the stock bot ended while it started")
