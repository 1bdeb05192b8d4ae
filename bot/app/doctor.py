"""bot.app: `python -m bot doctor`: looks this installation over; each fault names the command that mends it."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.app.secrets import load_secrets
from bot.channels.wechat.start import wechat_faults
from bot.run.doctor.findings import Look, WeChatLook
from bot.run.doctor.model import ServedModel, model_findings
from bot.run.doctor.report import as_json, as_lines, examine, has_faults
from bot.run.doctor.secrets import config_findings
from bot.run.voice import terminal_language
from bot.settings import DeskSettings
from bot.settings.channels import TelegramMode
from kit.rooms import HOUSE, text_folders
from kit.settings import SettingsFault, load_settings
from kit.texts import Texts
from nlu.adapters.model_folder import ModelFolder, file_hash, models_folder
from nlu.encoder.prepare import GRAPH, TOKENIZER, cache_folder
from nlu.versions import Refused

OWN_ENCODER = "built-in"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--json", action="store_true", help="the same for machines")


def main(args: argparse.Namespace) -> int:
    """Look and print; 1 when something must be mended."""
    texts, language = Texts.load(text_folders()), terminal_language()
    look = look_at(args.config, args.data_dir)
    findings = [*config_findings(look, DeskSettings), *asyncio.run(examine(look))]
    if look.rasa_enabled:
        findings += model_findings(served_model(look.data))
    if args.json:
        print(as_json(findings, texts, language))
    else:
        print("\n".join(as_lines(findings, texts, language)))
    return 1 if has_faults(findings) else 0


def served_model(data: Path) -> ServedModel:
    """What is published, and whether its file is what was trained."""
    models = ModelFolder(models_folder(data))
    try:
        served = models.served()
    except Refused:
        return ServedModel(folder=str(models.folder), served=None, readable=False)
    card = None if served is None else models.card(served)
    return ServedModel(
        folder=str(models.folder),
        served=served,
        whole=card is not None and file_hash(models.path(card.name)) == card.sha256,
        versions=len(models.names()),
    )


def look_at(config: Path, data_dir: Path | None) -> Look:
    """Where to look. A faulty config.yml is told as such; everything else is then looked at with the defaults."""
    try:
        settings = load_settings(config, DeskSettings)
    except SettingsFault:
        settings = DeskSettings()
    data = (data_dir if data_dir is not None else config.parent / settings.data_dir).resolve()
    secrets = load_secrets(data, keep=False)
    encoder = (cache_folder() / GRAPH, cache_folder() / TOKENIZER)
    return Look(
        root=HOUSE,
        config=config,
        data=data,
        encoder=encoder if settings.nlu.encoder.model == OWN_ENCODER else (),
        host=settings.web.host,
        port=settings.web.port,
        rasa_enabled=settings.nlu.rasa.enabled,
        database_url=secrets.database_url,
        redis_url=secrets.redis_url or None,
        telegram_enabled=settings.telegram.wanted(secrets.telegram_token),
        telegram_webhook=settings.telegram.mode is TelegramMode.WEBHOOK,
        telegram_api=settings.telegram.api_url,
        telegram_token=secrets.telegram_token,
        telegram_secret=secrets.telegram_secret,
        wechat=WeChatLook(
            app_id=settings.wechat.app_id,
            api=settings.wechat.api_url,
            secret=secrets.wechat.secret,
            faults=tuple(wechat_faults(settings.wechat, secrets.wechat)),
        )
        if settings.wechat.enabled
        else None,
    )
