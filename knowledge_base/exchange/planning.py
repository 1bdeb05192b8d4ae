"""knowledge_base: what an import would do, row by row. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge_base.contracts import Article, Draft
from knowledge_base.contracts.imports import Verdict
from knowledge_base.departments import Departments
from knowledge_base.differences import compare_drafts
from knowledge_base.exchange.attached import attachments_in
from knowledge_base.exchange.columns import draft_of
from knowledge_base.exchange.tables import Row
from knowledge_base.naming import key_of
from knowledge_base.validation import FAULT, find_faults, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row and what would become of it."""

    number: int
    name: str
    """Of the page, in a package of pages."""
    verdict: Verdict
    draft: Draft
    article: Article | None
    """The article that is changed, as it stands now."""
    faults: Mapping[str, str]
    """Text key by field; only where the verdict is REFUSE."""
    fields: tuple[str, ...]
    """Which fields would change."""

    @property
    def title(self) -> str:
        """What people know it by."""
        return next((side.title for side in self.draft.texts if side.title), self.draft.key)


def cells_of(row: Row, fields: Mapping[int, str]) -> dict[str, str]:
    """The row's cells by field, without those of which it says nothing."""
    cells = {field: row.cells[number] if number < len(row.cells) else "" for number, field in fields.items()}
    return {field: cell for field, cell in cells.items() if cell is not None}


def attachment_ids(rows: Sequence[Row], fields: Mapping[int, str]) -> set[str]:
    """Of every attachment that these rows name."""
    numbers = [number for number, field in fields.items() if field.endswith(".attachments")]
    cells = (row.cells[number] or "" for row in rows for number in numbers if number < len(row.cells))
    return {each.id for cell in cells for each in attachments_in(cell.replace("\r", "\n"))[0]}


def keys_of(rows: Sequence[Row], fields: Mapping[int, str]) -> tuple[str, ...]:
    """The key of every row. One without gets it from its title, so that the same file names the same articles again."""
    made: set[str] = set()
    keys = []
    for row in rows:
        cells = cells_of(row, fields)
        key = cells.get("key", "").strip()
        if not key:
            draft, _ = draft_of(cells, before=None)
            key = _free(key_of(draft), made)
            made.add(key)
        keys.append(key)
    return tuple(keys)


def plan_rows(
    rows: Sequence[Row],
    keys: Sequence[str],
    fields: Mapping[int, str],
    *,
    known: Mapping[str, Article],
    deleted: Collection[str],
    seen: set[str],
    files: Collection[str] = (),
    departments: Departments | None = None,
) -> tuple[PlannedRow, ...]:
    """Plan some rows, whose keys are those of `keys_of`. `known` are the articles by key; `deleted` keys are taken.

    `files` are the ids of attachments that are there, or came along; `departments` those an article may name.

    A key that stands in the file twice is refused the second time: `seen` are those of earlier rows, and grows.
    """
    return tuple(
        _plan_row(
            row,
            key,
            fields,
            article=known.get(key),
            is_deleted=key in deleted,
            seen=seen,
            files=files,
            departments=departments,
        )
        for row, key in zip(rows, keys, strict=True)
    )


def _plan_row(
    row: Row,
    key: str,
    fields: Mapping[int, str],
    *,
    article: Article | None,
    is_deleted: bool,
    seen: set[str],
    files: Collection[str],
    departments: Departments | None,
) -> PlannedRow:
    draft, faults = draft_of(cells_of(row, fields), before=article.content if article else None)
    draft = tidy(replace(draft, key=key))
    found = find_faults(draft, publishing=False, departments=departments)
    faults |= {field: fault.removeprefix(FAULT) for field, fault in found.items()}
    faults |= {
        f"{side.language}.attachments": "attachments_gone"
        for side in draft.texts
        if any(each.id not in files for each in side.attachments)
    }
    if key in seen:
        faults["key"] = "key_twice"
    elif is_deleted:
        faults["key"] = "key_deleted"
    seen.add(key)
    changed = compare_drafts(article.content, draft) if article else ()
    return PlannedRow(
        number=row.number,
        name=row.name,
        verdict=_verdict(article, faults=bool(faults), changed=bool(changed)),
        draft=draft,
        article=article,
        faults={field: FAULT + fault for field, fault in faults.items()},
        fields=tuple(change.field for change in changed),
    )


def _verdict(article: Article | None, *, faults: bool, changed: bool) -> Verdict:
    if faults:
        return Verdict.REFUSE
    if article is None:
        return Verdict.CREATE
    return Verdict.CHANGE if changed else Verdict.SAME


def _free(key: str, taken: set[str]) -> str:
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free
