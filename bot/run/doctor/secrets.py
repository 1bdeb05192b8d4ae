"""bot.run.doctor: config.yml, the secrets in the environment, and the chat apps' word on theirs."""

from __future__ import annotations

import os
import re

import httpx

from bot.run.doctor.findings import Finding, Look, WeChatLook, fault, good, note
from kit.settings import Settings, SettingsFault, load_settings

SECRET_LENGTH = 32
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
FOREIGN_ADDRESS = 40164
"""WeChat's code for a caller whose address is not on the account's list."""
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
    shop = os.environ.get("DESK_IDENTITY_SECRET")
    if shop is not None and len(shop) < SECRET_LENGTH:
        mend = NEW_SECRET.replace("DESK_SECRET", "DESK_IDENTITY_SECRET")
        return [fault("secret", "identity_short", wanted=SECRET_LENGTH, mend=mend)]
    kept = look.data / "secret"
    if given is None and kept.exists() and kept.stat().st_mode & 0o077:
        return [fault("secret", "readable", path=str(kept), mend=f"chmod 600 {kept}")]
    return [good("secret", "given" if given else "kept")]


async def check_telegram(look: Look) -> list[Finding]:
    """The token, asked of Telegram itself; leaves the machine only where Telegram is on."""
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


async def check_wechat(look: Look) -> list[Finding]:
    """The set-up, then WeChat's own word on AppID and AppSecret; leaves the machine only where WeChat is on."""
    if look.wechat is None:
        return [good("wechat", "off")]
    if look.wechat.faults:
        return [
            fault("wechat", "not_ready", fault=each, mend=f"${{EDITOR:-vi}} {look.config}")
            for each in look.wechat.faults
        ]
    return [await _ask_wechat(look.wechat)]


async def _ask_wechat(account: WeChatLook) -> Finding:
    asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            told = (await client.post(f"{account.api}/cgi-bin/stable_token", json=asked)).json()
    except (httpx.HTTPError, ValueError) as error:
        return fault("wechat", "unreachable", fault=type(error).__name__, mend=f"curl -I {account.api}")
    match told:
        case {"access_token": str()}:
            return good("wechat", app_id=account.app_id)
        case {"errcode": int(code)} if code == FOREIGN_ADDRESS:
            return fault("wechat", "foreign_address", mend="make doctor")
        case {"errcode": int(code)}:
            return fault("wechat", "refused", code=code, mend="export WECHAT_SECRET=…")
        case _:
            return fault("wechat", "unreachable", fault="ValueError", mend=f"curl -I {account.api}")
