"""Drawings that this device keeps, links that carry one, and files to save."""

import io
import json
import re
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from drawn_digits.ink.drawing import Drawing
from drawn_digits.ink.pictures import decode_picture
from drawn_digits.ink.rasterize import rasterize
from tests.browser.conftest import OpenPage
from tests.browser.driver import DigitPage, hand_made


def bring_blank_picture(page: DigitPage) -> None:
    file = io.BytesIO()
    Image.new("L", (50, 40), 255).save(file, "PNG")
    page.page.set_input_files(
        "#picture-file",
        {"name": "a.png", "mimeType": "image/png", "buffer": file.getvalue()},
    )
    expect(page.page.locator("#answer")).to_have_attribute("data-state", "nothing-drawn")


def draw_some(page: DigitPage, *digits: int) -> None:
    for digit in digits:
        page.draw(hand_made(digit))
        assert page.digit == str(digit)
        page.page.click("#clear")
    page.settle()


def kept(page: DigitPage) -> list[str]:
    """What was read in each kept drawing, the newest first; the dialog stays open."""
    if page.page.locator("#drawings").is_hidden():
        page.page.click("#open-drawings")
    return page.page.locator("#drawings-list .read").all_inner_texts()


def test_drawings_are_kept_on_this_device_over_a_reload(page: DigitPage) -> None:
    draw_some(page, 3, 5)
    page.page.reload()
    page.wait_for_model()
    assert kept(page) == ["5", "3"]
    page.page.locator("#drawings-list .thumbnail").last.click()
    assert page.digit == "3"
    page.draw([[(20, 20), (60, 20)]])  # goes on with the same one
    page.settle()
    assert len(kept(page)) == 2


def test_a_fresh_browser_keeps_nothing_yet(page: DigitPage) -> None:
    assert kept(page) == []
    expect(page.page.locator("#drawings-note")).to_contain_text("on this device only")
    expect(page.page.locator("#drawings-delete-all")).to_be_hidden()


def test_examples_and_pictures_are_not_kept(page: DigitPage) -> None:
    page.page.click("#open-examples")
    page.page.locator("#examples-list .thumbnail").first.click()
    assert page.digit == "0"
    bring_blank_picture(page)
    assert kept(page) == []


def test_kept_drawings_are_deleted_one_by_one_and_all_at_once(page: DigitPage) -> None:
    draw_some(page, 1, 2, 7)
    assert kept(page) == ["7", "2", "1"]
    page.page.get_by_role("button", name="Delete", exact=True).nth(1).click()
    assert kept(page) == ["7", "1"]
    page.page.click("#drawings-undo")
    assert kept(page) == ["7", "2", "1"]
    page.page.click("#drawings-delete-all")
    assert kept(page) == []
    assert page.page.evaluate("document.activeElement.id") == "drawings-undo"
    assert page.page.evaluate("Object.keys(localStorage).filter(k => k.includes('drawing.'))") == []


def test_a_replay_draws_the_same_again_and_ends_with_the_same_answer(page: DigitPage) -> None:
    draw_some(page, 4)
    kept(page)
    page.page.get_by_role("button", name="Replay").click()
    page.page.wait_for_timeout(60)
    part = page.inked()
    expect(page.page.locator(".sign")).to_have_text("4")
    page.wait_until("answer.ariaBusy === 'false'")
    assert part < page.inked()
    assert page.digit == "4"


def test_drawing_stops_a_replay(page: DigitPage) -> None:
    draw_some(page, 4)
    kept(page)
    page.page.get_by_role("button", name="Replay").click()
    page.draw([[(10, 10), (30, 10)]])
    whole = page.inked()
    page.page.wait_for_timeout(1000)
    assert page.inked() == whole
    page.page.click("#undo")
    assert page.digit == "4"


def test_reduced_motion_shows_a_replay_at_once(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    page.draw(hand_made(4))
    page.settle()
    whole = page.inked()
    page.page.click("#clear")
    kept(page)
    page.page.get_by_role("button", name="Replay").click()
    assert page.inked() == whole
    assert page.digit == "4"


def test_what_others_wrote_into_the_storage_is_left_out(page: DigitPage) -> None:
    draw_some(page, 1)
    page.page.evaluate(
        """() => {
            localStorage["drawn-digits.drawing.5"] = "7{}";
            localStorage["drawn-digits.drawing.x"] = "";
            localStorage["drawn-digits.drawing.6"] = "<img src=x>[22,[0,0,0]]";
            localStorage["drawn-digits.drawing.9000000000000000"] = "7[22,[100,100,0,50]]";
            localStorage["drawn-digits.language"] = "tlh";
        }"""
    )
    page.page.reload()
    page.wait_for_model()
    assert page.page.evaluate("document.documentElement.lang") == "en"
    assert kept(page) == ["1"]


def shared_link(page: DigitPage) -> str:
    page.page.click("#open-share")
    link = page.page.locator("#share-link")
    expect(link).to_have_value(re.compile("#d1"))
    return link.input_value()


def test_a_link_carries_the_drawing_to_another_browser(open_page: OpenPage) -> None:
    here = open_page()
    here.draw(hand_made(8))
    here.page.locator("#line-width").fill("17")
    read = here.device_reading()
    link = shared_link(here)
    assert len(link) < 2000
    there = open_page()
    there.page.goto(link)
    there.wait_for_model()
    assert there.digit == "8"
    assert (there.device_reading().pixels == read.pixels).all()
    assert there.page.locator("#line-width").input_value() == "17"
    assert there.page.locator("#line-width-value").inner_text() == "17"


def test_the_link_is_copied(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.draw(hand_made(2))
    page.settle()
    link = shared_link(page)
    page.page.click("#share-copy")
    expect(page.page.locator("#share-hint")).to_have_text("The link is copied.")
    assert page.page.evaluate("navigator.clipboard.readText()") == link


def packed(text: str) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(packer.compress(text.encode()) + packer.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "%3Cscript%3E",
        "AAAA",
        packed("{}"),
        packed(json.dumps([22] + [[1000, 1000, 0, 50]] * 201)),
        packed(json.dumps([22, [1000, 1000, 0, 50] * 20_001])),
        packed("[22,[" + "0," * 2_000_000 + "0]]"),
    ],
    ids=["empty", "script", "noise", "object", "201 strokes", "20,001 points", "bomb"],
)
def test_a_link_that_holds_no_drawing_is_refused_in_words(page: DigitPage, fragment: str) -> None:
    page.page.evaluate("fragment => { location.hash = 'd1.' + fragment; }", fragment)
    expect(page.page.locator(".headline")).to_contain_text("holds no drawing that can be read")
    page.draw(hand_made(1))
    assert page.digit == "1"


def test_a_bad_link_is_refused_in_the_visitor_s_language(open_page: OpenPage) -> None:
    page = open_page(locale="de")
    page.page.goto(page.page.url + "#d1.AAAA")
    page.page.reload()
    expect(page.page.locator(".headline")).to_contain_text("keine lesbare Zeichnung")
    page.wait_for_model()
    assert page.state == "error"
    page.page.select_option("#language", "fr")
    expect(page.page.locator(".headline")).to_contain_text("aucun dessin lisible")


def saved(page: DigitPage, kind: str) -> Path:
    with page.page.expect_download() as download:
        page.page.click(f"#share-{kind}")
    assert download.value.suggested_filename == f"digit.{kind}"
    return Path(download.value.path())


def test_a_drawing_is_saved_as_the_picture_that_was_read_as_json_and_as_svg(
    page: DigitPage,
) -> None:
    page.draw(hand_made(6))
    pixels = page.device_reading().pixels
    page.page.click("#open-share")
    assert (decode_picture(saved(page, "png").read_bytes()) == pixels).all()
    drawing = Drawing.from_json(json.loads(saved(page, "json").read_text()))
    difference = np.abs(rasterize(drawing).astype(int) - pixels).mean()
    assert difference < 0.5
    svg = ElementTree.fromstring(saved(page, "svg").read_text())  # noqa: S314 - our own file
    assert svg.attrib["viewBox"] == "0 0 280 280"


def test_without_strokes_only_a_picture_can_be_saved(page: DigitPage) -> None:
    page.page.click("#open-share")
    buttons = {
        name: page.page.locator(f"#share-{name}").is_disabled()
        for name in ("copy", "png", "svg", "json")
    }
    assert buttons == dict.fromkeys(buttons, True)
    page.page.keyboard.press("Escape")
    bring_blank_picture(page)
    page.page.click("#open-share")
    assert page.page.locator("#share-png").is_enabled()
    assert page.page.locator("#share-svg").is_disabled()
