from pathlib import Path

import pytest

from drawn_digits.training import machine

WITH_BFLOAT16 = """processor\t: 0
model name\t: Example CPU 9 @ 3.0GHz
flags\t\t: fpu avx512f avx512_bf16 sse

processor\t: 1
model name\t: Another
"""


def test_the_first_core_says_what_the_processor_is_and_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_CPU_INFO", tmp_path / "cpuinfo")
    machine._CPU_INFO.write_text(WITH_BFLOAT16)
    assert machine.processor() == "Example CPU 9 @ 3.0GHz"
    assert machine.fastest_precision() == "mixed_bfloat16"
    machine._CPU_INFO.write_text(WITH_BFLOAT16.replace("avx512_bf16", "avx512_bf16x"))
    assert machine.fastest_precision() == "float32"


def test_without_the_systems_word_nothing_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_CPU_INFO", tmp_path / "none")
    assert machine.processor()
    assert machine.fastest_precision() == "float32"
