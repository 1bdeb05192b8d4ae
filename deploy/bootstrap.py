#!/usr/bin/env python3
"""Set up a checkout: both Python environments and the encoder's files. Safe to run at any time.

usage: python3 deploy/bootstrap.py [--dev]

Standard library only. The environments live outside the checkout, one per lock file, and are
linked into it as .venv (Python 3.11) and .venv-rasa (Python 3.10), so a fresh clone is at work in
seconds. Without Python 3.10 the desk is set up without Rasa and says so.

This file must be readable by old Pythons: it hands over to 3.11 or says how to get it.
"""

import os
import shutil
import sys
from pathlib import Path

if sys.version_info < (3, 11):
    newer = shutil.which("python3.11")
    if newer is None:
        sys.exit(
            "The desk needs Python 3.11 and this is {}.{}. Install it with\n"
            "    apt-get install python3.11 python3.11-venv     (Debian, Ubuntu)\n"
            "    brew install python@3.11                       (macOS)\n"
            "and run the same command again.".format(*sys.version_info[:2])
        )
    os.execv(newer, [newer, *sys.argv])

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from deploy.steps import main  # noqa: E402  the import needs Python 3.11

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
