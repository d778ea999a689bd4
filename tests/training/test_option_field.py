from dataclasses import dataclass, fields

import click
import pytest
from click.testing import CliRunner

from drawn_digits.errors import TrainingError
from drawn_digits.training.option_field import check_fields, click_type, option


@dataclass(frozen=True)
class Recipe:
    """A dish."""

    eggs: int = option(2, "Of hens.", least=1)
    salt: float = option(0.1, "Share of the weight.", most=1)
    pan: str = option("iron", "What it is made in.", choices=("iron", "steel"))
    cook: str = option("", "Who makes it.")

    def __post_init__(self) -> None:
        check_fields(self)


def test_values_in_their_range_are_kept() -> None:
    recipe = Recipe(eggs=1, salt=1, pan="steel", cook="anybody")
    assert (recipe.eggs, recipe.salt, recipe.pan, recipe.cook) == (1, 1, "steel", "anybody")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"eggs": 0}, "eggs is 0; it must be at least 1."),
        ({"salt": 1.5}, "salt is 1.5; it must be from 0 to 1."),
        ({"salt": -0.5}, "salt is -0.5; it must be from 0 to 1."),
        ({"salt": float("nan")}, "salt is nan; it must be from 0 to 1."),
        ({"pan": "clay"}, "pan is clay; it must be iron or steel."),
    ],
)
def test_other_values_are_refused(values: dict[str, float | str], message: str) -> None:
    with pytest.raises(TrainingError) as caught:
        Recipe(**values)  # type: ignore[arg-type]
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("eggs", "0", "0 is not in the range x>=1"),
        ("eggs", "1.5", "'1.5' is not a valid integer range"),
        ("salt", "1.5", "1.5 is not in the range 0<=x<=1"),
        ("pan", "clay", "'clay' is not one of 'iron', 'steel'"),
    ],
)
def test_a_command_refuses_them_too(name: str, given: str, message: str) -> None:
    field = next(field for field in fields(Recipe) if field.name == name)
    command = click.Command("cook", params=[click.Option([f"--{name}"], type=click_type(field))])
    result = CliRunner().invoke(command, [f"--{name}", given])
    assert result.exit_code == 2
    assert message in result.output
