"""knowledge_base: what an article must be, field by field. Pure; nothing is cut or changed silently but outer space.

Fields are named as in the form: `key`, `category`, `products`, `zh.title`, `en.questions.3`. A fault is a text key
below `knowledge_base.fault.`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from kit.files import file_name, media_type_of_name
from knowledge_base.categories import MOST_LEVELS, SEPARATOR, tidy_path
from knowledge_base.contracts import ArticleAction, ArticleText, Attachment, Details, Draft
from knowledge_base.departments import Departments

KEY_LIMIT = 80
NAME_LIMIT = 40
PATH_LIMIT = 60
OWNER_LIMIT = 120
TITLE_LIMIT = 200
SHORT_LIMIT = 500
ANSWER_LIMIT = 20_000
QUESTION_LIMIT = 300
MOST_QUESTIONS = 100
MOST_PRODUCTS = 30
MOST_FOLLOW_UPS = 5
MOST_ATTACHMENTS = 10
FAULT = "knowledge_base.fault."

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"\w(?:[\w &/·.+-]*\w)?")
"""A category or tag: words of any script, since editors name them themselves."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HASH = re.compile("[0-9a-f]{64}")
_LINES = re.compile("[\n\r\x85\u2028\u2029]")


def tidy(draft: Draft) -> Draft:
    """The draft without outer space, empty lines of wordings, wordings said twice and sides that are wholly empty."""
    return replace(
        draft,
        key=draft.key.strip(),
        category=tidy_path(draft.category),
        products=tuple(dict.fromkeys(product.strip() for product in draft.products if product.strip())),
        texts=tuple(side for side in map(_tidy_side, draft.texts) if has_something(side)),
        details=replace(
            draft.details,
            owner=draft.details.owner.strip(),
            department=draft.details.department.strip(),
            follow_ups=tuple(dict.fromkeys(key.strip() for key in draft.details.follow_ups if key.strip())),
        ),
    )


def find_faults(draft: Draft, *, publishing: bool, departments: Departments | None = None) -> dict[str, str]:
    """Every fault of a tidied draft by field; a draft may be incomplete until it is published.

    Without `departments` any name of one passes: what was written when it was right is not refused later.
    """
    faults: dict[str, str] = {}
    if not _KEY.fullmatch(draft.key) or len(draft.key) > KEY_LIMIT:
        faults["key"] = "key"
    if not draft.category:
        faults["category"] = "category_empty"
    elif not _is_path(draft.category):
        faults["category"] = "category"
    if len(draft.products) > MOST_PRODUCTS or not all(
        _NAME.fullmatch(product) and len(product) <= NAME_LIMIT for product in draft.products
    ):
        faults["products"] = "products"
    languages = [side.language for side in draft.texts]
    if len(set(languages)) != len(languages):
        faults["texts"] = "language_twice"
    if not draft.texts:
        faults["texts"] = "no_text"
    for side in draft.texts:
        faults |= _side_faults(side, publishing=publishing)
    faults |= _details_faults(draft.key, draft.details)
    if fault := _department_fault(draft.details, departments or Departments()):
        faults["department"] = fault
    return {field: FAULT + fault for field, fault in faults.items()}


def find_late_faults(details: Details, *, now: datetime) -> dict[str, str]:
    """What hinders publishing at `now`."""
    over = details.valid_until is not None and details.valid_until <= now
    return {"valid_until": FAULT + "valid_until_past"} if over else {}


def has_something(side: ArticleText) -> bool:
    """Whether a side is one: a short answer alone says nothing that could be asked for."""
    return bool(side.title or side.answer or side.questions or side.attachments)


def _is_path(category: str) -> bool:
    parts = category.split(SEPARATOR)
    return (
        len(category) <= PATH_LIMIT
        and len(parts) <= MOST_LEVELS
        and all(_NAME.fullmatch(part) and len(part) <= NAME_LIMIT for part in parts)
    )


def _details_faults(key: str, details: Details) -> dict[str, str]:
    faults = {}
    begin, end = details.valid_from, details.valid_until
    if begin is not None and end is not None and end <= begin:
        faults["valid_until"] = "valid_until_early"
    if len(details.owner) > OWNER_LIMIT or _CONTROL.search(details.owner):
        faults["owner"] = "owner"
    if len(details.follow_ups) > MOST_FOLLOW_UPS:
        faults["follow_ups"] = "follow_ups_many"
    elif key in details.follow_ups:
        faults["follow_ups"] = "follow_ups_self"
    elif not all(_KEY.fullmatch(each) and len(each) <= KEY_LIMIT for each in details.follow_ups):
        faults["follow_ups"] = "follow_ups_key"
    return faults


def _department_fault(details: Details, departments: Departments) -> str:
    if details.department and details.action is not ArticleAction.HAND_OVER:
        return "department_alone"
    return "" if departments.has(details.department) else "department"


def _side_faults(side: ArticleText, *, publishing: bool) -> dict[str, str]:
    faults: dict[str, str] = {}
    for name, text, limit in (
        ("title", side.title, TITLE_LIMIT),
        ("answer", side.answer, ANSWER_LIMIT),
        ("short", side.short, SHORT_LIMIT),
    ):
        if len(text) > limit:
            faults[name] = f"{name}_long"
        elif _CONTROL.search(text):
            faults[name] = "control"
        elif name == "title" and _LINES.search(text):
            faults[name] = "one_line"
        elif publishing and not text and name != "short":
            faults[name] = f"{name}_empty"
    if not publishing and not side.title:
        faults["title"] = "title_empty"
    faults |= _question_faults(side.questions)
    if fault := _attachments_fault(side.attachments):
        faults["attachments"] = fault
    return {f"{side.language}.{field}": fault for field, fault in faults.items()}


def _question_faults(questions: tuple[str, ...]) -> dict[str, str]:
    faults: dict[str, str] = {}
    if len(questions) > MOST_QUESTIONS:
        faults["questions"] = "questions_many"
    for number, question in enumerate(questions):
        if len(question) > QUESTION_LIMIT:
            faults[f"questions.{number}"] = "question_long"
        elif _CONTROL.search(question):
            faults[f"questions.{number}"] = "control"
        elif _LINES.search(question):
            faults[f"questions.{number}"] = "one_line"
    return faults


def _attachments_fault(attachments: tuple[Attachment, ...]) -> str:
    if len(attachments) > MOST_ATTACHMENTS:
        return "attachments_many"
    return "" if all(map(_is_file, attachments)) else "attachments_file"


def _is_file(attachment: Attachment) -> bool:
    media_type = media_type_of_name(attachment.name)
    fits = media_type is not None and file_name(attachment.name, media_type) == attachment.name
    return fits and _HASH.fullmatch(attachment.id) is not None


def _tidy_side(side: ArticleText) -> ArticleText:
    said = dict.fromkeys(question.strip() for question in side.questions)
    said.pop("", None)
    said.pop(side.title.strip(), None)
    return replace(
        side,
        title=side.title.strip(),
        answer=_tidy_lines(side.answer),
        short=_tidy_lines(side.short),
        questions=tuple(said),
        attachments=tuple({each.id: each for each in reversed(side.attachments)}.values())[::-1],
    )


def _tidy_lines(text: str) -> str:
    """`text` with one kind of line end; browsers and systems have three."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
