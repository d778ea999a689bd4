import numpy as np
import pytest

from drawn_digits.errors import DataDamaged
from drawn_digits.training.data.unipen_format import Document, Segment, parse_unipen


def parse(text: str, **included: str) -> Document:
    return parse_unipen(text, lambda path: included[path.replace(".", "_")])


def line(document: Document, number: int = 0) -> list[list[list[float]]]:
    return [points.tolist() for points in document.lines(document.segments[number])]


def test_a_segment_names_its_components() -> None:
    document = parse('.SEGMENT DIGIT 1 OK "7"\n.PEN_DOWN\n1 2\n.PEN_DOWN\n3 4\n 5 6\n')
    assert document.segments == [Segment("DIGIT", (1,), "OK", "7")]
    assert line(document) == [[[3, 4], [5, 6]]]


def test_empty_components_are_not_counted_and_pen_up_is_counted_but_not_drawn() -> None:
    pen = ".PEN_DOWN\n1 1\n.PEN_UP\n.PEN_DOWN\n2 2\n.PEN_UP\n9 9\n.PEN_DOWN\n3 3\n.PEN_UP\n"
    document = parse(f'.SEGMENT CHARACTER 1-3 ? "4"\n{pen}')
    assert line(document) == [[[2, 2]], [[3, 3]]]


@pytest.mark.parametrize(
    ("written", "numbers"), [("3", (3,)), ("2-2", (2,)), ("0-2", (0, 1, 2)), ("0-1,4", (0, 1, 4))]
)
def test_component_numbers_are_single_ranges_or_lists(
    written: str, numbers: tuple[int, ...]
) -> None:
    assert parse(f'.SEGMENT WORD {written} OK "a"').segments[0].components == numbers


def test_an_include_stands_where_it_is_written() -> None:
    document = parse(
        '.SEGMENT DIGIT 1 OK "1"\n.PEN_DOWN\n0 0\n.INCLUDE a.dat\n.PEN_DOWN\n2 2\n',
        a_dat=".INCLUDE b.dat\n",
        b_dat=".PEN_DOWN\n1 1\n.WRITER_ID eve\n.PEN_DOWN\n5 5\n",
    )
    assert line(document) == [[[1, 1]]]
    assert [component.writer for component in document.components] == ["", "", "eve", "eve"]


def test_coord_says_where_x_and_y_are() -> None:
    document = parse('.SEGMENT DIGIT 0 OK "1"\n.COORD T Y P X\n.PEN_DOWN\n0 20 .5 10\n9 40 .5 30')
    assert line(document) == [[[10, 20], [30, 40]]]


def test_without_coord_columns_are_x_and_y_and_numbers_may_be_fractions() -> None:
    assert line(parse('.SEGMENT DIGIT 0 OK "1"\n.PEN_DOWN\n.5 -1.25\n')) == [[[0.5, -1.25]]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(ending: str) -> None:
    text = '.COORD X Y\n.SEGMENT DIGIT 0 OK "1" \n.COMMENT 1 2 3\n.PEN_DOWN\n1 2\n3 4\n.PEN_UP\n'
    document = parse(text.replace("\n", ending))
    assert document.segments == [Segment("DIGIT", (0,), "OK", "1", "1 2 3")]
    assert line(document) == [[[1, 2], [3, 4]]]


@pytest.mark.parametrize(("written", "label"), [(r"\"", '"'), (r"\\", "\\"), ("é", "é"), ("", "")])
def test_labels_are_unescaped(written: str, label: str) -> None:
    assert parse(f'.SEGMENT CHARACTER 0 OK "{written}"').segments[0].label == label


def test_points_are_float64_of_two_columns() -> None:
    points = parse(".PEN_DOWN\n1 2\n3 4\n").components[0].points()
    assert points.dtype == np.float64
    assert points.shape == (2, 2)


@pytest.mark.parametrize(
    "text",
    [
        ".SEGMENT DIGIT 0",
        '.SEGMENT DIGIT 3:10-5:2 OK "1"',
        '.SEGMENT DIGIT 5-3 OK "1"',
        '.SEGMENT DIGIT a OK "1"',
        '.SEGMENT DIGIT 0-99999999999 OK "1"',
        ".COORD T Y",
    ],
)
def test_a_statement_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(DataDamaged):
        parse(text)


@pytest.mark.parametrize("numbers", ["1 2 3", "1 b"])
def test_numbers_that_are_no_rows_are_named(numbers: str) -> None:
    with pytest.raises(DataDamaged, match="rows of X Y"):
        parse(f".PEN_DOWN\n{numbers}\n").components[0].points()


def test_a_segment_beyond_the_last_component_is_named() -> None:
    document = parse('.SEGMENT DIGIT 0-1 OK "4"\n.PEN_DOWN\n1 1\n')
    with pytest.raises(DataDamaged, match="cut short"):
        document.lines(document.segments[0])


def test_a_file_that_includes_itself_ends() -> None:
    with pytest.raises(DataDamaged, match="include each other"):
        parse(".INCLUDE a.dat", a_dat=".INCLUDE a.dat")
