"""staff: rules for names and passwords, and the making of secrets. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

from staff.refusals import BadDisplayName, BadName, WeakPassword

NAME = re.compile(r"[\w.-]{2,40}")
DISPLAY_NAME_LIMIT = 40
PASSWORD_LIMIT = 200
"""Longer ones are refused: hashing them would be work for free."""
DISTINCT = 5
"""Least number of different characters of a password."""
EASY = ("password", "qwerty", "asdfgh", "123456", "654321", "abcdef", "letmein", "iloveyou", "5201314", "woaini")
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for each other when read from a screen."""


def clean_name(name: str) -> str:
    """A sign-in name as it is stored: folded, lower case. Raises `BadName`."""
    folded = unicodedata.normalize("NFKC", name).strip().lower()
    if not NAME.fullmatch(folded):
        raise BadName(field="name")
    return folded


def clean_display_name(name: str) -> str:
    """A display name as it is stored. Raises `BadDisplayName`."""
    cleaned = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not 1 <= len(cleaned) <= DISPLAY_NAME_LIMIT:
        raise BadDisplayName(field="display_name", limit=DISPLAY_NAME_LIMIT)
    return cleaned


def check_password(password: str, *, name: str, length: int) -> None:
    """Raise `WeakPassword` unless `password` is long and varied enough and neither common nor made of the name."""
    lower = password.lower()
    guessable = (
        not length <= len(password) <= PASSWORD_LIMIT
        or len(set(lower)) < DISTINCT
        or any(
            lower.replace(part, "").isdigit() or lower.replace(part, "") == ""
            for part in (*EASY, name)
            if part in lower
        )
    )
    if guessable:
        raise WeakPassword(field="password", length=length)


def new_password() -> str:
    """A first password for somebody else to type once: four groups of four."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def new_token() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 of a token; enough, because a token (unlike a password) cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
