"""cases: the font of the PDF reports: WenQuanYi Micro Hei, Latin and Chinese, out of a package beside the desk.

Its own name table (entries 13 and 14) says: Apache License, Version 2.0; its embedding bits allow it to be embedded.
ReportLab embeds the signs a report uses, so it looks the same where no Chinese font is installed. Where the package is
missing, reports are made all the same, in the Chinese font that PDF viewers bring along, and the log says so.
"""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path

import structlog
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

PACKAGE, FILE = "paperang_p2_fonts_cjk", Path("fonts", "wqy-microhei.ttc")
EMBEDDED, OF_THE_VIEWER = "WenQuanYiMicroHei", "STSong-Light"

log = structlog.get_logger("cases.reports")
_registering = threading.Lock()
"""ReportLab's list of fonts is the process's; reports are drawn in threads."""


def report_font() -> str:
    """The name of the font, which ReportLab knows from now on."""
    with _registering:
        known = pdfmetrics.getRegisteredFontNames()
        for name in (EMBEDDED, OF_THE_VIEWER):
            if name in known:
                return name
        file = font_file()
        if file is None:
            log.warning("report_font_missing", package=PACKAGE, instead=OF_THE_VIEWER, mend="make setup")
            pdfmetrics.registerFont(UnicodeCIDFont(OF_THE_VIEWER))
            return OF_THE_VIEWER
        pdfmetrics.registerFont(TTFont(EMBEDDED, file))
        STATE_DEFAULTS["fontName"] = EMBEDDED  # a chart names this one even where it writes nothing in it
        return EMBEDDED


def font_file() -> Path | None:
    """Where the font is on this machine."""
    found = importlib.util.find_spec(PACKAGE)
    folders = [] if found is None else list(found.submodule_search_locations or ())
    return next((path for folder in folders if (path := Path(folder, FILE)).is_file()), None)
