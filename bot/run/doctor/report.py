"""bot.run.doctor: runs the checks and writes down what they found, for people or machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.run.doctor.findings import Check, Finding, Grade, Look, fault
from bot.run.doctor.installation import (
    check_encoder,
    check_main_environment,
    check_python,
    check_rasa_environment,
    check_valkey_binary,
)
from bot.run.doctor.machine import (
    check_clock,
    check_data_directory,
    check_disk,
    check_memory,
    check_open_files,
    check_run,
)
from bot.run.doctor.secrets import check_secret, check_telegram, check_wechat
from bot.run.doctor.stores import check_database, check_redis
from kit.contracts import Language
from kit.texts import Texts

CHECKS: tuple[Check, ...] = (
    check_python,
    check_main_environment,
    check_rasa_environment,
    check_encoder,
    check_valkey_binary,
    check_data_directory,
    check_disk,
    check_memory,
    check_open_files,
    check_clock,
    check_database,
    check_redis,
    check_secret,
    check_telegram,
    check_wechat,
    check_run,
)


async def examine(look: Look, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run every check; one that fails itself is a finding too."""
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += await check(look)
        except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody
            words = f"{type(error).__name__}: {error}"
            findings.append(fault("doctor", "fainted", name=check.__name__, fault=words[:300], mend="make clean setup"))
    return findings


def has_faults(findings: Sequence[Finding]) -> bool:
    """Whether something must be mended."""
    return any(finding.grade is Grade.FAULT for finding in findings)


def as_lines(findings: Sequence[Finding], texts: Texts, language: Language) -> list[str]:
    """For people: what was found, and under each fault the command that mends it."""
    lines = []
    for finding in findings:
        grade = texts(f"doctor.grade.{finding.grade}", language)
        lines.append(f"{grade}  {_sentence(finding, texts, language)}")
        if finding.mend:
            lines.append(f"{' ' * 8}{texts('doctor.mend', language)} {finding.mend}")
    faults = sum(finding.grade is Grade.FAULT for finding in findings)
    lines.append(texts("doctor.summary" if faults else "doctor.healthy", language, count=faults))
    return lines


def as_json(findings: Sequence[Finding], texts: Texts, language: Language) -> str:
    """For machines."""
    rows = [asdict(finding) | {"text": _sentence(finding, texts, language)} for finding in findings]
    return json.dumps({"healthy": not has_faults(findings), "findings": rows}, ensure_ascii=False, indent=2)


def _sentence(finding: Finding, texts: Texts, language: Language) -> str:
    return texts(f"doctor.{finding.check}.{finding.said}", language, **finding.slots)
