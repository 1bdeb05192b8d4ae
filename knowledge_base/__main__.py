"""`python -m knowledge_base COMMAND`: articles in files and lists, and measuring the search (docs/operations.md)."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic import ConfigDict

import kit.one_thread  # noqa: F401 - before numpy
from kit.contracts import Language
from kit.ids import new_id, now
from kit.refusals import Refusal
from kit.rooms import text_folders
from kit.settings import Settings, SettingsFault, load_settings
from kit.signals import MemorySignals
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.adapters.build import (
    KnowledgeBaseParts,
    build_editing,
    build_editors_desk,
    build_exchange,
    build_imports,
    build_knowledge_base,
    build_replay,
    default_vector_cache,
)
from knowledge_base.adapters.decoding import ENCODINGS
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.adapters.vector_cache import FileVectorCache
from knowledge_base.article_commands import DONE, FAILED, REFUSED, ArticleCommands
from knowledge_base.bulk import Bulk
from knowledge_base.cli import calibrate, evaluate, evaluate_disturbed, evaluate_own
from knowledge_base.command_parts import NobodyAsked, NoEncoder, find_person
from knowledge_base.contracts import ArticleFilter, ArticleStatus, Matter
from knowledge_base.departments import Departments
from knowledge_base.encoding import WordingEncoder
from knowledge_base.evaluation.rows import RowsFault
from knowledge_base.evaluation.run import Bench
from knowledge_base.exchange.tables import ENDINGS, WRITTEN, FileKind
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.web.calling import do_operation
from knowledge_base.web.exchange_pages import heading_names
from knowledge_base.web.local_desk import NoReplies, client_of
from nlu.adapters.reads_only import ReadsOnly
from nlu.encoder import build_encoder
from nlu.language import detect_language
from nlu.normalise import fold
from nlu.settings import EncoderSettings, NluSettings
from staff.adapters.build import build_staff
from staff.settings import StaffSettings

FAULTY_SETTINGS = 2
DESK_SECONDS = 120
LOWEST = 19
"""What is left of the machine is enough for work that nobody waits for in front of it."""


class _Department(Settings):
    """Of a department only what it is called."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    zh: str
    en: str


class _Desk(Settings):
    """Of section `handoff` only whose days figures are counted by, and the departments that articles may name."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    time_zone: str = "Asia/Shanghai"
    departments: tuple[_Department, ...] = ()


class _OwnSections(Settings):
    """config.yml as far as these commands read it; the desk itself checks the whole file."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    data_dir: str = "var"
    handoff: _Desk = _Desk()
    knowledge_base: KnowledgeBaseSettings = KnowledgeBaseSettings()
    nlu: NluSettings = NluSettings()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    anybody = commands.add_parser("evaluate", help="measure the search on your own articles and questions")
    anybody.add_argument(
        "--faqs", type=Path, required=True, help='rows {"id","question","variants","answer","language"}'
    )
    anybody.add_argument("--queries", type=Path, required=True, help='rows {"text","gold": id or null,"group"}')
    anybody.add_argument(
        "--dev", type=Path, help="rows as in --queries; fusion and confidence are fitted on them alone"
    )
    anybody.add_argument("--json", type=Path, help="write figures and one row per question here")
    own = commands.add_parser("evaluate-own", help="measure the starter articles on what was held out")
    own.add_argument("--json", type=Path, help="write figures and one row per question here")
    otherwise = commands.add_parser(
        "evaluate-disturbed", help="measure what slips, scripts and noise cost: the starter articles' wordings changed"
    )
    otherwise.add_argument("--json", type=Path, help="write figures and one row per question here")
    trade = commands.add_parser("calibrate", help="show the trade between precision and coverage")
    trade.add_argument("--faqs", type=Path, help="your own articles (default: the starter articles)")
    trade.add_argument("--dev", type=Path, help="your own labelled questions (default: the articles' wordings)")
    for command in (anybody, own, otherwise, trade):
        command.add_argument("--precision", type=float, help="wanted precision of an answer (default 0.95)")
        command.set_defaults(run=_measure)
    _add_articles(commands)
    return parser


def _add_articles(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    taken = commands.add_parser("import", help="store the articles of a file as drafts: all rows, or none")
    taken.add_argument("file", type=Path, help=f"one of {', '.join(ENDINGS)}")
    taken.add_argument("--dry-run", action="store_true", help="only say what each row would do")
    taken.add_argument("--encoding", default="", help=f"one of {', '.join(ENCODINGS)} (default: found out)")
    taken.add_argument(
        "--language",
        type=Language,
        choices=list(Language),
        default=Language.ZH,
        help="side of columns that do not say theirs (default zh)",
    )
    taken.add_argument(
        "--mapping",
        action="append",
        default=[],
        metavar="HEADING=FIELD",
        help="which column is which field; an empty field leaves the column out; repeatable, remembered",
    )
    given = commands.add_parser("export", help="write every article to a file")
    given.add_argument("file", type=Path)
    given.add_argument(
        "--kind", type=FileKind, choices=WRITTEN, help="default: what the file's ending says; zip is Markdown"
    )
    shown = commands.add_parser("publish", help="give customers the newest version of articles, through the gate")
    shown.add_argument("names", nargs="+", metavar="KEY", help="keys or ids")
    shown.add_argument("--reason", default="", help="why, although golden questions would be answered worse")
    listed = commands.add_parser("list", help="articles, one a line")
    listed.add_argument("--words", default="", help="only those that hold every word")
    listed.add_argument("--status", type=ArticleStatus, choices=list(ArticleStatus))
    listed.add_argument("--category", default="", help="this one and those below it")
    listed.add_argument("--matter", type=Matter, choices=list(Matter), help="only those that need this looked after")
    one = commands.add_parser("show", help="one article, as the Markdown that an import reads")
    one.add_argument("name", metavar="KEY", help="a key or an id")
    waiting = commands.add_parser("work-imports", help="work at large imports that wait; the desk's worker calls it")
    waiting.add_argument(
        "--department", action="append", default=[], metavar="NAME", help="that articles may name; repeatable"
    )
    any_of = commands.add_parser("do", help="any operation of the HTTP interface; without a name: all of them")
    any_of.add_argument("operation", nargs="?", default="")
    any_of.add_argument("given", nargs="*", metavar="NAME=VALUE", help="a value may be JSON; article_id may be a key")
    any_of.add_argument("--file", type=Path, help="what an operation that takes a file is given")
    any_of.add_argument("--desk", default="", metavar="URL", help="ask the running desk there, with $DESK_TOKEN")
    for command in (listed, one):
        command.add_argument("--json", action="store_true", help="for machines")
    for command in (taken, given, shown, listed, one, waiting, any_of):
        command.add_argument(
            "--as",
            dest="account",
            default="",
            metavar="NAME",
            help="sign-in name of who does it (default: the command line, which may everything)",
        )
        command.add_argument("--config", type=Path, default=Path("config.yml"))
        command.add_argument("--data-dir", type=Path, help="default: config.yml's, else var beside it")
        command.set_defaults(run=_run_articles)
    any_of.set_defaults(run=_run_any)


def _mapping_of(pairs: list[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise ValueError(f"--mapping {pair}: write HEADING=FIELD")
    return {heading: field for heading, _, field in (pair.rpartition("=") for pair in pairs)}


def _kind_of(arguments: argparse.Namespace) -> FileKind:
    ending = arguments.file.suffix.removeprefix(".").lower()
    kind: FileKind | None = arguments.kind or (FileKind.MARKDOWN if ending == "zip" else None)
    if kind is None and ending not in set(WRITTEN):
        raise ValueError(f"--kind is one of {', '.join(WRITTEN)}; {arguments.file.name} does not say which")
    return kind or FileKind(ending)


def _place_of(arguments: argparse.Namespace) -> tuple[_OwnSections, Path, str]:
    """(settings, data directory, address of the store). Raises ValueError where there is no desk."""
    # Importing asks nothing of the settings; the worker, which calls it, need not know where they are.
    works = arguments.command == "work-imports"
    settings = _OwnSections() if works else load_settings(arguments.config, _OwnSections)
    folder: Path = arguments.data_dir or arguments.config.parent / settings.data_dir
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder.resolve() / 'desk.db'}"
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        raise ValueError(f"no desk keeps its data in {folder}; start one first, or name it by --data-dir")
    return settings, folder, url


def _departments_of(arguments: argparse.Namespace, settings: _OwnSections) -> Departments:
    """Those of config.yml, or what the worker says that read it; where neither names one, any passes."""
    if arguments.command == "work-imports":
        return Departments({name: {} for name in arguments.department} or None)
    found = settings.handoff.departments
    return Departments({one.name: {Language.ZH: one.zh, Language.EN: one.en} for one in found} or None)


async def _do_articles(arguments: argparse.Namespace) -> int:
    settings, folder, url = _place_of(arguments)
    texts, database, signals = Texts.load(text_folders()), Database(url), MemorySignals()
    try:
        staff = build_staff(database, StaffSettings())
        by = await find_person(staff, arguments.account)
        encoder = build_encoder(settings.nlu.encoder) if arguments.command in {"publish", "do"} else NoEncoder()
        parts = build_knowledge_base(
            settings=settings.knowledge_base,
            database=database,
            encoder=encoder,
            normalise=fold,
            signals=signals,
            clock=now,
            new_id=new_id,
            data_dir=folder,
            fits=False,
            departments=_departments_of(arguments, settings),
        )
        editing = build_editing(
            parts,
            reader=ReadsOnly(encoder),
            database=database,
            signals=signals,
            audit=staff,
            clock=now,
            new_id=new_id,
            past=NobodyAsked(),
        )
        if arguments.command == "do":
            desk = build_editors_desk(
                editing,
                parts,
                database=database,
                audit=staff,
                clock=now,
                new_id=new_id,
                names=heading_names(texts),
                replay=build_replay(parts, reader=ReadsOnly(encoder), replies=NoReplies(), normalise=fold),
                zone=ZoneInfo(settings.handoff.time_zone),
            )
            await parts.search.open()
            try:
                async with client_of(desk, people=staff, by=by, texts=texts) as client:
                    return await do_operation(client, arguments.operation, arguments.given, arguments.file)
            finally:
                await desk.imports.settled()
                await parts.search.close()
        exchange = build_exchange(parts, database=database, names=heading_names(texts))
        imports = build_imports(exchange, database=database, publisher=editing.publisher, clock=now, new_id=new_id)
        commands = ArticleCommands(
            editing=editing, exchange=exchange, imports=imports, bulk=Bulk(editing), texts=texts, by=by
        )
        try:
            return await _one_command(arguments, commands, parts)
        except Refusal as refusal:
            print(f"knowledge_base: {commands.refusal_text(refusal)}", file=sys.stderr)
            return REFUSED
    finally:
        await database.close()


async def _one_command(arguments: argparse.Namespace, commands: ArticleCommands, parts: KnowledgeBaseParts) -> int:
    match arguments.command:
        case "work-imports":
            await commands.imports.work_at_waiting()
            return DONE
        case "import":
            return await commands.import_file(
                arguments.file.name,
                await asyncio.to_thread(arguments.file.read_bytes),
                dry_run=arguments.dry_run,
                encoding=arguments.encoding,
                language=arguments.language,
                mapping=_mapping_of(arguments.mapping),
            )
        case "export":
            content = await commands.export(_kind_of(arguments))
            await asyncio.to_thread(arguments.file.write_bytes, content)
            return DONE
        case "publish":
            await parts.search.open()
            try:
                return await commands.publish(arguments.names, reason=arguments.reason)
            finally:
                await parts.search.close()
        case "list":
            chosen = ArticleFilter(
                words=arguments.words,
                status=arguments.status,
                category=arguments.category,
                matter=arguments.matter,
            )
            return await commands.list(chosen, as_json=arguments.json)
        case _:
            return await commands.show(arguments.name, as_json=arguments.json)


def _run_articles(arguments: argparse.Namespace) -> int:
    if arguments.command == "work-imports":
        os.nice(LOWEST)
    try:
        return asyncio.run(_do_articles(arguments))
    except SettingsFault as faults:
        print(faults, file=sys.stderr)
        return FAULTY_SETTINGS


def _run_any(arguments: argparse.Namespace) -> int:
    if not arguments.desk:
        return _run_articles(arguments)

    async def ask() -> int:
        headers = {"Authorization": f"Bearer {os.environ.get('DESK_TOKEN', '')}", "Accept": "application/json"}
        async with httpx.AsyncClient(base_url=arguments.desk, headers=headers, timeout=DESK_SECONDS) as client:
            return await do_operation(client, arguments.operation, arguments.given, arguments.file)

    return asyncio.run(ask())


def _measure(arguments: argparse.Namespace) -> int:
    settings = KnowledgeBaseSettings()
    if arguments.precision is not None:
        settings = KnowledgeBaseSettings(answer_precision=arguments.precision)
    bench = Bench(
        encoder=WordingEncoder(build_encoder(EncoderSettings()), FileVectorCache(default_vector_cache())),
        normalise=fold,
        builder=FaissBuilder(settings.index),
        settings=settings,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )
    match arguments.command:
        case "evaluate":
            evaluate(
                bench,
                detect_language,
                faqs=arguments.faqs,
                queries=arguments.queries,
                dev=arguments.dev,
                out=arguments.json,
            )
        case "evaluate-own":
            evaluate_own(bench, out=arguments.json)
        case "evaluate-disturbed":
            evaluate_disturbed(bench, out=arguments.json)
        case _:
            calibrate(bench, detect_language, faqs=arguments.faqs, dev=arguments.dev)
    return 0


def main() -> int:
    """Run the command line."""
    arguments = _parser().parse_args()
    try:
        status: int = arguments.run(arguments)
    except (RowsFault, OSError, ValueError) as fault:
        print(f"knowledge_base: {fault}", file=sys.stderr)
        return FAILED
    return status


if __name__ == "__main__":
    raise SystemExit(main())
