"""tests: what libraries and errors say about a customer's words does not reach the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import structlog

from bot.logs import TALKATIVE, set_up_logging

SECRET = "我的手机号 13800138000"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log as a running desk writes it."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    set_up_logging(tmp_path / "bot.log", level=logging.DEBUG)
    yield tmp_path / "bot.log"
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def fail() -> None:
    raise ValueError(SECRET)


def test_a_librarys_warning_keeps_its_template_only(log: Path) -> None:
    logging.getLogger("library").warning("could not send %s", SECRET)
    [line] = lines(log)
    assert (line["event"], line["logger"], line["level"]) == ("could not send %s", "library", "warning")


def test_of_an_error_its_kind_and_place_are_written_and_never_its_words(log: Path) -> None:
    for where in (logging.getLogger("library").exception, structlog.get_logger("bot.turn").exception):
        try:
            try:
                fail()
            except ValueError as error:
                message = f"cannot store {SECRET}"
                raise RuntimeError(message) from error
        except RuntimeError:
            where("turn.broke")
    written = lines(log)
    assert SECRET not in log.read_text(encoding="utf-8")
    for line in written:
        assert line["raised"] == ["RuntimeError", "ValueError"]
        assert any("test_logs.py" in place for place in line["places"])


def test_keys_that_may_hold_a_customers_words_are_dropped(log: Path) -> None:
    structlog.get_logger("bot").info("sent", conversation="01J", text=SECRET, token=SECRET, payload={"a": SECRET})
    [line] = lines(log)
    assert line["conversation"] == "01J"
    assert SECRET not in log.read_text(encoding="utf-8")


async def test_the_store_says_nothing_of_what_it_stores_at_any_level(
    log: Path, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    # caplog's handler writes whole messages, as a host's own handler would.
    logging.getLogger().addHandler(caplog.handler)
    async with aiosqlite.connect(tmp_path / "words.db") as store:
        await store.execute("CREATE TABLE words (word TEXT)")
        await store.execute("INSERT INTO words VALUES (?)", (SECRET,))
    assert SECRET not in caplog.text
    assert all(line["logger"] != "aiosqlite" for line in lines(log))
    logging.getLogger("aiosqlite").setLevel(logging.DEBUG)
    async with aiosqlite.connect(tmp_path / "words.db") as store:
        await store.execute("INSERT INTO words VALUES (?)", (SECRET,))
    assert SECRET in caplog.text
