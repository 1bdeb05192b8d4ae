"""`python -m benchmarks.understanding`: what it costs to understand a message whose vector is there already.

The model is the one the desk would serve, asked over loopback through the desk's own client, one text at a time, with
the texts kept out of the training. Beside it the stand-in and the complaint classifier. Clock and processor time are
told apart: on a busy machine the first one says how busy it is.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import psutil

from benchmarks.figures import summarise
from nlu.adapters.build import build_stand_in, fitted_folder
from nlu.adapters.complaints import load_complaints
from nlu.adapters.evaluation import PATIENCE_SECONDS, read_all
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.rasa_process import rasa_server
from nlu.adapters.training import config_text, starter_files, train
from nlu.contracts import Reading
from nlu.encoder import build_encoder
from nlu.settings import NluSettings
from nlu.starter_content import HELD_OUT, read_rows

WARM_UP = 20
"""Questions before the first that counts: the connection opens, caches fill."""
HEAD = "| | texts | p50, ms | p95, ms | longest, ms | processor, ms each |\n|---|---:|---:|---:|---:|---:|"


async def measure(
    name: str, readings: Sequence[Reading], ask: Callable[[Reading], Awaitable[object]], processes: Sequence[int]
) -> None:
    """Ask about every reading in turn and print one line; `processes` are those whose processor time counts."""
    for reading in readings[:WARM_UP]:
        await ask(reading)
    watched = [psutil.Process(number) for number in processes]
    before, took = _busy(watched), []
    for reading in readings:
        began = time.perf_counter()
        await ask(reading)
        took.append(time.perf_counter() - began)
    each = (_busy(watched) - before) / len(readings) * 1_000
    found = summarise(took)
    print(
        f"| {name} | {found.count} | {found.p50:.1f} | {found.p95:.1f} | {found.longest:.1f} | {each:.1f} |", flush=True
    )


def _busy(processes: Sequence[psutil.Process]) -> float:
    """Seconds of processor time so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


async def run(texts: int, folder: Path) -> None:
    """Train where it was not trained, then measure the service, the stand-in and the complaint classifier."""
    settings = NluSettings()
    encoder = build_encoder(settings.encoder)
    model = train(encoder, folder, files=starter_files(), config=config_text(), progress=lambda _: None).model
    stand_in = build_stand_in(encoder)
    complaints = load_complaints(encoder, settings.complaint, fitted_folder())
    readings = read_all(encoder, [row.text for row in read_rows(HELD_OUT)])[:texts]
    own = psutil.Process().pid

    async def hear(reading: Reading) -> object:
        return complaints.read(reading)

    print(HEAD, flush=True)
    with rasa_server(model, log=folder / "rasa.log") as (url, secret, service):
        client = RasaClient(url, secret, deadline=PATIENCE_SECONDS, breaker=Breaker(1, 0.0), intents=frozenset())
        try:
            await measure("Rasa, vector given", readings, client.parse, (own, service.pid))
        finally:
            await client.aclose()
    await measure("stand-in, vector given", readings, stand_in.parse, (own,))
    await measure("complaint, vector given", readings, hear, (own,))


def main(arguments: Sequence[str]) -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    parser.add_argument("--texts", type=int, default=400, help="how many held-out texts are asked (default 400)")
    parser.add_argument("--folder", type=Path, help="keeps the model (default: trained, then deleted)")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="understanding-") as temporary:
        folder = wanted.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(run(wanted.texts, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
