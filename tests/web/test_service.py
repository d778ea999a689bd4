from flask.testing import FlaskClient

from drawn_digits.recognizer.model_file import ModelFile
from drawn_digits.recognizer.recognizer import Recognizer
from drawn_digits.settings import LIMITS, Settings
from drawn_digits.web.app import create_app
from drawn_digits.web.current_model import RECOGNIZER
from tests.web.ink_samples import ONE, strokes
from tests.web.test_api import assert_problem


def test_the_model_describes_itself(client: FlaskClient) -> None:
    model = client.get("/api/v1/model").get_json()
    assert model["classes"] == [str(digit) for digit in range(10)]
    assert 0 < model["digit_threshold"] < 1
    assert model["limits"]["points"] == LIMITS.points
    answer = client.post("/api/v1/predictions", json=strokes(*ONE)).get_json()
    assert answer["model"] == {key: model[key] for key in ("name", "version", "sha256")}


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_ready_is_who_answers_and_by_which_model(client: FlaskClient) -> None:
    ready = client.get("/readyz").get_json()
    model = client.get("/api/v1/model").get_json()
    assert ready["status"] == "ready"
    assert ready["model"] == {key: model[key] for key in ("name", "version", "sha256")}


def test_who_lives_without_a_usable_model_is_not_ready() -> None:
    app = create_app(Settings())
    RECOGNIZER.set(app, Recognizer(ModelFile(b"no model", "0", "0" * 64)))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert_problem(client.get("/readyz"), 503, "invalid-model")
    assert_problem(client.post("/api/v1/predictions", json=strokes(*ONE)), 503, "invalid-model")
