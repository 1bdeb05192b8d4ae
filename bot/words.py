"""bot: the words the policy looks for without a model, read from word lists. Pure but for `load_words`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

EDGES = re.compile(r"^[\W_]+|[\W_]+$")
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
DIGITS = re.compile(r"\d")
CJK = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z']{2,}")
WORD = re.compile(r"\w")
COMPLAINT = re.compile("投诉|举报|维权|complain")
"""Who says so does more than being angry."""
ENOUGH_CJK = 6
ENOUGH_WORDS = 4
"""From so many Chinese characters or words on, what is left after the announcement tells what happened."""


def fold(text: str) -> str:
    """`text` for comparing whole messages: NFKC, lower case, one space, no punctuation at the edges."""
    folded = " ".join(unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").split())
    return EDGES.sub("", folded)


def case_number_in(text: str, *, prefix: str) -> str | None:
    """A complaint file's number as it is printed on the file, whatever way it was typed."""
    pattern = rf"(?<![A-Za-z0-9]){re.escape(prefix)} ?-?(\d{{4}}) ?-? ?(\d{{6}})(?![0-9])"
    found = re.search(pattern, unicodedata.normalize("NFKC", text), re.IGNORECASE)
    return f"{prefix}{found[1]}-{found[2]}" if found else None


@dataclass(frozen=True, slots=True)
class Parts:
    """Words that may stand anywhere in a text."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Parts:
        """Chinese and signs anywhere; Latin words only as words of their own."""
        alternatives = [
            rf"(?<![a-z0-9']){re.escape(word)}(?![a-z0-9])"
            if word[0].isascii() and word[0].isalpha()
            else re.escape(word)
            for word in sorted(set(map(str.lower, words)), key=len, reverse=True)
        ]
        return cls(re.compile("|".join(alternatives) or r"(?!)"))

    def __contains__(self, text: str) -> bool:
        return self.pattern.search(_lower(text)) is not None

    def removed(self, text: str) -> str:
        """`text` without them."""
        return self.pattern.sub(" ", _lower(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All lists. `person`, `stop`, `skip` and `no_value` are whole messages (folded)."""

    person: frozenset[str]
    stop: frozenset[str]
    skip: frozenset[str]
    no_value: frozenset[str]
    question: Parts
    announcement: Parts
    complaining: Parts
    trouble: Parts
    vague: Parts
    danger: Parts
    no_danger: Parts
    contact: Parts
    angry: Parts
    asks_wait: Parts
    leave: frozenset[str]
    filler: frozenset[str]
    nod: frozenset[str]
    puzzled: frozenset[str]
    complaint: frozenset[str]
    courtesy: Parts
    no_follow_up: Parts
    gone_wrong: frozenset[str]
    only_asking: frozenset[str]

    def asks_person(self, text: str) -> bool:
        """Whether the whole message asks for a human being."""
        return fold(text) in self.person

    def stops(self, text: str) -> bool:
        """Whether the whole message ends what is going on."""
        return fold(text) in self.stop

    def skips(self, text: str) -> bool:
        """Whether the whole message leaves the question of the form open."""
        return fold(text) in self.skip or fold(text) in self.no_value

    def tells_danger(self, text: str) -> bool:
        """Whether the text speaks of danger to people."""
        return self.no_danger.removed(text) in self.danger

    def leaves(self, text: str) -> bool:
        """Whether the whole message says that the customer no longer waits for a person."""
        return fold(text) in self.leave or self.stops(text)

    def asks_wait_in(self, text: str) -> bool:
        """Whether a waiting customer asks about the waiting."""
        return text in self.asks_wait and not self.says_enough(self.asks_wait.removed(text))

    def says_nothing(self, text: str) -> bool:
        """Whether the whole message is a sound that asks nothing, such as "hmm"."""
        return fold(text) in self.filler

    def is_puzzled(self, text: str) -> bool:
        """Whether the whole message says that the last reply was not understood."""
        return fold(text) in self.puzzled

    def only_courtesy(self, text: str) -> bool:
        """Whether the message is thanks and goodbye and no more."""
        return text in self.courtesy and not WORD.search(self.courtesy.removed(text))

    def refuses_follow_up(self, text: str) -> bool:
        """Whether the customer wants no follow-ups; a question about them does not say so."""
        return text in self.no_follow_up and text not in self.question

    def nods(self, text: str) -> bool:
        """Whether the whole message is the shortest kind of yes."""
        return fold(text) in self.nod

    def tells_which(self, text: str) -> bool | None:
        """The whole message as the reply to "has something gone wrong, or are you asking?": a complaint, or not one."""
        said = fold(text)
        if said in self.gone_wrong or said in self.complaint:
            return True
        return False if said in self.only_asking else None

    def only_vents(self, text: str) -> bool:
        """Whether the text is angry and does not say about what."""
        if COMPLAINT.search(text.lower()) or text not in self.angry:
            return False
        return not self.says_enough(self.angry.removed(text))

    def tells_trouble(self, text: str) -> bool:
        """Whether the text says that something is broken, and asks nothing."""
        return text in self.trouble and text not in self.question

    def names_nothing(self, text: str) -> bool:
        """Whether a text says that something is broken and not in the least what."""
        rest = self.vague.removed(self.trouble.removed(text))
        return self.tells_trouble(text) and not CJK.search(rest) and not LATIN_WORD.search(rest)

    def complains(self, text: str) -> bool:
        """Whether the customer says in so many words that this is a complaint."""
        return fold(text) in self.complaint or (text in self.complaining and text not in self.question)

    def says_enough(self, text: str) -> bool:
        """Whether a complaint tells what happened, beyond announcing itself."""
        rest = self.announcement.removed(text)
        return len(CJK.findall(rest)) >= ENOUGH_CJK or len(LATIN_WORD.findall(rest)) >= ENOUGH_WORDS

    def contact_in(self, text: str) -> str | None:
        """The text as a way of contact, where it is one: a mail address, a number, a name in a chat app."""
        if MAIL.search(text) or len(DIGITS.findall(text)) >= ENOUGH_CJK:
            return text.strip()
        return text.strip() if text in self.contact and len(fold(text)) > len("wechat") else None


def load_words(own: Path, person_words: Path) -> Words:
    """Read bot/words.yml and nlu/starter/person_words.yml."""
    lists = _lists(own) | _lists(person_words)
    return Words(
        person=frozenset(map(fold, lists["person_words"])),
        stop=frozenset(map(fold, lists["stop_words"])),
        skip=frozenset(map(fold, lists["skip_words"])),
        no_value=frozenset(map(fold, lists["no_value"])),
        question=Parts.of(lists["question"]),
        announcement=Parts.of(lists["announcement"]),
        complaining=Parts.of(lists["complaining"]),
        trouble=Parts.of(lists["trouble"]),
        vague=Parts.of(lists["vague"]),
        danger=Parts.of(lists["danger"]),
        no_danger=Parts.of(lists["no_danger"]),
        contact=Parts.of(lists["contact"]),
        angry=Parts.of(lists["angry"]),
        asks_wait=Parts.of(lists["asks_wait"]),
        leave=frozenset(map(fold, lists["leave"])),
        filler=frozenset(map(fold, lists["filler"])),
        nod=frozenset(map(fold, lists["nod"])),
        puzzled=frozenset(map(fold, lists["puzzled"])),
        complaint=frozenset(map(fold, lists["complaint"])),
        courtesy=Parts.of(lists["courtesy"]),
        no_follow_up=Parts.of(lists["no_follow_up"]),
        gone_wrong=frozenset(map(fold, lists["gone_wrong"])),
        only_asking=frozenset(map(fold, lists["only_asking"])),
    )


def _lists(path: Path) -> dict[str, list[str]]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        name: [str(word) for words in languages.values() for word in words]
        for name, languages in raw.items()
        if isinstance(languages, Mapping)
    }


def _lower(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
