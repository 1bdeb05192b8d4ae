"""deploy: what can go wrong while setting up, in words that name the mending command."""

from __future__ import annotations

import re

LINES_SHOWN = 6
"""Lines of an installer's output that are worth showing; the cause stands at its end."""

DISK_FULL = re.compile(r"no space left|disk quota exceeded|os error 28|errno 28", re.IGNORECASE)
WRONG_HASH = re.compile(r"hash mismatch|do not match the hashes|digest mismatch", re.IGNORECASE)
NO_NETWORK = re.compile(
    r"dns error|error sending request|failed to lookup|connection (refused|reset)|network is unreachable"
    r"|name resolution|could not connect|timed out|newconnectionerror|client error \(connect\)|proxy"
    r"|max retries|no matching distribution found for uv",
    re.IGNORECASE,
)


class SetupFault(Exception):
    """A set-up that cannot go on: one sentence, the command that mends it, what the tool said.

    `lasting` tells that trying again at once would end the same way.
    """

    def __init__(self, sentence: str, *, mend: str, said: str = "", lasting: bool = False) -> None:
        self.sentence, self.mend, self.said, self.lasting = sentence, mend, said, lasting
        tail = [line for line in said.strip().splitlines() if line.strip()][-LINES_SHOWN:]
        quoted = "\n".join(["It said:", *("    " + line for line in tail)]) if tail else ""
        super().__init__("\n".join(part for part in (sentence, f"Mend it with\n    {mend}", quoted) if part))


def explain(doing: str, said: str) -> SetupFault:
    """Turn a failed installer's output into a fault with a cause and a mending command."""
    if DISK_FULL.search(said):
        return SetupFault(
            f"{doing} failed: the disk is full (a set-up takes about 4 GB).",
            mend="rm -rf ~/.cache/uv ~/.cache/pip && make setup    (or set XDG_CACHE_HOME to a larger disk)",
            said=said,
        )
    if WRONG_HASH.search(said):
        return SetupFault(
            f"{doing} failed: a downloaded file is not the one that was locked; it was not used.",
            mend="UV_NO_CACHE=1 make setup    (without a package mirror, if one is configured)",
            said=said,
        )
    if NO_NETWORK.search(said):
        return SetupFault(
            f"{doing} failed: the package registry cannot be reached.",
            mend="make setup    (once the connection is back; HTTPS_PROXY and PIP_INDEX_URL are honoured)",
            said=said,
        )
    return SetupFault(f"{doing} failed.", mend="UV_NO_CACHE=1 make setup", said=said)


def python_missing(version: str, said: str = "") -> SetupFault:
    """The fault of a machine on which no Python of this version can be had."""
    return SetupFault(
        f"there is no Python {version} on this machine and none could be fetched.",
        mend=f"apt-get install python{version} python{version}-venv    (macOS: brew install python@{version})",
        said=said,
        lasting=True,
    )
