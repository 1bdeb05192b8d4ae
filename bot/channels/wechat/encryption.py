"""bot: WeChat's signatures and its encrypted mode (安全模式). Pure; the only secrets are arguments.

A signature is the SHA-1 of the sorted parts; SHA-1 is WeChat's choice. An encrypted message is AES-256-CBC over 16
random bytes, the length, the message and the account's id, padded to 32 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

KEY_LENGTH = 43
"""Characters of an EncodingAESKey: 32 bytes in Base64 without its `=`."""
SALT, LENGTH = 16, 4
PADDED_BITS = 256


class Undecipherable(ValueError):
    """Not encrypted with this key for this account."""


def signature_of(*parts: str) -> str:
    """The signature over `parts`, in whatever order they are given."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Whether `given` is the signature over `parts`; takes the same time whatever is wrong with it."""
    return hmac.compare_digest(given.encode(), signature_of(*parts).encode())


class MessageCipher:
    """Reads and writes encrypted messages of one account. Raises ValueError for a key that is none."""

    def __init__(self, key: str, *, app_id: str, salt: Callable[[int], bytes]) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError(KEY_LENGTH)
        secret = base64.b64decode(key + "=", validate=True)
        self._cipher = Cipher(AES256(secret), CBC(secret[:SALT]))
        self._app_id, self._salt = app_id.encode(), salt

    def decrypt(self, encrypted: str) -> bytes:
        """The message. Raises `Undecipherable`."""
        try:
            taken = self._cipher.decryptor()
            padded = taken.update(base64.b64decode(encrypted, validate=True)) + taken.finalize()
            remover = PKCS7(PADDED_BITS).unpadder()
            plain = remover.update(padded) + remover.finalize()
        except (ValueError, binascii.Error) as error:
            raise Undecipherable from error
        end = SALT + LENGTH + int.from_bytes(plain[SALT : SALT + LENGTH])
        if not hmac.compare_digest(plain[end:], self._app_id):
            raise Undecipherable
        return plain[SALT + LENGTH : end]

    def encrypt(self, message: bytes) -> str:
        """The message as WeChat reads it."""
        adder = PKCS7(PADDED_BITS).padder()
        plain = self._salt(SALT) + len(message).to_bytes(LENGTH) + message + self._app_id
        writer = self._cipher.encryptor()
        padded = adder.update(plain) + adder.finalize()
        return base64.b64encode(writer.update(padded) + writer.finalize()).decode()
