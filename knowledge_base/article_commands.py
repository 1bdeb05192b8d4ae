"""knowledge_base: the commands about articles: import, export, publish, list, show.

`knowledge_base/__main__.py` builds the parts and calls these. They write to standard output what was asked for, and to
standard error what went wrong; each returns an exit status.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from kit.contracts import Language
from kit.refusals import Refusal
from kit.texts import Texts
from knowledge_base.bulk import MOST, Bulk, Chosen
from knowledge_base.contracts import Article, ArticleFilter
from knowledge_base.contracts.imports import Import, ImportOptions, ImportReport, Verdict
from knowledge_base.editing import MOST_PAGE, Editing
from knowledge_base.exchange.columns import FIELDS, row_of
from knowledge_base.exchange.front_matter import markdown_of_row
from knowledge_base.exchange.tables import FileKind
from knowledge_base.exchanging import Exchange
from knowledge_base.import_words import refusal_words
from knowledge_base.imports import Imports
from knowledge_base.refusals import ImportDecided
from staff.contracts import Person

DONE, FAILED, REFUSED = 0, 1, 3
"""Exit statuses; 2 is the command line's and config.yml's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommands:
    """The commands over the room's services, in the name of `by`."""

    editing: Editing
    exchange: Exchange
    imports: Imports
    bulk: Bulk
    texts: Texts
    by: Person

    async def import_file(
        self,
        name: str,
        content: bytes,
        *,
        dry_run: bool,
        encoding: str,
        language: Language,
        mapping: Mapping[str, str],
    ) -> int:
        """Store every row of a file as a draft, or none; says row by row what is refused."""
        options = ImportOptions(encoding=encoding, language=language)
        job = await self.imports.send(self.by, name, _one_piece(content), options=options)
        try:
            job = await self._finished(job)
            if mapping and job.report:
                job = await self._finished(await self.imports.choose(self.by, job.id, _chosen(job.report, mapping)))
            if not dry_run and job.report and job.report.can_be_stored:
                job = await self._finished(await self.imports.start(self.by, job.id))
        finally:
            try:
                await self.imports.cancel(self.by, job.id)
            except ImportDecided as decided:
                print(self.refusal_text(decided), file=sys.stderr)
            await self.imports.settled()
        return self._tell_import(job, dry_run=dry_run)

    async def _finished(self, job: Import) -> Import:
        """What becomes of it; while people look on, how far it is."""
        live = sys.stderr.isatty()

        def told(now: Import) -> None:
            if live:
                step = self._text(f"knowledge_base.exchange.step_{now.step}")
                print(f"\r{step} {now.done:,} / {now.total:,}\x1b[K", end="", file=sys.stderr, flush=True)

        try:
            return await self.imports.finish(self.by, job.id, told)
        finally:
            if live:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _tell_import(self, job: Import, *, dry_run: bool) -> int:
        if job.refusal is not None:
            print(refusal_words(job.refusal, self.texts, self.by.language), file=sys.stderr)
        report = job.report
        if report is None:
            return REFUSED
        for row in report.rows:
            if row.verdict is Verdict.REFUSE:
                faults = "; ".join(
                    f"{field}: {self.texts(fault, self.by.language)}" for field, fault in row.faults.items()
                )
                print(f"{row.name or row.number}: {faults}", file=sys.stderr)
        refused = report.count(Verdict.REFUSE) > 0 or job.refusal is not None
        summary = ", ".join(f"{report.count(verdict)} {verdict}" for verdict in Verdict)
        print(f"{summary}{' (dry run, nothing stored)' if dry_run else ' (nothing stored)' if refused else ''}")
        if not report.names_articles:
            print(self._text("refusal.no_title_column"), file=sys.stderr)
            print("headings: " + ", ".join(report.headings), file=sys.stderr)
        return REFUSED if refused or not report.names_articles else DONE

    async def export(self, kind: FileKind) -> bytes:
        """A file of every article that is not deleted."""
        return await self.exchange.export(self.by, kind)

    async def publish(self, names: Sequence[str], *, reason: str) -> int:
        """Publish articles by key or id after one run of the gate; those that cannot be are named."""
        articles, missing = [], []
        for name in dict.fromkeys(names):
            article = await self._find(name)
            if article is None:
                missing.append(name)
            else:
                articles.append(article)
        for name in missing:
            print(f"{name}: {self._text('refusal.not_found')}", file=sys.stderr)
        if missing:
            return FAILED
        keys = {article.id: article.key for article in articles}
        done = refused = 0
        for start in range(0, len(articles), MOST):
            part = [Chosen(id=each.id, expected_version=each.version) for each in articles[start : start + MOST]]
            result = await self.bulk.publish(self.by, part, reason=reason)
            for article in result.done:
                print(f"{article.key} v{article.published_version or article.version} {article.status}")
            for each in result.refused:
                print(f"{keys[each.id]}: {self.refusal_text(each.refusal)}", file=sys.stderr)
            done, refused = done + len(result.done), refused + len(result.refused)
        print(f"{done} published, {refused} refused", file=sys.stderr)
        return REFUSED if refused else DONE

    async def list(self, chosen: ArticleFilter, *, as_json: bool) -> int:
        """One article a line: key, status, version, published version, category, title."""
        offset, total, found = 0, 1, []
        while offset < total:
            page = await self.editing.list(self.by, chosen, offset=offset, limit=MOST_PAGE)
            offset, total = offset + MOST_PAGE, page.total
            for line in page.lines:
                title = line.titles[0][1] if line.titles else ""
                values = (line.key, str(line.status), line.version, line.published_version, line.category, title)
                found.append(dict(zip(_LISTED, values, strict=True)))
                if not as_json:
                    print("\t".join("-" if value is None else str(value) for value in values))
        if as_json:
            print(json.dumps(found, ensure_ascii=False, indent=1))
        return DONE

    async def show(self, name: str, *, as_json: bool) -> int:
        """One article by key or id, as the Markdown that an import reads, or as JSON."""
        article = await self._find(name)
        if article is None:
            print(f"{name}: {self._text('refusal.not_found')}", file=sys.stderr)
            return FAILED
        row = row_of(article)
        print(json.dumps(row, ensure_ascii=False, indent=1) if as_json else "\n".join(markdown_of_row(row).values()))
        return DONE

    def refusal_text(self, refusal: Refusal) -> str:
        """A refusal's sentence, with what is wrong field by field where it says so."""
        details = [f"{field}: {self._text(fault)}" for field, fault in refusal.details.items()]
        return " ".join([self.texts(refusal.text_key, self.by.language, **refusal.slots), *details])

    def _text(self, key: str) -> str:
        return self.texts(key, self.by.language) if self.texts.has(key) else key

    async def _find(self, name: str) -> Article | None:
        if article := await self.editing.find(name):
            return article
        try:
            return await self.editing.load(self.by, name)
        except Refusal:
            return None


_LISTED = ("key", "status", "version", "published_version", "category", "title")


async def _one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _chosen(report: ImportReport, mapping: Mapping[str, str]) -> dict[int, str]:
    """Field by column number. Raises ValueError naming what is allowed."""
    fields = dict(report.fields)
    for heading, field in mapping.items():
        if heading not in report.headings:
            raise ValueError(f"no column {heading!r}; there are: {', '.join(report.headings)}")
        if field and field not in FIELDS:
            raise ValueError(f"no field {field!r}; there are: {', '.join(FIELDS)}")
        number = report.headings.index(heading)
        fields = {at: other for at, other in fields.items() if other != field and at != number}
        if field:
            fields[number] = field
    return fields
