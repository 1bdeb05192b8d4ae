"""`python -m bot.migrations "what changes"`: writes the next step, from what the tables say now. For developers.

Read what it wrote before you commit it: a renamed column looks like one dropped and one added.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.migrations.steps import config, connect, migrate


async def make(message: str) -> list[str]:
    """Write the next step; returns the paths written."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        steps = list(ScriptDirectory.from_config(config()).walk_revisions())
        if steps:
            await migrate(url)
        made: list[str] = []

        def write(connection: Connection) -> None:
            settings = config(connection=connection)
            settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            script = command.revision(settings, message, autogenerate=True, rev_id=f"{len(steps) + 1:04d}")
            made.extend(each.path for each in (script if isinstance(script, list) else [script]) if each)

        async with connect(url, writes=True) as connection:
            await connection.run_sync(write)
    for path in made:
        _tidy(Path(path))
    return made


def _tidy(path: Path) -> None:
    """Take out Alembic's own remarks and set the file as ours are set."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "--fix", "--select", "I", path], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.migrations", description=__doc__)
    parser.add_argument("message", help="what the step changes, in a few words")
    for path in asyncio.run(make(parser.parse_args().message)):
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
