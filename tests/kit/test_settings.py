"""tests: config.yml is read, and all its faults are named at once."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from pydantic import Field

from kit.settings import Settings, SettingsFault, load_settings
from kit.web.settings import WebSettings
from staff.settings import StaffSettings


class Slot(Settings):
    day: str = Field("mon", description="Day.")


class Desk(Settings):
    agents: int = Field(3, ge=1, description="Agents.")
    hours: tuple[Slot, ...] = Field((), description="Hours.")
    spare: Slot | None = Field(None, description="Spare.")
    by_name: dict[str, Slot] = Field({}, description="By name.")


class House(Settings):
    desk: Desk = Field(Desk(), description="Desk.")
    web: WebSettings = Field(WebSettings(), description="Web.")


def read(tmp_path: Path, text: str | bytes) -> House:
    path = tmp_path / "config.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(path, House)


@pytest.mark.parametrize("text", ["", "# only words\n", "desk:\nweb:\n", "desk:\n  # agents: 5\n"])
def test_what_is_not_said_keeps_its_default(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == House()


def test_a_missing_file_means_all_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.yml", House) == House()


def test_what_is_said_counts_also_from_an_editor_that_writes_a_byte_order_mark(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfdesk: {agents: 5}").desk.agents == 5


def test_all_faults_are_named_at_once_with_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as caught:
        read(tmp_path, "dsk: {}\ndesk: {agents: 0, agnets: 2}\nweb: {port: many, language: fr}\n")
    faults = caught.value.faults
    assert len(faults) == 5
    whole = str(caught.value)
    assert "config.yml has 5 fault(s)" in whole
    assert "`dsk`: unknown key; did you mean `desk`? Allowed here: desk, web." in whole
    assert "`desk.agnets`: unknown key; did you mean `agents`? Allowed here: agents, by_name, hours, spare." in whole
    assert "`desk.agents`: Input should be greater than or equal to 1 (found 0)" in whole
    assert "`web.port`" in whole
    assert "'zh' or 'en'" in whole


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("desk: {hours: [{dya: x}]}", "`desk.hours.0.dya`: unknown key; did you mean `day`? Allowed here: day."),
        ("desk: {spare: {dya: x}}", "`desk.spare.dya`: unknown key; did you mean `day`? Allowed here: day."),
        ("desk: {by_name: {a: {dya: x}}}", "`desk.by_name.a.dya`: unknown key; did you mean `day`? Allowed here: day."),
    ],
)
def test_a_fault_deep_inside_is_named_too(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(SettingsFault) as caught:
        read(tmp_path, text)
    assert caught.value.faults == [where]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("desk: {agents: 1\n", "line 2"),
        ("desk: {}\ndesk: {agents: 2}\n", "the key desk stands twice"),
        ("- desk\n", "mapping"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
    ids=["broken", "a section twice", "a list", "not UTF-8"],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, text: str | bytes, fault: str) -> None:
    with pytest.raises(SettingsFault, match=fault):
        read(tmp_path, text)


@pytest.mark.parametrize("kind", [WebSettings, StaffSettings])
def test_every_key_says_what_it_is_for(kind: type[Settings]) -> None:
    assert inspect.getdoc(kind)
    for name, field in kind.model_fields.items():
        assert field.description, f"{kind.__name__}.{name} needs a description: purpose, unit"
        assert not field.is_required(), f"{kind.__name__}.{name} needs a default: the desk runs without config.yml"
