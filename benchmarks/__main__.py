"""`python -m benchmarks` (`make bench`): speed of the desk beside a stock Rasa bot on the same articles, on loopback.

Everything is measured from outside, socket to socket, one bot after another; the load comes from a process of its own
on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import desk, report
from benchmarks.machine import describe
from benchmarks.measure import FULL, QUICK, Bot, Effort, Measured, measure
from benchmarks.stock.project import EPOCHS, project
from benchmarks.stock.service import NoStockBot, serve, train

BARE, WHOLE, STOCK = "desk without Rasa", "desk with Rasa", "stock Rasa, ResponseSelector"


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


async def bench(folder: Path, effort: Effort, *, only: set[str], epochs: int) -> tuple[list[Measured], list[str]]:
    """Measure the bots that are wanted; returns what else must be said of the figures, too."""
    rows: list[Measured] = []
    notes: list[str] = []
    for name, rasa in ((BARE, False), (WHOLE, True)):
        if only and name not in only:
            continue
        say(f"starting the {name} …")
        async with desk.running(folder, name, rasa=rasa) as bot:
            rows.append(await measure(bot, effort, say))
    if not only or STOCK in only:
        try:
            rows.append(await _stock(folder, effort, epochs))
            notes.append(f"{STOCK}: trained for {epochs} epochs; its speed does not depend on that, its rightness does")
        except NoStockBot as reason:
            notes.append(f"not measured: {reason}")
            say(f"no stock bot: {reason}")
    return rows, notes


async def _stock(folder: Path, effort: Effort, epochs: int) -> Measured:
    stock = project(epochs=epochs)
    say(f"training the {STOCK} ({epochs} epochs; some minutes, the first time only) …")
    model, seconds = await train(stock, folder)
    say(f"trained in {seconds:.0f} s" if seconds else "it was trained before")
    async with serve(stock, model, folder) as (address, pid):
        bot = Bot(name=STOCK, kind="rasa", address=address, processes={"rasa": pid})
        return await measure(bot, effort, say)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer questions and shorter steps: a first impression")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where models and results are kept")
    parser.add_argument("--only", nargs="+", choices=(BARE, WHOLE, STOCK), default=[], help="measure these only")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="training epochs of the stock bot")
    args = parser.parse_args()
    folder = args.folder.resolve()
    effort = QUICK if args.quick else FULL
    try:
        rows, notes = asyncio.run(bench(folder, effort, only=set(args.only), epochs=args.epochs))
    except desk.NoDesk as reason:
        say(str(reason))
        return 1
    at = datetime.now(UTC)
    machine = describe()
    path = folder / f"result-{at:%Y%m%dT%H%M%SZ}.json"
    path.write_text(report.as_json(rows, machine, at=at.isoformat(timespec="seconds"), notes=notes), encoding="utf-8")
    print(report.table(rows, machine))
    for each in notes:
        print(f"\n{each}")
    print(f"\n{path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
