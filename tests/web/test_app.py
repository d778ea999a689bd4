"""The application as a whole: the OpenAPI document, problems, what it imports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from drawn_digits.errors import (
    AnimatedPicture,
    DataMissing,
    DrawnDigitsError,
    InvalidDrawing,
    ModelError,
    PictureTooLarge,
)
from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
from drawn_digits.web.problems import EmptyBody, status_of


def test_the_openapi_document_describes_three_request_forms_and_no_other_origin(
    client: FlaskClient,
) -> None:
    response = client.get("/api/openapi.json")
    document = response.get_json()
    predict = document["paths"]["/api/v1/predictions"]["post"]
    assert document["openapi"].startswith("3.1")
    assert set(predict["requestBody"]["content"]) == {
        "application/json",
        "image/png",
        "image/jpeg",
        "image/webp",
    }
    statuses = {"200", "400", "408", "413", "414", "415", "422", "429", "503"}
    assert set(predict["responses"]) == statuses
    assert b"http" not in response.data.replace(b'"/healthz"', b"")


def test_every_reference_in_the_openapi_document_leads_somewhere(client: FlaskClient) -> None:
    text = client.get("/api/openapi.json").get_data(as_text=True)
    schemas = json.loads(text)["components"]["schemas"]
    references = set(text.split('"#/components/schemas/')[1:])
    names = {reference.split('"')[0] for reference in references}
    assert {"Answer", "Strokes", "Point", "PictureAsDataUrl", "Problem"} <= names
    assert names <= set(schemas)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_documentation_page_from_another_origin_is_served(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_the_status_is_that_of_the_nearest_known_ancestor() -> None:
    class NewKindOfDrawingError(InvalidDrawing):
        pass

    assert status_of(NewKindOfDrawingError()) == 422
    assert status_of(AnimatedPicture()) == 422
    assert status_of(PictureTooLarge()) == 413
    assert status_of(EmptyBody()) == 400
    assert status_of(ModelError()) == 503
    assert status_of(DataMissing()) == 500
    assert status_of(DrawnDigitsError()) == 500


def test_a_missing_model_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="current"):
        create_app(Settings(model_folder=tmp_path))


def test_answering_imports_neither_keras_nor_tensorflow() -> None:
    program = """
import sys
from drawn_digits.settings import Settings
from drawn_digits.web.app import create_app
body = {"strokes": [[{"x": 1, "y": 1}, {"x": 1, "y": 90}]]}
answer = create_app(Settings()).test_client().post("/api/v1/predictions", json=body)
assert answer.status_code == 200, answer.data
heavy = {"keras", "tensorflow", "matplotlib", "onnx", "cv2", "rich", "requests"}
print(sorted(heavy & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", ["/api/v1/predictions", "/api/v1/predictions/batch"])
def test_the_document_says_when_to_ask_again(client: FlaskClient, path: str) -> None:
    responses = client.get("/api/openapi.json").get_json()["paths"][path]["post"]["responses"]
    assert [status for status in responses if "headers" in responses[status]] == ["429", "503"]
    assert responses["429"]["headers"]["Retry-After"]["schema"]["type"] == "integer"
