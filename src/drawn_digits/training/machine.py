"""The machine: what figures were measured on, and what training is fast with."""

import ctypes
import os
import platform
import sys
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")

# Parameters of mallopt(3), and values that mean "never".
_M_TRIM_THRESHOLD, _NO_TRIM = -1, -1
_M_MMAP_MAX, _NO_MMAP = -4, 0


def describe_machine() -> str:
    """Processor, cores, system and Python, in one line."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{processor()}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def processor() -> str:
    """The processor's model name, where the system tells it."""
    return _cpu_info("model name") or platform.processor() or platform.machine()


def fastest_precision() -> str:
    """What ``TrainingConfig.precision`` is fastest here: bfloat16 only where it is in hardware."""
    return "mixed_bfloat16" if "avx512_bf16" in _cpu_info("flags").split() else "float32"


def keep_freed_memory() -> None:
    """Let this process keep the memory that it frees, until it ends.

    glibc gives large blocks back to the system, which clears each of their pages before it lends
    them again: a training step, whose activations come and go, took up to twice as long with it
    (docs/decisions/0022-memory-that-is-kept.md). Other C libraries are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_MAX, _NO_MMAP)
        mallopt(_M_TRIM_THRESHOLD, _NO_TRIM)


def _cpu_info(key: str) -> str:
    """What Linux says of the first core; empty where it, or another system, does not."""
    lines = _CPU_INFO.read_text("utf-8").splitlines() if _CPU_INFO.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
