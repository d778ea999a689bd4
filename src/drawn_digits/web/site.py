"""The page as plain files, for any web host: the model answers on the visitors' devices."""

import shutil
from pathlib import Path

from flask import Flask

from drawn_digits.errors import SiteError
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.web.assets import ROOT_FILES, STATIC, PageNotBuilt, read_assets
from drawn_digits.web.pages import model_address, render_page

_INDEX = "index.html"


def export_site(folder: Path, recognizer: Recognizer, static: Path = STATIC) -> None:
    """Write the page, its files and the model into ``folder``, which is new, empty or an old site.

    Packed files (``.br``, ``.gz``) lie beside the plain ones, for hosts that send them. All
    addresses are relative, so the site works below any path.

    Raises:
        SiteError: the folder holds something else or cannot be written, or the page is not built.
        ModelError: the model is damaged.
    """
    try:
        _check_folder(folder)
        _write(folder, recognizer, static)
    except PageNotBuilt as error:
        raise SiteError(f"The page is not built yet: run `make serve` once. ({error})") from None
    except OSError as error:
        raise SiteError(f"{folder} cannot be written: {error}. Name another folder.") from None


def _write(folder: Path, recognizer: Recognizer, static: Path) -> None:
    html = _render(static, recognizer)
    shutil.copytree(static / "assets", folder / "static" / "assets", dirs_exist_ok=True)
    for name in ROOT_FILES:
        shutil.copy2(static / name, folder / name)
    model = folder / model_address(recognizer.file)
    model.parent.mkdir(exist_ok=True)
    model.write_bytes(recognizer.file.content)
    (folder / _INDEX).write_text(html, "utf-8")  # last: it names all others


def _check_folder(folder: Path) -> None:
    if folder.is_file():
        raise SiteError(f"{folder} is a file. Name a folder for the site.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / ROOT_FILES[0]).exists():
        raise SiteError(
            f"{folder} holds other files than an exported site. Name a new or an empty folder."
        )


def _render(static: Path, recognizer: Recognizer) -> str:
    app = Flask(__name__, static_folder=None)  # Jinja's templates, and nothing else of it
    with app.app_context():
        return render_page(read_assets(static), recognizer, has_server=False)
