"""The OpenAPI document and the server agree, as Schemathesis finds with every check it has.

Valid pictures are generated here; everything else, valid and not, comes from the document.
Alone: ``python -m benchmarks.reliability.contract``.
"""

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.config._checks import NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext

from benchmarks.reliability.file_parts import encoded, seven
from benchmarks.reliability.row import Row
from drawn_digits.errors import InvalidInput
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from tests.live_server import LiveServer, live_server

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def measure(*, short: bool) -> list[Row]:
    """The rows of the contract: how many examples, and how many failures."""
    with live_server("--workers", "1") as server:
        examples, failures = check(server, most_examples=10 if short else 250)
    return judge(examples, failures)


def check(server: LiveServer, most_examples: int) -> tuple[Counter[str], list[str]]:
    """The number of requests to each operation, and what failed."""
    register_generators()
    config = SchemathesisConfig.from_dict(
        {
            "continue-on-failure": True,
            # More than is read gets 413, or 414 in a query, which the document says.
            "checks": {
                "negative_data_rejection": {
                    "expected-statuses": [*NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES, "413", "414"]
                }
            },
            "generation": {"max-examples": most_examples, "database": "none"},
        }
    )
    schema = schemathesis.openapi.from_url(server.url + "/api/openapi.json", config=config)
    schema.hook("filter_case")(_may_be_answered)
    examples: Counter[str] = Counter()
    failures: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            examples[event.recorder.label] += len(event.recorder.interactions)
            failures += _failures(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(repr(event))
    return examples, failures


def _failures(scenario: events.ScenarioFinished) -> Iterator[str]:
    recorder = scenario.recorder
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                yield f"{recorder.label}: {check.name}: {check.failure_info}"


def _may_be_answered(_: HookContext, case: Case[Any]) -> bool:
    """Leaves out valid drawings beside their canvas or all over it.

    They get 422, nothing-drawn, and JSON Schema has no words for them.
    """
    if case.meta is None or case.meta.generation.mode.is_negative:
        return True
    try:
        picture = rasterize(Drawing.from_json(case.body))
        return bool(picture.min() < picture.max())
    except InvalidInput:  # no drawing, so a picture or a batch
        return True


def register_generators() -> None:
    """Tell Schemathesis how pictures and data URLs are made."""
    for media_type, kind in FORMATS.items():
        schemathesis.openapi.media_type(media_type, _pictures(kind))
    schemathesis.openapi.format("picture-data-url", _data_urls())
    files = st.one_of(*(_pictures(kind) for kind in FORMATS.values()), st.binary())
    schemathesis.openapi.format("binary", files)


@st.composite
def _pictures(draw: st.DrawFn, kind: str) -> bytes:
    """Pictures of 8 to 300 pixels a side, with ink on them."""
    width, height = draw(st.integers(8, 300)), draw(st.integers(8, 300))
    image = seven().resize((width, height)).rotate(draw(st.integers(0, 3)) * 90, fillcolor=255)
    mode = draw(st.sampled_from(["L", "RGB"] + ["RGBA"] * (kind != "JPEG")))
    return encoded(image.convert(mode), kind)


@st.composite
def _data_urls(draw: st.DrawFn) -> str:
    media_type = draw(st.sampled_from(sorted(FORMATS)))
    picture = draw(_pictures(FORMATS[media_type]))
    return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"


def judge(examples: Counter[str], failures: list[str]) -> list[Row]:
    """What the run comes to; of failures the first is shown."""
    counts = ", ".join(f"{name} {count:,}" for name, count in examples.items())
    return [
        Row(
            claim="The OpenAPI document and the server agree (Schemathesis, every check)",
            seen=f"{len(failures)} failures of {counts}" + "".join(failures[:1]),
            bar="0 failures",
            met=bool(examples) and not failures,
        )
    ]


if __name__ == "__main__":
    for row in measure(short=False):
        print(row)
