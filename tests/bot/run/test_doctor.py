"""tests: the doctor finds what is wrong and names the command that mends it."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import Field
from sqlalchemy import text

from bot.app.doctor import served_model
from bot.migrations.steps import connect, migrate
from bot.run.doctor import installation
from bot.run.doctor.findings import Finding, Grade, Look, WeChatLook, fault, good
from bot.run.doctor.installation import (
    check_encoder,
    check_main_environment,
    check_rasa_environment,
    check_valkey_binary,
)
from bot.run.doctor.machine import check_clock, check_data_directory, check_run
from bot.run.doctor.model import ServedModel, model_findings
from bot.run.doctor.report import as_json, as_lines, examine, has_faults
from bot.run.doctor.secrets import check_secret, check_telegram, check_wechat, config_findings
from bot.run.doctor.stores import check_database, check_redis
from bot.run.listen import listen
from bot.run.lock import DeskLock
from bot.run.place import Place
from bot.run.program import PartState, PartStatus
from kit.contracts import Language
from kit.ports import free_port
from kit.settings import Settings
from kit.texts import Texts
from nlu.adapters.model_folder import SERVED, ModelFolder, models_folder
from nlu.encoder.prepare import GRAPH, TOKENIZER, cache_folder
from nlu.versions import Card
from tests.bot.run.conftest import HOUSE
from tests.support.postgres import PostgresServer
from tests.support.valkey import ValkeyServer

TOKEN = "123456:" + "a" * 35


@pytest.fixture
def look(tmp_path: Path) -> Look:
    data = tmp_path / "var"
    data.mkdir(mode=0o700)
    return Look(
        root=HOUSE,
        config=tmp_path / "config.yml",
        data=data,
        encoder=tuple(cache_folder() / name for name in (GRAPH, TOKENIZER)),
        host="127.0.0.1",
        port=free_port(),
        rasa_enabled=True,
        database_url=f"sqlite:///{data / 'desk.db'}",
        redis_url=None,
        telegram_enabled=False,
        telegram_webhook=False,
        telegram_api="https://api.telegram.org",
        telegram_token="",
        telegram_secret="",
    )


def said(findings: list[Finding]) -> list[tuple[Grade, str]]:
    return [(finding.grade, f"{finding.check}.{finding.said}") for finding in findings]


def source_findings() -> Iterator[tuple[str, str, set[str]]]:
    """Every finding that the doctor's source can make: check, said, slots."""
    for path in Path(installation.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"good", "note", "fault"}
            ):
                check, *more = node.args
                slots = {word.arg for word in node.keywords if word.arg} - {"mend"}
                if isinstance(check, ast.Constant) and all(isinstance(word, ast.Constant) for word in more):
                    name = more[0].value if more and isinstance(more[0], ast.Constant) else "good"
                    yield str(check.value), str(name), slots


@pytest.mark.parametrize("language", list(Language))
def test_every_finding_has_its_sentence_with_the_same_slots(texts: Texts, language: Language) -> None:
    findings = list(source_findings())
    assert len(findings) > 40
    for check, name, slots in findings:
        assert texts.slots(f"doctor.{check}.{name}", language) <= slots, (check, name)


async def test_a_sound_installation_has_nothing_to_mend(look: Look, texts: Texts) -> None:
    await migrate(look.database_url)
    findings = await examine(look)
    assert not has_faults(findings), as_lines(findings, texts, Language.EN)
    assert {finding.check for finding in findings} >= {"python", "packages", "encoder", "valkey", "database", "run"}
    assert as_lines(findings, texts, Language.ZH)[-1] == "没有需要修复的问题。"


async def test_a_report_for_machines_holds_the_same(look: Look, texts: Texts) -> None:
    findings = [fault("secret", "short", wanted=32, mend="export DESK_SECRET=…"), good("python", found="3.11.7")]
    told = json.loads(as_json(findings, texts, Language.EN))
    assert told["healthy"] is False
    assert [row["text"] for row in told["findings"]] == ["DESK_SECRET is shorter than 32 characters.", "Python 3.11.7"]
    assert as_lines(findings, texts, Language.EN)[-1] == "1 fault to mend."


async def test_a_check_that_fails_itself_is_told_like_any_fault(look: Look, texts: Texts) -> None:
    async def faint(_: Look) -> list[Finding]:
        raise KeyError("x")

    findings = await examine(look, [faint, check_clock])
    assert said(findings) == [(Grade.FAULT, "doctor.fainted"), (Grade.GOOD, "clock.good")]
    assert "KeyError" in as_lines(findings, texts, Language.EN)[0]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (ServedModel(folder="m", served="nlu-a", versions=2), (Grade.GOOD, "model.good")),
        (ServedModel(folder="m", served=None), (Grade.NOTE, "model.none")),
        (ServedModel(folder="m", served="nlu-a", whole=False), (Grade.FAULT, "model.damaged")),
        (ServedModel(folder="m", served=None, readable=False), (Grade.FAULT, "model.unreadable")),
    ],
)
def test_the_served_model_is_looked_at(model: ServedModel, expected: tuple[Grade, str]) -> None:
    assert said(model_findings(model)) == [expected]


def test_a_published_model_is_found_whole_damaged_or_unreadable(tmp_path: Path) -> None:
    folder = ModelFolder(models_folder(tmp_path))
    assert served_model(tmp_path).served is None
    folder.folder.mkdir(parents=True)
    folder.path("nlu-a").write_bytes(b"model")
    made = hashlib.sha256(b"model").hexdigest()
    folder.keep_card(Card(name="nlu-a", made_at="", encoder="", code="", examples=1, approved=0, sha256=made))
    folder.publish("nlu-a", at="")
    assert (served_model(tmp_path).whole, served_model(tmp_path).versions) == (True, 1)
    folder.path("nlu-a").write_bytes(b"torn")
    assert not served_model(tmp_path).whole
    (folder.folder / SERVED).write_text("[]")
    assert not served_model(tmp_path).readable


async def test_packages_that_are_not_as_locked_are_named(look: Look, tmp_path: Path) -> None:
    lock = tmp_path / "requirements" / "main.txt"
    lock.parent.mkdir()
    lock.write_text(
        "pytest==1.0.0 \\\n    --hash=sha256:00\n"
        "no-such-thing==2.0 ; sys_platform == 'linux' or sys_platform == 'darwin' \\\n    --hash=sha256:00\n"
        "only-elsewhere==3.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )
    [finding] = await check_main_environment(replace(look, root=tmp_path))
    assert finding.said == "not_as_locked"
    assert finding.slots == {"count": 2, "packages": "pytest==1.0.0, no-such-thing==2.0"}
    assert finding.mend == "make setup"


async def test_without_rasa_s_environment_the_desk_is_poorer_but_sound(look: Look, tmp_path: Path) -> None:
    assert said(await check_rasa_environment(replace(look, root=tmp_path))) == [(Grade.NOTE, "rasa.missing")]
    assert said(await check_rasa_environment(replace(look, rasa_enabled=False))) == [(Grade.NOTE, "rasa.off")]


async def test_a_rasa_environment_of_the_wrong_python_is_a_fault(look: Look, tmp_path: Path) -> None:
    python = tmp_path / ".venv-rasa" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert said(await check_rasa_environment(replace(look, root=tmp_path))) == [(Grade.FAULT, "rasa.wrong_python")]


async def test_a_missing_or_empty_file_of_the_encoder_is_named(look: Look, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    [finding] = await check_encoder(replace(look, encoder=(tmp_path / "model.onnx", tmp_path / "tokenizer.json")))
    assert finding.slots["files"] == "model.onnx, tokenizer.json"
    assert said(await check_encoder(replace(look, encoder=()))) == [(Grade.GOOD, "encoder.own")]


async def test_an_outside_redis_makes_the_own_valkey_needless(look: Look) -> None:
    assert await check_valkey_binary(replace(look, redis_url="redis://127.0.0.1:1/0")) == []


async def test_a_database_is_empty_sound_old_or_of_a_later_version(look: Look) -> None:
    assert said(await check_database(look)) == [(Grade.NOTE, "database.empty")]
    await migrate(look.database_url)
    assert said(await check_database(look)) == [(Grade.GOOD, "database.good")]
    async with connect(look.database_url, writes=True) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert said(await check_database(look)) == [(Grade.FAULT, "database.newer")]


async def test_a_damaged_database_file_is_noticed(look: Look) -> None:
    await migrate(look.database_url)
    path = look.data / "desk.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + os.urandom(len(whole) - 8192))
    [finding] = await check_database(look)
    assert (finding.grade, finding.said) in {(Grade.FAULT, "damaged"), (Grade.FAULT, "unreachable")}
    assert finding.mend == ".venv/bin/python -m bot restore FILE"


async def test_a_file_that_is_no_database_is_noticed(look: Look) -> None:
    (look.data / "desk.db").write_bytes(b"this is not a database, " * 100)
    assert said(await check_database(look)) == [(Grade.FAULT, "database.unreachable")]


async def test_a_database_server_that_is_down_is_noticed_and_no_password_told(look: Look, texts: Texts) -> None:
    away = replace(look, database_url=f"postgresql://desk:hunter2@127.0.0.1:{free_port()}/desk")
    findings = await check_database(away)
    assert said(findings) == [(Grade.FAULT, "database.unreachable")]
    assert "hunter2" not in "\n".join(as_lines(findings, texts, Language.EN))


@pytest.mark.postgres
async def test_a_database_server_is_looked_at(look: Look, postgres_server: PostgresServer) -> None:
    there = replace(look, database_url=postgres_server.url("postgres"))
    assert said(await check_database(there)) == [(Grade.NOTE, "database.empty")]


async def test_an_outside_redis_is_asked(look: Look, valkey: ValkeyServer) -> None:
    assert said(await check_redis(replace(look, redis_url=valkey.url))) == [(Grade.GOOD, "redis.good")]
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    assert said(await check_redis(replace(look, redis_url=nobody))) == [(Grade.FAULT, "redis.down")]
    assert said(await check_redis(replace(look, redis_url="localhost"))) == [(Grade.FAULT, "redis.bad_address")]


class _Web(Settings):
    port: int = Field(8080, ge=1)


class _Desk(Settings):
    web: _Web = _Web()


def test_all_faults_of_config_yml_are_told_at_once(look: Look) -> None:
    assert [each.said for each in config_findings(look, _Desk)] == ["missing"]
    look.config.write_text("web:\n  port: many\n  prot: 1\n")
    findings = config_findings(look, _Desk)
    assert [each.said for each in findings] == ["wrong", "wrong"]
    assert "did you mean `port`?" in " ".join(str(each.slots["fault"]) for each in findings)
    look.config.write_text("web:\n  port: 81\n")
    assert [each.said for each in config_findings(look, _Desk)] == ["good"]


async def test_a_short_or_readable_signing_key_is_a_fault(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_SECRET", raising=False)
    kept = look.data / "secret"
    kept.write_text("x" * 64)
    kept.chmod(0o644)
    assert said(await check_secret(look)) == [(Grade.FAULT, "secret.readable")]
    kept.chmod(0o600)
    assert said(await check_secret(look)) == [(Grade.GOOD, "secret.kept")]
    monkeypatch.setenv("DESK_SECRET", "short")
    assert said(await check_secret(look)) == [(Grade.FAULT, "secret.short")]


async def _answering(status: str, body: str) -> tuple[asyncio.Server, str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("200 OK", '{"ok": true, "result": {"username": "clearhome_bot"}}', (Grade.GOOD, "telegram.good")),
        ("401 Unauthorized", '{"ok": false, "error_code": 401}', (Grade.FAULT, "telegram.refused")),
        ("200 OK", "<html>a proxy</html>", (Grade.FAULT, "telegram.unreachable")),
    ],
)
async def test_telegram_is_asked_about_the_token(
    look: Look, texts: Texts, status: str, body: str, expected: tuple[Grade, str]
) -> None:
    server, address = await _answering(status, body)
    async with server:
        findings = await check_telegram(
            replace(look, telegram_enabled=True, telegram_token=TOKEN, telegram_api=address)
        )
    assert said(findings) == [expected]
    assert TOKEN not in "\n".join(as_lines(findings, texts, Language.EN)) + repr(look)


@pytest.mark.parametrize(
    ("token", "webhook", "expected"),
    [("", False, "no_token"), ("secret", False, "odd_token"), (TOKEN, True, "no_secret")],
)
async def test_telegram_is_not_asked_about_what_cannot_be_right(
    look: Look, *, token: str, webhook: bool, expected: str
) -> None:
    findings = await check_telegram(
        replace(look, telegram_enabled=True, telegram_token=token, telegram_webhook=webhook)
    )
    assert said(findings) == [(Grade.FAULT, f"telegram.{expected}")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"access_token": "t", "expires_in": 7200}', (Grade.GOOD, "wechat.good")),
        ('{"errcode": 40125, "errmsg": "invalid appsecret"}', (Grade.FAULT, "wechat.refused")),
        ('{"errcode": 40164, "errmsg": "invalid ip"}', (Grade.FAULT, "wechat.foreign_address")),
        ("<html>a proxy</html>", (Grade.FAULT, "wechat.unreachable")),
        ("[]", (Grade.FAULT, "wechat.unreachable")),
    ],
)
async def test_wechat_is_asked_about_the_app_secret(
    look: Look, texts: Texts, body: str, expected: tuple[Grade, str]
) -> None:
    server, address = await _answering("200 OK", body)
    account = WeChatLook(app_id="wx0123456789abcdef", api=address, secret="the-app-secret")
    async with server:
        findings = await check_wechat(replace(look, wechat=account))
    assert said(findings) == [expected]
    assert account.secret not in "\n".join(as_lines(findings, texts, Language.EN)) + repr(account)


async def test_wechat_is_not_asked_when_it_is_off_or_cannot_be_right(look: Look) -> None:
    account = WeChatLook(app_id="", api="https://nowhere.invalid", secret="", faults=("one", "two"))
    assert said(await check_wechat(look)) == [(Grade.GOOD, "wechat.off")]
    assert said(await check_wechat(replace(look, wechat=account))) == [(Grade.FAULT, "wechat.not_ready")] * 2


async def test_a_running_desk_is_described_and_a_taken_port_noticed(look: Look) -> None:
    place = Place(look.data)
    place.make()
    assert said(await check_run(look)) == [(Grade.GOOD, "run.stopped")]
    with listen(look.host, look.port, move=False):
        assert said(await check_run(look)) == [(Grade.NOTE, "run.port_taken")]
        lock = DeskLock(place)
        lock.take()
        lock.tell(address="http://127.0.0.1:1", parts=[PartStatus(name="web", state=PartState.READY)])
        [finding] = await check_run(look)
        assert finding.slots["parts"] == "web: ready"
        lock.release()


async def test_a_data_directory_others_can_read_is_noticed(look: Look) -> None:
    look.data.chmod(0o755)
    assert said(await check_data_directory(look)) == [(Grade.NOTE, "data.readable")]
    look.data.chmod(0o700)
    assert said(await check_data_directory(look)) == [(Grade.GOOD, "data.good")]


async def test_a_clock_that_was_set_back_is_noticed(look: Look) -> None:
    path = look.data / "desk.db"
    path.touch()
    assert said(await check_clock(look)) == [(Grade.GOOD, "clock.good")]
    os.utime(path, (4e9, 4e9))
    assert said(await check_clock(look)) == [(Grade.FAULT, "clock.jumped_back")]


def test_a_fault_without_a_mending_command_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        fault("clock", "past")  # type: ignore[call-arg]
