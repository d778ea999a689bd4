"""The machine that figures were measured on."""

import os
import platform
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")


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


def _cpu_info(key: str) -> str:
    """What Linux says of the first core; empty where it, or another system, does not."""
    lines = _CPU_INFO.read_text("utf-8").splitlines() if _CPU_INFO.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
