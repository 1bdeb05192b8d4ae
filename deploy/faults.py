"""What can go wrong while setting up, in words that name the mending command."""

import re


class SetupFault(Exception):
    """A set-up that cannot go on; the text is for the person at the terminal."""


NO_NETWORK = re.compile(
    r"dns error|error sending request|failed to lookup|connection refused|network is unreachable"
    r"|temporary failure in name resolution|could not connect|timed out|newconnectionerror"
    r"|client error \(connect\)|proxy",
    re.IGNORECASE,
)
DISK_FULL = re.compile(r"no space left|disk quota exceeded|os error 28", re.IGNORECASE)
WRONG_HASH = re.compile(r"hash mismatch|do not match the hashes", re.IGNORECASE)


def explain(doing: str, output: str) -> str:
    """Turn a failed installer's output into a sentence and the command that mends it."""
    last_lines = "\n".join("    " + line for line in output.strip().splitlines()[-8:])
    if DISK_FULL.search(output):
        hint = "The disk is full. Make room (5 GB are enough), for example\n    uv cache clean"
    elif WRONG_HASH.search(output):
        hint = (
            "A downloaded file is not the one that was locked. Do not use it. If a package mirror "
            "is configured, try without it; otherwise\n    make lock"
        )
    elif NO_NETWORK.search(output):
        hint = (
            "The package registry cannot be reached. Check the connection (HTTPS_PROXY, "
            "PIP_INDEX_URL), then\n    make setup"
        )
    else:
        hint = "Try again from nothing:\n    make clean setup"
    return f"{doing} failed. {hint}\nThe installer said:\n{last_lines}"
