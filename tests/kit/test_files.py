"""tests: what a file is, by its content, and what it may be called."""

from __future__ import annotations

import pytest

from kit.files import PICTURES, check_file, file_name, media_type_of
from kit.refusals import FileTooLarge, FileUnknown

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7 ", "application/pdf"),
        (b"\0\0\0\x18ftypmp42....", "video/mp4"),
        (b"MZ\x90\0 a program called photo.png", None),
        (b"<svg onload=alert(1)>", None),
        (b"<html>%PDF-", None),
        (b"", None),
    ],
)
def test_what_a_file_is_says_its_content_and_not_its_name(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("照片 1.PNG", "照片 1.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\evil\\a\u202eb.exe", "ab.png"),
        ('a";\r\nSet-Cookie: x', "aSet-Cookie x.png"),
        ("", "file.png"),
        ("." * 40, "file.png"),
        ("长" * 300 + ".jpg", "长" * 80 + ".png"),
    ],
)
def test_a_name_is_made_fit(name: str, kept: str) -> None:
    assert file_name(name, "image/png") == kept


def test_a_file_is_taken_up_to_the_limit_and_only_of_a_kind_that_is_known() -> None:
    taken = check_file("照片.exe", PNG + bytes(MIB - len(PNG)), limit_mib=1)
    assert (taken.name, taken.media_type) == ("照片.png", "image/png")
    with pytest.raises(FileTooLarge):
        check_file("照片.png", PNG + bytes(MIB), limit_mib=1)
    with pytest.raises(FileUnknown):
        check_file("photo.png", b"<svg onload=alert(1)>", limit_mib=1)
    assert "image/svg+xml" not in PICTURES
