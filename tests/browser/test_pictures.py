"""Pictures from outside: chosen, pasted, dropped or taken, shrunk and stripped of all else."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Request, expect

from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.pictures import decode_picture
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.recognizer import load_recognizer
from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made

ORIENTATION, MAKER, SIXTH = 0x0112, 0x010F, 6


def ink(digit: int) -> Image.Image:
    strokes = tuple(Stroke(tuple(Point(x, y) for x, y in line)) for line in hand_made(digit))
    return Image.fromarray(rasterize(Drawing(strokes, width=280, height=280, line_width=22)))


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def chosen(page: DigitPage, content: bytes) -> None:
    file = {"name": "digit.png", "mimeType": "image/png", "buffer": content}
    page.page.set_input_files("#picture-file", file)  # type: ignore[arg-type]


def handed_over(page: DigitPage, content: bytes, event: str) -> None:
    """As the browser hands over what is pasted or dropped."""
    page.page.evaluate(
        """([content, kind]) => {
            const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "digit.png", { type: "image/png" }));
            const event = kind === "paste"
                ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true })
                : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
        }""",
        [base64.b64encode(content).decode(), event],
    )


def pasted(page: DigitPage, content: bytes) -> None:
    handed_over(page, content, "paste")


def dropped(page: DigitPage, content: bytes) -> None:
    handed_over(page, content, "dragover")
    expect(page.page.locator(".drop")).to_be_visible()
    handed_over(page, content, "drop")
    expect(page.page.locator(".drop")).to_be_hidden()


@pytest.mark.parametrize("bring", [chosen, pasted, dropped])
def test_a_picture_is_read_and_shown(
    page: DigitPage, bring: Callable[[DigitPage, bytes], None]
) -> None:
    bring(page, encoded(ink(5)))
    expect(page.page.locator(".sign")).to_have_text("5")
    assert 0.02 < page.inked() < 0.2


def drag(page: DigitPage, file: Path) -> None:
    """A file over the middle of the page, let go there, as the system's own drag does it."""
    session = page.page.context.new_cdp_session(page.page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
    session.detach()


def test_over_a_dialog_a_file_is_neither_read_nor_left_to_the_browser(
    page: DigitPage, tmp_path: Path
) -> None:
    """The browser would go to the file; without a window of its own, here, it does not."""
    file = tmp_path / "digit.png"
    file.write_bytes(encoded(ink(5)))
    page.page.evaluate(
        """addEventListener("dragover", (event) => {
            window.said = [event.defaultPrevented, event.dataTransfer.dropEffect];
        })"""
    )
    page.page.get_by_role("button", name="Examples").click()
    drag(page, file)
    assert page.page.evaluate("said") == [True, "none"]
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".sign")).to_have_text("")
    drag(page, file)
    expect(page.page.locator(".sign")).to_have_text("5")
    assert page.page.evaluate("said")[0]


def sent_by(page: DigitPage, content: bytes) -> bytes:
    with page.page.expect_request("**/api/v1/predictions*") as sent:
        chosen(page, content)
    request: Request = sent.value
    return request.post_data_buffer or b""


def test_the_server_gets_grey_pixels_of_1024_at_most_and_nothing_else(
    served_page: DigitPage,
) -> None:
    exif = Image.Exif()
    exif[MAKER] = "Secret maker"
    exif[ORIENTATION] = SIXTH  # the camera lay on its side
    lying = ink(4).convert("RGB").resize((1600, 1200)).transpose(Image.Transpose.ROTATE_90)
    sent = sent_by(served_page, encoded(lying, "JPEG", exif=exif, quality=90))
    picture = Image.open(io.BytesIO(sent))
    assert picture.size == (1024, 768)
    assert (b"Secret" in sent, b"Exif" in sent, b"eXIf" in sent) == (False, False, False)
    red, green, blue = np.asarray(picture.convert("RGB")).transpose(2, 0, 1)
    assert (red == green).all()
    assert (green == blue).all()
    assert served_page.digit == "4"


def test_the_device_reads_a_picture_as_the_library_does(page: DigitPage) -> None:
    picture = Image.merge("RGB", [ink(2), ink(2).point(lambda v: v // 2), ink(2)]).crop(
        (40, 0, 240, 280)
    )
    content = encoded(picture)
    chosen(page, content)
    expect(page.page.locator(".sign")).to_have_text("2")
    read: list[float] = page.page.evaluate("[...lastRead.outputs.probabilities]")
    pixels: list[int] = page.page.evaluate("[...lastRead.pixels]")
    grey = decode_picture(content)
    assert grey.shape == (280, 200)
    assert np.abs(np.array(pixels).reshape(280, 200) - grey).max() <= 1  # luma, rounded twice
    np.testing.assert_allclose(read, load_recognizer().predict([grey])[0].probabilities, atol=1e-3)


def test_the_evidence_lies_on_a_picture_that_is_not_square(page: DigitPage) -> None:
    wide = Image.new("L", (560, 280), 255)
    wide.paste(ink(3), (280, 0))
    chosen(page, encoded(wide))
    expect(page.page.locator(".sign")).to_have_text("3")
    page.page.click("#why")
    middle = page.page.evaluate(
        """() => {
            const { width, height } = evidence;
            const { data } = evidence.getContext("2d").getImageData(0, 0, width, height);
            let [sum, x] = [0, 0];
            for (let i = 3; i < data.length; i += 4) {
                sum += data[i];
                x += data[i] * (((i >> 2) % width) / width);
            }
            return x / sum;
        }"""
    )
    assert middle == pytest.approx(0.75, abs=0.08)


def test_drawing_puts_the_picture_away_and_undo_brings_it_back(page: DigitPage) -> None:
    chosen(page, encoded(ink(5)))
    expect(page.page.locator(".sign")).to_have_text("5")
    page.draw(hand_made(1))
    assert page.digit == "1"
    page.page.click("#undo")
    assert page.digit == "5"
    page.page.click("#undo")
    assert page.state == "empty"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a no more", "is no picture that this browser can read."),
        (encoded(ink(1))[:200], "is no picture that this browser can read."),
        (encoded(ink(1).resize((7, 90))), "The picture is 7 by 90 pixels"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_the_drawing_stays(
    page: DigitPage, content: bytes, words: str
) -> None:
    page.draw(hand_made(7))
    chosen(page, content)
    expect(page.page.locator(".headline")).to_contain_text(words)
    assert page.inked() > 0.02
    page.page.click("#retry")
    assert page.digit == "7"


def test_the_camera_takes_a_picture_and_stops(open_page: OpenPage) -> None:
    page = open_page(permissions=["camera"])
    page.page.click("#open-camera")
    page.wait_until("!document.getElementById('camera-take').disabled")
    page.page.evaluate("""() => {
        globalThis.track = document.getElementById("camera-view").srcObject.getTracks()[0];
    }""")
    expect(page.page.locator("#camera-hint")).to_contain_text("stays on this device")
    page.page.click("#camera-take")
    expect(page.page.locator("#camera")).to_be_hidden()
    assert page.page.evaluate("track.readyState") == "ended"
    page.settle()
    assert page.state in ("answer", "not-a-digit")  # Chromium's test picture: rings that turn
    assert page.page.evaluate("document.getElementById('camera-view').srcObject") is None
    read = page.page.evaluate("lastRead.pixels.length")
    assert read in (640 * 480, 1024 * 768)


def test_a_camera_that_is_allowed_too_late_is_switched_off(open_page: OpenPage) -> None:
    page = open_page(permissions=["camera"])
    page.page.evaluate(
        """() => {
            const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            globalThis.tracks = [];
            navigator.mediaDevices.getUserMedia = async (wish) => {
                await new Promise((resolve) => setTimeout(resolve, 300));
                const stream = await open(wish);
                tracks.push(stream.getTracks()[0]);
                return stream;
            };
        }"""
    )
    page.page.click("#open-camera")
    page.page.keyboard.press("Escape")
    page.page.click("#open-camera")
    page.wait_until("!document.getElementById('camera-take').disabled && tracks.length === 2")
    states = page.page.evaluate("tracks.map((track) => track.readyState)")
    assert sorted(states) == ["ended", "live"]
    page.page.keyboard.press("Escape")
    page.wait_until("tracks.every((track) => track.readyState === 'ended')")


def test_while_the_server_answers_nobody_says_that_a_picture_stays_here(
    served_page: DigitPage,
) -> None:
    served_page.page.click("#open-camera")
    expect(served_page.page.locator("#camera-hint")).to_contain_text("Hold the digit")
    assert "stays" not in served_page.page.locator("#camera-hint").inner_text()


def test_a_camera_that_is_refused_says_so(page: DigitPage) -> None:
    page.page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia =
            () => Promise.reject(new DOMException("Permission denied", "NotAllowedError")); }"""
    )
    page.page.click("#open-camera")
    expect(page.page.locator("#camera-hint")).to_contain_text("No camera can be used here")
    page.page.keyboard.press("Escape")
    page.draw(hand_made(1))
    assert page.digit == "1"
