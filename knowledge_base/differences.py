"""knowledge_base: what differs between two states of an article, word by word, and how two editors' work is joined.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher

from kit.contracts import Language
from knowledge_base.contracts import ArticleAction, ArticleText, Audience, Details, Draft
from knowledge_base.exchange.attached import attachments_in, cell_of, names_of

_WORDS = re.compile(r"\n|[^\S\n]+|[A-Za-z0-9]+(?:['’.-][A-Za-z0-9]+)*|.", re.DOTALL)
"""Latin words and numbers whole; Chinese character by character, since its words have no spaces."""
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
LISTS = ("questions", "products", "follow_ups", "attachments")
"""Fields that hold one item a line."""
WORDS_COMPARED = 4000
"""Largest block (words before times words after, square root) that is compared by words; larger ones by lines only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that stands in both states, or only in this one."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that differs."""

    field: str
    """`key`, `category`, `valid_until` and so on, or `zh.title`, `en.answer` and so on."""
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """The field's name without its language."""
        return self.field.rpartition(".")[2]

    @property
    def language(self) -> Language | None:
        """The language side the field stands on."""
        side = self.field.rpartition(".")[0]
        return Language(side) if side else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two editors' work on one article in one."""

    content: Draft
    """Theirs where only they changed a field, mine elsewhere."""
    theirs: tuple[FieldChange, ...]
    """What the other editor changed since `base`."""
    conflicts: tuple[FieldChange, ...]
    """Fields both changed, differently: `before` is theirs, `after` mine."""


def fields_of(draft: Draft) -> dict[str, str]:
    """Every field of an article as one text; lists one item a line."""
    details = draft.details
    fields = {
        "key": draft.key,
        "category": draft.category,
        "products": "\n".join(draft.products),
        "audience": str(details.audience),
        "valid_from": details.valid_from.isoformat() if details.valid_from else "",
        "valid_until": details.valid_until.isoformat() if details.valid_until else "",
        "owner": details.owner,
        "review_on": details.review_on.isoformat() if details.review_on else "",
        "follow_ups": "\n".join(details.follow_ups),
        "action": action_text(details),
    }
    for language in Language:
        side = _side(draft, language)
        fields[f"{language}.title"] = side.title
        fields[f"{language}.answer"] = side.answer
        fields[f"{language}.short"] = side.short
        fields[f"{language}.questions"] = "\n".join(side.questions)
        fields[f"{language}.attachments"] = cell_of(side.attachments)
    return fields


def action_text(details: Details) -> str:
    """The action with its department in one, as forms hold it: whoever changes one changes the other."""
    return ":".join(part for part in (details.action, details.department) if part)


def compare_drafts(before: Draft, after: Draft) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the form."""
    old, new = fields_of(before), fields_of(after)
    return tuple(_change(field, _shown(old, field), _shown(new, field)) for field in old if old[field] != new[field])


def compare_texts(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, words that stand only in one of them marked."""
    left: list[Piece] = []
    right: list[Piece] = []
    old_lines, new_lines = _LINES.findall(before), _LINES.findall(after)
    for kind, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        old, new = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        if kind == "replace":
            _compare_words(old, new, left, right)
        else:
            _add(left, old, changed=kind != "equal")
            _add(right, new, changed=kind != "equal")
    return tuple(left), tuple(right)


def merge_drafts(*, base: Draft, theirs: Draft, mine: Draft) -> Merge:
    """Join what two editors made of `base`. Lists join without conflict."""
    started, other, own = fields_of(base), fields_of(theirs), fields_of(mine)
    merged = dict(own)
    conflicts: list[FieldChange] = []
    for field in own:
        if other[field] in {started[field], own[field]}:
            continue
        if field.endswith(LISTS):
            merged[field] = _joined(started[field], other[field], own[field])
        elif own[field] == started[field]:
            merged[field] = other[field]
        else:
            conflicts.append(_change(field, other[field], own[field]))
    return Merge(content=_draft_of(merged), theirs=compare_drafts(base, theirs), conflicts=tuple(conflicts))


def _compare_words(before: str, after: str, left: list[Piece], right: list[Piece]) -> None:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > WORDS_COMPARED**2:
        _add(left, before, changed=True)
        _add(right, after, changed=True)
        return
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (kind, a, b, c, d) in enumerate(steps):
        # A space or a single character that happens to stand in both would only make the marks flicker.
        alone = 0 < at < len(steps) - 1 and len("".join(old[a:b]).strip()) <= 1
        changed = kind != "equal" or alone
        _add(left, "".join(old[a:b]), changed=changed)
        _add(right, "".join(new[c:d]), changed=changed)


def _add(pieces: list[Piece], text: str, *, changed: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].changed == changed:
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text + text)
    else:
        pieces.append(Piece(text=text, changed=changed))


def _change(field: str, before: str, after: str) -> FieldChange:
    left, right = compare_texts(before, after)
    return FieldChange(field=field, before=left, after=right)


def _shown(fields: dict[str, str], field: str) -> str:
    """What people see of a field: of a file its name, not where it is."""
    return names_of(attachments_in(fields[field])[0]) if field.endswith(".attachments") else fields[field]


def _joined(started: str, theirs: str, mine: str) -> str:
    """Mine, without what they took out, with what they added."""
    had, other = started.splitlines(), theirs.splitlines()
    taken_out = set(had) - set(other)
    kept = [line for line in mine.splitlines() if line not in taken_out]
    return "\n".join(dict.fromkeys([*kept, *(line for line in other if line not in had)]))


def _side(draft: Draft, language: Language) -> ArticleText:
    empty = ArticleText(language=language, title="", answer="", short="", questions=())
    return next((text for text in draft.texts if text.language == language), empty)


def _draft_of(fields: dict[str, str]) -> Draft:
    action, _, department = fields["action"].partition(":")
    return Draft(
        key=fields["key"],
        category=fields["category"],
        products=_lines(fields["products"]),
        texts=tuple(_texts_of(fields)),
        details=Details(
            audience=Audience(fields["audience"]),
            valid_from=datetime.fromisoformat(fields["valid_from"]) if fields["valid_from"] else None,
            valid_until=datetime.fromisoformat(fields["valid_until"]) if fields["valid_until"] else None,
            owner=fields["owner"],
            review_on=date.fromisoformat(fields["review_on"]) if fields["review_on"] else None,
            follow_ups=_lines(fields["follow_ups"]),
            action=ArticleAction(action) if action else None,
            department=department,
        ),
    )


def _texts_of(fields: dict[str, str]) -> Iterator[ArticleText]:
    for language in Language:
        values = [fields[f"{language}.{name}"] for name in ("title", "answer", "short", "questions", "attachments")]
        if any(value.strip() for value in values):
            title, answer, short, questions, attachments = values
            yield ArticleText(
                language=language,
                title=title,
                answer=answer,
                short=short,
                questions=_lines(questions),
                attachments=attachments_in(attachments)[0],
            )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def pieces_text(pieces: Sequence[Piece]) -> str:
    """The text that was cut into `pieces`."""
    return "".join(piece.text for piece in pieces)
