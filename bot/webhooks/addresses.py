"""bot: which addresses a webhook may call. Pure.

An address inside our own network could make the desk ask, in its own name, what outsiders must not reach.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from bot.refusals import AddressNotAllowed

LIMIT = 500


def check_url(url: str, *, allow_private: bool) -> str:
    """`url` cleaned. Raises `AddressNotAllowed`."""
    clean = url.strip()
    try:
        parts = urlsplit(clean)
        port = parts.port
    except ValueError as error:
        raise AddressNotAllowed(field="url") from error
    schemes = {"https", "http"} if allow_private else {"https"}
    named = parts.username is not None or parts.password is not None or bool(parts.fragment)
    if parts.scheme not in schemes or not parts.hostname or named or port == 0 or len(clean) > LIMIT:
        raise AddressNotAllowed(field="url")
    if not clean.isascii() or any(letter.isspace() for letter in clean):
        raise AddressNotAllowed(field="url")
    if not allow_private and not is_public_host(parts.hostname):
        raise AddressNotAllowed(field="url")
    return clean


def is_public_host(host: str) -> bool:
    """False for addresses, and names of addresses, that only mean something inside a network.

    What another name stands for is looked at when it is called (`is_public_ip`).
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # A name with a dot and an ending in letters; numbers in other notations (0x7f.1) are addresses too.
        return "." in host.rstrip(".") and not host.rstrip(".").rpartition(".")[2][:1].isdigit()
    return is_public_ip(host)


def is_public_ip(text: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or address
    return inner.is_global and not inner.is_multicast
