"""bot: the Telegram channel. Only this folder knows what a Telegram update looks like."""

from __future__ import annotations

import os

# python-telegram-bot 22 warns at every duration it reads unless told that durations may be timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "1")
