import subprocess
import sys
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


PAGES_TAKEN_ANEW = """
import ctypes
import resource
from drawn_digits.training.machine import keep_freed_memory

def fill_and_free():
    bytearray(b"x") * 40_000_000

PR_SET_THP_DISABLE = 41  # pages of 4 kB, also where the system is set to lend huge ones
assert ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0
{keep}
fill_and_free()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(4):
    fill_and_free()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is kept where glibc lends it")
def test_memory_that_is_freed_is_lent_again_without_the_system() -> None:
    assert pages_taken_anew("") > 4 * 9_000
    assert pages_taken_anew("keep_freed_memory()") < 100


def pages_taken_anew(keep: str) -> int:
    """By 40 MB (10,000 pages) that are filled and freed four times."""
    code = PAGES_TAKEN_ANEW.format(keep=keep)
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    return int(output)
