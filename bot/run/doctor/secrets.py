"""bot.run.doctor: config.yml, the secrets in the environment, and Telegram's word on the token."""

from __future__ import annotations

import os
import re

import httpx

from bot.run.doctor.findings import Finding, Look, fault, good, note
from kit.settings import Settings, SettingsFault, load_settings

SECRET_LENGTH = 32
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
NEW_SECRET = "export DESK_SECRET=$(python3 -c 'import secrets; print(secrets.token_urlsafe(48))')"  # noqa: S105


def config_findings(look: Look, model: type[Settings]) -> list[Finding]:
    """Each fault of config.yml, all at once."""
    try:
        load_settings(look.config, model)
    except SettingsFault as faults:
        return [fault("config", "wrong", fault=each, mend=f"${{EDITOR:-vi}} {look.config}") for each in faults.faults]
    if not look.config.exists():
        return [note("config", "missing", path=str(look.config), mend="git checkout config.yml")]
    return [good("config", path=str(look.config))]


async def check_secret(look: Look) -> list[Finding]:
    """The key that signs visitors' tokens."""
    given = os.environ.get("DESK_SECRET")
    if given is not None and len(given) < SECRET_LENGTH:
        return [fault("secret", "short", wanted=SECRET_LENGTH, mend=NEW_SECRET)]
    kept = look.data / "secret"
    if given is None and kept.exists() and kept.stat().st_mode & 0o077:
        return [fault("secret", "readable", path=str(kept), mend=f"chmod 600 {kept}")]
    return [good("secret", "given" if given else "kept")]


async def check_telegram(look: Look) -> list[Finding]:
    """The token, asked of Telegram itself; the one check that leaves the machine, and only where Telegram is on."""
    if not look.telegram_enabled:
        return [good("telegram", "off")]
    if not TOKEN.fullmatch(look.telegram_token):
        said = "odd_token" if look.telegram_token else "no_token"
        return [fault("telegram", said, mend="export TELEGRAM_TOKEN=…")]
    if look.telegram_webhook and not TELEGRAM_SECRET.fullmatch(look.telegram_secret):
        return [fault("telegram", "no_secret", mend=NEW_SECRET.replace("DESK", "TELEGRAM"))]
    return [await _ask_telegram(look)]


async def _ask_telegram(look: Look) -> Finding:
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{look.telegram_api}/bot{look.telegram_token}/getMe")
            told = answer.json()
    except (httpx.HTTPError, ValueError) as error:  # never its words: they hold the address, which holds the token
        return fault("telegram", "unreachable", fault=type(error).__name__, mend=f"curl -I {look.telegram_api}")
    match told:
        case {"ok": True, "result": {"username": str(name)}}:
            return good("telegram", name=name)
        case _:
            return fault("telegram", "refused", status=answer.status_code, mend="export TELEGRAM_TOKEN=…")
