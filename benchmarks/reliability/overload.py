"""Four times as many want answers as there can be: refused at once, and the others served."""

from collections import Counter
from collections.abc import Sequence
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

from benchmarks.reliability.client import Outcome, closed_loop, open_loop, urgent
from benchmarks.reliability.load import CONNECTIONS, put_load
from benchmarks.reliability.prepared import picture_requests
from benchmarks.reliability.row import Row
from benchmarks.reliability.show import median_ms, percentile_ms, run_alone, slack
from tests.live_server import LiveServer, live_server

_EXCESS = 4  # times the capacity
_REFUSED = (429, 503)
_REFUSAL_MS = 50


def measure(*, short: bool) -> list[Row]:
    requests, width = (2_000 if short else 20_000), slack(short=short)
    _, most = getrlimit(RLIMIT_NOFILE)
    setrlimit(RLIMIT_NOFILE, (most, most))  # a server that answers late gathers connections
    with live_server() as server, urgent():
        put_load(server, 200)  # warm
        calm = put_load(server, requests // 2)
        late = percentile_ms(calm.latencies, 99)
        closed = ask_at_once_again(server, requests * 2)
        rate = _EXCESS * calm.rate
        opened = ask_at_a_rate(server, requests * 3, rate)
    begin = [outcome for outcome in opened if outcome.number < rate]  # a second's requests
    return [
        *_rows(f"{_EXCESS * CONNECTIONS} clients that ask again at once", closed, late, width),
        *_rows(f"{_EXCESS} times as many requests as answers", opened, late, width),
        _beginning(begin),
    ]


def ask_at_once_again(server: LiveServer, requests: int) -> list[Outcome]:
    outcomes: list[Outcome] = []
    closed_loop(
        server.address,
        picture_requests(),
        range(requests),
        outcomes.append,
        connections=_EXCESS * CONNECTIONS,
    )
    return outcomes


def ask_at_a_rate(server: LiveServer, requests: int, rate: float) -> list[Outcome]:
    outcomes: list[Outcome] = []
    open_loop(server.address, picture_requests(), range(requests), outcomes.append, rate=rate)
    return outcomes


def _beginning(outcomes: Sequence[Outcome]) -> Row:
    """While the server finds out; it has no bar of its own."""
    seconds = _seconds_of_answers(outcomes)
    seen = f"{percentile_ms(seconds, 99):.0f} ms" if seconds else "no answers"
    claim = f"{_EXCESS} times as many requests as answers: 99th percentile in the first second"
    return Row(claim, seen, "none, to be known", True)


def _seconds_of_answers(outcomes: Sequence[Outcome]) -> list[float]:
    return [outcome.seconds for outcome in outcomes if 200 <= outcome.status < 300]


def _rows(load: str, outcomes: Sequence[Outcome], calm_ms: float, width: int) -> list[Row]:
    refused = [outcome for outcome in outcomes if outcome.status in _REFUSED]
    return [
        _statuses(load, outcomes),
        _retry_after(load, refused),
        _refusals(load, [outcome.seconds for outcome in refused], width),
        _accepted(load, _seconds_of_answers(outcomes), calm_ms, width),
    ]


def _statuses(load: str, outcomes: Sequence[Outcome]) -> Row:
    seen = Counter(outcome.failure or outcome.status for outcome in outcomes)
    met = all(status in (200, *_REFUSED) for status in seen)
    text = ", ".join(f"{count:,} {status}" for status, count in seen.most_common())
    return Row(f"{load}: statuses", text, "200, 429 and 503 alone", met)


def _retry_after(load: str, refused: Sequence[Outcome]) -> Row:
    without = sum(b"\r\nRetry-After: " not in outcome.head for outcome in refused)
    claim = f"{load}: refusals without Retry-After"
    return Row(
        claim, f"{without} of {len(refused):,}", "0, of more than 0", 0 == without < len(refused)
    )


def _refusals(load: str, seconds: Sequence[float], width: int) -> Row:
    typical = median_ms(seconds or [0])
    bar = _REFUSAL_MS * width
    met = bool(seconds) and typical < bar
    return Row(f"{load}: median until a refusal", f"{typical:.1f} ms", f"under {bar} ms", met)


def _accepted(load: str, seconds: Sequence[float], calm_ms: float, width: int) -> Row:
    late = percentile_ms(seconds or [0], 99)
    bar = 2 * width
    seen = f"{late:.0f} ms, with {CONNECTIONS} clients {calm_ms:.0f} ms"
    claim = f"{load}: 99th percentile of the answers"
    return Row(claim, seen, f"at most {bar} times", bool(seconds) and late <= bar * calm_ms)


if __name__ == "__main__":
    run_alone(measure)
