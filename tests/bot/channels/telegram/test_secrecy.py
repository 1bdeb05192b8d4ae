"""tests: the bot's token stands in no log, whoever writes it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.channels.secrecy import MASK, TALKATIVE, Mask, hide_in_logs
from bot.contracts import SendFailed
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.bot.support.desk import Parts
from tests.support.fake_bot_api import TOKEN, FakeBotApi

KEY = TOKEN.partition(":")[2]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that `logging` writes, from the lowest level up."""
    factory, root = logging.getLogRecordFactory(), logging.getLogger()
    level = root.level
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)


async def one_good_and_one_failed_call(api: FakeBotApi, desk: TelegramDesk) -> None:
    await desk.parts.say("在吗", address="42", channel="telegram")
    line = await desk.reply(42, "您好")
    api.fail("sendMessage", 500)
    with pytest.raises(SendFailed):
        await desk.channel.sender.send(line)
    await desk.channel.sender.send(line)


async def test_nothing_that_the_libraries_log_holds_the_token_however_loud_they_are(
    written: io.StringIO, api: FakeBotApi, sqlite_parts: Parts
) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)
    await one_good_and_one_failed_call(api, desk)
    await desk.channel.close()
    assert f"{MASK}/sendMessage" in written.getvalue()  # httpx did write the address
    assert KEY not in written.getvalue()


async def test_at_the_lowest_level_the_libraries_write_no_word_of_a_customer(
    written: io.StringIO, api: FakeBotApi, sqlite_parts: Parts
) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts)
    await one_good_and_one_failed_call(api, desk)
    await desk.channel.close()
    lines = [line for line in written.getvalue().splitlines() if "您好" in line]
    assert [line for line in lines if "sqlite3" not in line] == []


def test_tracebacks_and_arguments_are_masked_too(written: io.StringIO) -> None:
    hide_in_logs(TOKEN)
    log = logging.getLogger("anybody")
    try:
        raise ValueError(f"no host in http://api/bot{TOKEN}/getMe")  # noqa: TRY301 - as a library would
    except ValueError:
        log.exception("call of %s failed for %r", f"/bot{TOKEN}", {"token": TOKEN})
    log.warning("%s %s", TOKEN)  # noqa: PLE1206 - a fault of the caller must not show it either
    assert KEY not in written.getvalue()
    assert "ValueError: no host in" in written.getvalue()


def test_lines_without_the_token_stay_as_they_are(written: io.StringIO) -> None:
    hide_in_logs(TOKEN)
    hide_in_logs("")
    logging.getLogger("anybody").info("bot %s of %d", "one", 2)
    assert written.getvalue() == "bot one of 2\n"


def test_structured_events_are_masked_at_any_depth() -> None:
    mask = Mask()
    mask.hide(TOKEN)
    out = io.StringIO()
    log = structlog.wrap_logger(
        structlog.PrintLogger(out), processors=[mask.processor, structlog.processors.JSONRenderer()]
    )
    log.info("called", url=f"https://api/bot{TOKEN}/x", deep={"list": [KEY, 7, None]})
    assert KEY not in out.getvalue()
    assert MASK in out.getvalue()
