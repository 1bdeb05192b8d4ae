"""tests: every sentence stands in both languages, and every key that is used exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.contracts import Language
from kit.refusals import Refusal
from kit.rooms import HOUSE, ROOMS, static_folders, template_folders, text_folders
from kit.texts import MissingText, Texts

CJK = re.compile(r"[\u3400-\u9fff]")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
DATA = re.compile(r"^nlu/|/starter/|(^|/)\w*words\.py$|(^|/)settings(/\w+)?\.py$")
"""Files whose very business is words of a language, and settings, where an operator's names have their defaults."""
SENTENCE = re.compile(rf"{CJK.pattern}.*{CJK.pattern}", re.DOTALL)
WORDS = re.compile(f"{CJK.pattern}{{2}}")
"""One character is a letter, such as the end of a range; two are words."""


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py"))]


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_both_catalogues_hold_the_same_keys(texts: Texts) -> None:
    zh, en = (
        # Chinese has no plural: a text for one thing stands in the English catalogue only.
        {key for key in texts.keys(language) if not key.endswith(".one")}
        for language in Language
    )
    assert zh == en, f"add the missing ones: only zh {sorted(zh - en)}, only en {sorted(en - zh)}"


def test_both_languages_of_a_text_take_the_same_slots(texts: Texts) -> None:
    keys = [key for key in texts.keys(Language.EN) if not key.endswith(".one")]
    different = {
        key: (texts.slots(key, Language.ZH), texts.slots(key, Language.EN))
        for key in keys
        if texts.slots(key, Language.ZH) != texts.slots(key, Language.EN)
    }
    assert not different


def test_no_text_is_empty_and_each_stands_in_its_language(texts: Texts) -> None:
    for language in Language:
        for key in texts.keys(language):
            assert texts.raw(key, language).strip(), f"{key} ({language}) is empty"
    english = {key: texts.raw(key, Language.EN) for key in texts.keys(Language.EN)}
    # A language is named, and offered, in itself.
    chinese = [key for key, text in english.items() if CJK.search(text) and "language" not in key.rsplit(".", 1)[-1]]
    assert not chinese, f"Chinese in the English catalogue: {chinese}"


def test_customers_are_addressed_with_the_polite_word(texts: Texts) -> None:
    heard = ("bot.", "widget.", "chat.", "connection.", "refusal.", "handoff.event.")
    keys = [key for key in texts.keys(Language.ZH) if key.startswith(heard)]
    rude = [key for key in keys if "你" in texts.raw(key, Language.ZH)]
    assert not rude, f"write 您, not 你: {rude}"


def test_every_refusal_has_its_sentence_and_its_slots(texts: Texts) -> None:
    import importlib  # noqa: PLC0415 - finds the rooms' refusals by importing them

    for path in python_files():
        if "Refusal" in path.read_text(encoding="utf-8") and "/rasa/" not in str(path):
            importlib.import_module(named(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    missing = {kind.__name__ for kind in subclasses(Refusal) if not texts.has(f"refusal.{kind.code}")}
    assert not missing, f"no text refusal.<code> for {missing}"


def subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def used_keys() -> Iterator[tuple[str, str]]:
    """(key, file) of every literal key: `texts("…")`, `t("…")` in Python, templates and browser modules."""
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in {"t", "texts", "_texts", "text"} and KEY.fullmatch(str(node.args[0].value)):
                    yield str(node.args[0].value), named(path)
    patterns = {"*.html": r"""\bt\(\s*(['"])([^'"]+)\1\s*[,)]""", "*.js": r"""\bt\(\s*(["'`])([^"'`$]+)\1\s*[,)]"""}
    for pattern, call in patterns.items():
        folders = template_folders() if pattern == "*.html" else static_folders()
        for path in (path for folder in folders for path in sorted(folder.rglob(pattern))):
            for found in re.finditer(call, path.read_text(encoding="utf-8")):
                yield found[2], named(path)


def test_every_key_that_is_used_exists(texts: Texts) -> None:
    used = list(used_keys())
    assert len(used) > 50, "the search for keys finds too few to be believed"
    missing = {(key, where) for key, where in used if not texts.has(key)}
    assert not missing


def test_what_the_shells_modules_say_is_in_what_the_page_carries() -> None:
    """Browser modules see only the sections their page puts into `texts_json`."""
    page = (HOUSE / "kit/web/templates/kit/page.html").read_text(encoding="utf-8")
    carried = tuple(re.findall(r'"([a-z]+\.)"', page[page.index("texts_json") :]))
    shell = (HOUSE / "kit/web/static/kit/shell.js").read_text(encoding="utf-8")
    said = re.findall(r'\bt\("([^"]+)"', shell)
    assert said
    assert all(key.startswith(carried) for key in said)


def test_no_sentence_stands_in_code() -> None:
    """Chinese in a string literal is a sentence in the wrong place; put it into the room's texts/."""
    found = []
    for path in python_files():
        if DATA.search(named(path)):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        found += [
            f"{named(path)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and SENTENCE.search(node.value)
            and id(node) not in docs
            and not is_pattern(node.value)
        ]
    for folder in (*template_folders(), *static_folders()):
        for path in (*folder.rglob("*.html"), *folder.rglob("*.js")):
            if "vendor" in path.parts:
                continue
            text = re.sub(r"\{#.*?#\}|/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            found += [f"{named(path)}: {line.strip()}" for line in text.splitlines() if WORDS.search(line)]
    assert not found, f"move these to texts/zh.yml and texts/en.yml: {found}"


def is_pattern(text: str) -> bool:
    """A character class or alternation of a regular expression, not something that is said."""
    return bool(re.search(r"[\\\[(|^$]", text))


def test_slots_are_filled_and_a_forgotten_one_is_named() -> None:
    texts = Texts(
        {language: {"a.hello": "Hi {name}", "a.n": "{count} things", "a.n.one": "one"} for language in Language}
    )
    assert texts("a.hello", "en", name="<Mei>") == "Hi <Mei>"
    assert (texts("a.n", "en", count=2), texts("a.n", "en", count=1)) == ("2 things", "one")
    with pytest.raises(MissingText, match=r"a\.hello"):
        texts("a.hello", "en")
    with pytest.raises(MissingText, match=r"no\.such"):
        texts("no.such", "zh")
    with pytest.raises(ValueError, match="fr"):
        texts("a.hello", "fr")


@pytest.mark.parametrize(
    ("zh", "fault"),
    [("a: 1\na: 2\n", "twice"), ("a: [1]\n", "must be a text"), ("a: {\n", "line")],
    ids=["a key twice", "not a text", "broken YAML"],
)
def test_a_faulty_catalogue_is_refused(tmp_path: Path, zh: str, fault: str) -> None:
    (tmp_path / "zh.yml").write_text(zh, encoding="utf-8")
    (tmp_path / "en.yml").write_text("", encoding="utf-8")
    with pytest.raises(Exception, match=fault):
        Texts.load([tmp_path])


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    for language in Language:
        (tmp_path / f"{language}.yml").write_text("answer:\n  yes: Yes\n  no: No\n  at: 12:30\n", encoding="utf-8")
    texts = Texts.load([tmp_path])
    assert [texts(f"answer.{key}", "en") for key in ("yes", "no", "at")] == ["Yes", "No", "12:30"]


def test_a_key_of_two_rooms_is_refused(tmp_path: Path) -> None:
    for room in ("one", "two"):
        (tmp_path / room).mkdir()
        for language in Language:
            (tmp_path / room / f"{language}.yml").write_text("a: {b: x}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.b stands twice"):
        Texts.load([tmp_path / "one", tmp_path / "two"])


def test_every_room_with_texts_has_both_languages() -> None:
    for folder in text_folders():
        assert {path.name for path in folder.iterdir()} >= {"zh.yml", "en.yml"}, folder
