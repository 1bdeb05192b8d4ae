"""nlu: the commands about versions of the complaint classifier. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from nlu.adapters.complaint_versions import ComplaintVersions
from nlu.adapters.kept_versions import at_once, say
from nlu.adapters.model_folder import newest
from nlu.versions import Refused

Run = Callable[[ComplaintVersions, argparse.Namespace], str]


def add_complaint_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers; each sets `complaints_command`, which takes `ComplaintVersions` and the arguments."""
    group = commands.add_parser("complaints", help="versions of the complaint classifier that learned from corrections")
    within = group.add_subparsers(dest="what", required=True)

    def command(name: str, run: Run, about: str) -> argparse.ArgumentParser:
        made = within.add_parser(name, help=about)
        made.set_defaults(complaints_command=run)
        return made

    command("refit", _refit, "learn the approved corrections and serve them, unless that is worse (the desk does it)")
    command("versions", _versions, "list all versions; the served one is marked")
    compare = command("compare", _compare, "two versions side by side on the held-out set")
    compare.add_argument("first", nargs="?", help="default: the served version")
    compare.add_argument("second", nargs="?", help="default: the version made last")
    publish = command("publish", _publish, "serve a version, unless it is worse than the served one")
    publish.add_argument("version", nargs="?", help="default: the version made last")
    publish.add_argument("--force", action="store_true", help="also when it is worse; needs --reason")
    publish.add_argument("--reason", default="", help="kept with the publication")
    back = command("rollback", _rollback, "serve the version that was served before")
    back.add_argument("--reason", default="", help="kept with the rollback")


def run_complaints(versions: ComplaintVersions, arguments: argparse.Namespace) -> int:
    """Run the chosen command. Raises `Refused`."""
    run: Run = arguments.complaints_command
    sys.stdout.write(f"{run(versions, arguments)}\n")
    return 0


def _refit(versions: ComplaintVersions, _: argparse.Namespace) -> str:
    try:
        return versions.refit()
    except Refused as refused:
        # The present version stays; the corrections are tried again together with the next ones.
        return str(refused)


def _versions(versions: ComplaintVersions, _: argparse.Namespace) -> str:
    served, lines = versions.folder.served(), []
    for name in versions.folder.names():
        card = versions.folder.card(name)
        assert card is not None  # noqa: S101 - names() lists those that have one
        mark = "*" if name == served else " "
        lines.append(f"{mark} {name}  {card.made_at}  {card.examples} examples ({card.approved} corrections)")
    for line in versions.folder.history():
        what = "rolled back to" if line.back else "published (forced)" if line.forced else "published"
        say(f"{line.at}  {what} {line.model}  {line.reason}")
    return "\n".join(lines) or "none yet; the starter's classifier is served"


def _compare(versions: ComplaintVersions, arguments: argparse.Namespace) -> str:
    names = versions.folder.names()
    return versions.compare(
        arguments.first or versions.folder.served() or newest(names), arguments.second or newest(names)
    )


def _publish(versions: ComplaintVersions, arguments: argparse.Namespace) -> str:
    reason: str = arguments.reason.strip()
    if arguments.force and not reason:
        raise Refused("--force needs --reason: somebody will ask")
    return versions.publish(arguments.version or newest(versions.folder.names()), force=arguments.force, reason=reason)


def _rollback(versions: ComplaintVersions, arguments: argparse.Namespace) -> str:
    return f"{versions.folder.roll_back(at=at_once(), reason=arguments.reason.strip())} is served from now on"
