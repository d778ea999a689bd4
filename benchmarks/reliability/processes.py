"""What Linux says of a process: time, memory, descriptors, and whose connections it holds."""

import os
from pathlib import Path

_ESTABLISHED = "01"
_TICKS = os.sysconf("SC_CLK_TCK")  # a second


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pss_bytes(pid: int) -> int:
    """Its memory, with what it shares with others divided among them."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = dict(line.split(":") for line in rollup.splitlines()[1:])
    return int(sizes["Pss"].split()[0]) * 1024


def descriptors(pid: int) -> int:
    """How many are open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def threads(pid: int) -> int:
    """How many run."""
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


def clients_of(pid: int, port: int) -> set[int]:
    """The client ports of the connections to ``port`` that the process has accepted."""
    clients = _clients_by_inode(port)
    held = (_target(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return {clients[name] for name in held if name in clients}


def _clients_by_inode(port: int) -> dict[str, int]:
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return {
        f"socket:[{row[9]}]": int(row[2].split(":")[1], 16)
        for row in rows
        if row[3] == _ESTABLISHED and int(row[1].split(":")[1], 16) == port
    }


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""
