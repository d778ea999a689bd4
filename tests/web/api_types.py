"""Writes the page's types of the API: ``python -m tests.web.api_types``.

The OpenAPI document is the one that the application serves; openapi-typescript makes the types.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from hatch_build import FRONTEND, install_packages, run_npm

API_TYPES = FRONTEND / "src" / "api.d.ts"

_HEADER = """\
/**
 * The API's requests and answers, from the OpenAPI document that the application serves.
 * After a change of web/schemas.py: `make api-types`.
 */

"""


def write_api_types(target: Path) -> None:
    """Write the types into the file ``target``."""
    install_packages()
    with TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(openapi_document())
        run_npm("run", "--silent", "api-types", "--", str(document), "--output", str(target))
    target.write_text(_HEADER + target.read_text("utf-8"), "utf-8")


def openapi_document() -> bytes:
    """The document as a client gets it, without a server."""
    response = create_app(Settings()).test_client().get("/api/openapi.json")
    assert response.status_code == 200
    document: bytes = response.data
    return document


if __name__ == "__main__":
    write_api_types(API_TYPES)
