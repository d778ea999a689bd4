"""What one measure of ``make reliability`` has to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A claim, what was seen of it, the bar that it has to reach, and whether it does."""

    claim: str
    seen: str
    bar: str
    met: bool
