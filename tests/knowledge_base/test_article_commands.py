"""tests: the commands about articles, as somebody gives them in a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.__main__ import main
from knowledge_base.article_commands import ArticleCommands
from knowledge_base.contracts import ArticleFilter, ArticleStatus
from tests.support.articles import MEI, REFUND, SmallBase, draft
from tests.support.clock import MovableClock

ROOT = Path(__file__).resolve().parents[2]
ROWS = "key,category,Frage,en.answer\nring-engraving,shops,Do you engrave rings?,Yes.\n"
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def command(tmp_path: Path) -> Command:
    """The real command over a desk's empty store."""
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    await database.create_schema()
    await database.close()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-m", "knowledge_base", *arguments, "--data-dir", str(tmp_path)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.slow
@pytest.mark.timeout(400)  # three processes that load the whole room
def test_a_file_goes_in_by_the_command_line_and_comes_out_again(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text(ROWS + "Bad Key,shops,A?,B\n", encoding="utf-8")
    refused = command("import", str(file), "--mapping", "Frage=en.title")
    assert (refused.returncode, refused.stderr.startswith("3: key: ")) == (3, True)
    file.write_text(ROWS, encoding="utf-8")
    done = command("import", str(file), "--mapping", "Frage=en.title")
    assert (done.returncode, done.stdout) == (0, "1 create, 0 change, 0 same, 0 refuse\n")
    assert command("export", str(tmp_path / "all.zip")).returncode == 0
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == ["en/ring-engraving.md"]


def test_a_desk_that_is_not_there_and_a_faulty_config_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["knowledge_base", *arguments])
        return main(), capsys.readouterr().err

    monkeypatch.delenv("DATABASE_URL", raising=False)
    status, said = run("list", "--data-dir", str(tmp_path / "nothing"))
    assert (status, "--data-dir" in said) == (1, True)
    (tmp_path / "config.yml").write_text("data_dir: [7]\n", encoding="utf-8")
    assert run("list", "--config", str(tmp_path / "config.yml"))[0] == 2


async def test_a_column_that_is_not_there_is_named_with_those_that_are(commands: ArticleCommands) -> None:
    content = ROWS.encode()
    with pytest.raises(ValueError, match="'Frge'; there are: key, category, Frage"):
        await commands.import_file(
            "faq.csv", content, dry_run=True, encoding="", language=Language.EN, mapping={"Frge": "en.title"}
        )
    with pytest.raises(ValueError, match="no field 'name'"):
        await commands.import_file(
            "faq.csv", content, dry_run=True, encoding="", language=Language.EN, mapping={"Frage": "name"}
        )


@pytest.fixture
async def commands(sqlite_database: Database, clock: MovableClock, tmp_path: Path, texts: Texts) -> ArticleCommands:
    base = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    desk = base.desk(texts)
    return ArticleCommands(
        editing=base.editing, exchange=desk.exchange, imports=desk.imports, bulk=desk.bulk, texts=texts, by=MEI
    )


async def test_articles_are_listed_shown_and_published(
    commands: ArticleCommands, capsys: pytest.CaptureFixture[str]
) -> None:
    await commands.editing.create(MEI, REFUND)
    empty = await commands.editing.create(MEI, draft("empty", "Nothing?", answer=""))
    assert await commands.publish(["refund", "nobody"], reason="") == 1
    assert "nobody" in capsys.readouterr().err
    assert await commands.publish(["refund", empty.id], reason="") == 3
    said = capsys.readouterr()
    assert (said.out, "empty: " in said.err, "en.answer" in said.err) == ("refund v1 published\n", True, True)
    article = await commands.editing.find("refund")
    assert article is not None
    assert article.status is ArticleStatus.PUBLISHED
    from_list = await commands.show("refund", as_json=False)
    shown = capsys.readouterr().out
    assert (from_list, "title: When do I get my refund?" in shown, "- refund not arrived" in shown) == (0, True, True)
    assert await commands.show("nobody", as_json=False) == 1


async def test_a_list_is_for_people_and_for_machines(
    commands: ArticleCommands, capsys: pytest.CaptureFixture[str]
) -> None:
    await commands.editing.create(MEI, REFUND)
    await commands.list(ArticleFilter(), as_json=False)
    assert capsys.readouterr().out == "refund\tdraft\t1\t-\ttests\tWhen do I get my refund?\n"
    await commands.list(ArticleFilter(words="refund"), as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["published_version"] is None
