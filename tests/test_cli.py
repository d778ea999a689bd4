import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from drawn_digits.cli import main
from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.settings import Settings, variable_of
from drawn_digits.training.config import TrainingConfig

DRAWINGS = Path(__file__).parent / "drawings"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def drawing_file(digit: int) -> Path:
    return next(DRAWINGS.glob(f"{digit}*.json"))


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    drawing = Drawing.from_json(json.loads(drawing_file(7).read_text("utf-8")))
    path = tmp_path / "seven.png"
    cv2.imwrite(str(path), rasterize(drawing))
    return path


def test_predict_prints_a_table_for_pictures_and_drawings(picture_file: Path) -> None:
    result = run("predict", str(picture_file), str(drawing_file(3)))
    assert result.exit_code == 0
    header, seven, three = result.output.splitlines()
    assert header.split() == ["file", "digit", "confidence", "runner-up"]
    assert seven.split()[1] == "7"
    assert three.split()[1] == "3"


def test_predict_json_is_one_object_a_line(picture_file: Path) -> None:
    result = run("predict", "--json", str(picture_file), str(drawing_file(3)))
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert [row["digit"] for row in rows] == [7, 3]
    assert rows[0]["file"] == str(picture_file)
    assert sum(rows[0]["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_a_file_that_cannot_be_read_does_not_lose_the_others(picture_file: Path) -> None:
    result = run("predict", "--json", "missing.png", str(picture_file))
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 3
    assert rows[0]["error"] == "unreadable-file"
    assert rows[1]["digit"] == 7


@pytest.mark.parametrize(
    ("name", "content", "slug"),
    [
        ("a.png", b"", "invalid-picture"),
        ("a.png", b"GIF89a", "unsupported-picture-format"),
        ("a.json", b"{", "invalid-drawing"),
        ("a.json", b"[" * 100_000, "invalid-drawing"),
        ("a.json", b"\xff\xfe\x00", "invalid-drawing"),
        ("a.json", b'{"strokes": []}', "nothing-drawn"),
        ("a.json", b'{"strokes": [[{"x": NaN, "y": 1}]]}', "invalid-drawing"),
    ],
)
def test_bad_files_get_a_named_error_and_exit_status_1(
    tmp_path: Path, name: str, content: bytes, slug: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("predict", "--json", str(tmp_path / name))
    assert result.exit_code == 1
    assert json.loads(result.output)["error"] == slug


@pytest.mark.parametrize("name", ["a.png", "a.json"])
def test_of_a_file_larger_than_memory_only_the_start_is_read(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(2**40)  # sparse: nothing is written
    result = run("predict", "--json", str(tmp_path / name))
    assert result.exit_code == 1
    [row] = [json.loads(line) for line in result.output.splitlines()]
    assert row["error"] == "unreadable-file"
    assert "000,000 bytes, which is all that is read" in row["detail"]


def test_predict_asks_the_model_that_the_server_would_serve(
    picture_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_MODEL_FOLDER", str(tmp_path))
    result = run("predict", str(picture_file))
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr


def test_a_blank_picture_is_nothing_drawn(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    cv2.imwrite(str(path), np.full((50, 50), 255, np.uint8))
    result = run("predict", str(path))
    assert result.exit_code == 1
    assert "holds no ink" in result.output


@pytest.mark.parametrize("name", ["drawing", "picture", "light on dark", "larger than is read"])
def test_evidence_is_painted_over_what_was_read(tmp_path: Path, name: str) -> None:
    seven = rasterize(Drawing.from_json(json.loads(drawing_file(7).read_text("utf-8"))))
    sources = {
        "picture": seven,
        "light on dark": 255 - seven,
        "larger than is read": np.kron(seven, np.ones((5, 5), np.uint8)),
    }
    source = drawing_file(7)
    if name in sources:
        source = tmp_path / "source.png"
        cv2.imwrite(str(source), sources[name])
    output = tmp_path / "evidence.png"
    result = run("predict", str(source), "--evidence", str(output))
    assert result.exit_code == 0
    assert result.output.splitlines()[1].split()[1] == "7"
    painted = cv2.imread(str(output))
    assert painted is not None
    side = 700 if name == "larger than is read" else 280  # 1,400 is halved
    assert painted.shape == (side, side, 3)
    assert (painted[..., 0].astype(int) - painted[..., 2]).max() > 100  # blue less red


def test_evidence_for_another_digit_is_another_painting(tmp_path: Path) -> None:
    for digit in ("7", "1"):
        output = str(tmp_path / f"{digit}.png")
        result = run("predict", str(drawing_file(7)), "--evidence", output, "--evidence-for", digit)
        assert result.exit_code == 0
    seven, one = (cv2.imread(str(tmp_path / f"{digit}.png")) for digit in "71")
    assert seven is not None
    assert one is not None
    assert (seven != one).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--evidence", "out.png", "second.json"], "writes one picture, but 2 files came"),
        (["--evidence-for", "3"], "needs --evidence OUT.png"),
        (["--evidence", "out.png", "--evidence-for", "12"], "12 is not in the range 0<=x<=9"),
        (["--evidence", "out.jpg"], "must end in .png"),
    ],
)
def test_wrong_evidence_options_are_named(options: list[str], message: str) -> None:
    result = run("predict", str(drawing_file(7)), *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_evidence_never_overwrites_the_picture(picture_file: Path) -> None:
    content = picture_file.read_bytes()
    result = run("predict", str(picture_file), "--evidence", str(picture_file))
    assert result.exit_code == 2
    assert "would overwrite" in result.stderr
    assert picture_file.read_bytes() == content


def test_evidence_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    output = tmp_path / "missing" / "evidence.png"
    result = run("predict", str(drawing_file(7)), "--evidence", str(output))
    assert result.exit_code == 1
    assert (
        result.stderr == f"drawn-digits: {output} cannot be written: No such file or directory.\n"
    )


def test_settings_are_listed_with_their_values_and_meanings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_WORKERS", "7")
    monkeypatch.setenv("PORT", "5000")
    result = run("settings")
    assert result.exit_code == 0
    rows = {line.split()[0]: line.split() for line in result.output.splitlines()}
    assert set(rows) == {variable_of(item.name) for item in fields(Settings)}
    assert rows["DRAWN_DIGITS_WORKERS"][1] == "7"
    assert rows["DRAWN_DIGITS_PORT"][1] == "5000"
    assert rows["DRAWN_DIGITS_ACCESS_LOG"][1] == "true"
    assert all(len(row) >= 6 for row in rows.values())


def test_wrong_settings_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAWN_DIGITS_PROT", "8000")
    result = run("serve")
    assert result.exit_code == 1
    assert result.stderr.startswith("drawn-digits: The environment variable DRAWN_DIGITS_PROT")
    assert "Traceback" not in result.output


def test_help_lists_every_command() -> None:
    result = run("--help")
    for command in ("predict", "serve", "data", "train", "evaluate", "export"):
        assert f"\n  {command} " in result.output


def options_of(command: click.Command) -> Iterator[click.Option]:
    """Every option of a command and of those inside of it."""
    yield from (each for each in command.params if isinstance(each, click.Option))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from options_of(inner)


def test_every_option_says_what_it_is() -> None:
    options = list(options_of(main))
    assert len(options) > 40
    assert [option.opts for option in options if not option.help] == []


def test_help_of_training_lists_the_hyperparameters_with_meaning_range_and_default() -> None:
    output = " ".join(run("train", "--help").output.split())
    for field in fields(TrainingConfig):
        assert f"--{field.name.replace('_', '-')} " in output
    assert "Share of the evidence's channels. [default: 0.2; 0<=x<=1]" in output
