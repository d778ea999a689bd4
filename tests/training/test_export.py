import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path

import h5py
import keras
import numpy as np
import onnx
import pytest
from click.testing import CliRunner

from drawn_digits.cli import main
from drawn_digits.errors import TrainingError
from drawn_digits.recognizer.model_file import PACKAGED_MODELS, ModelFile, read_model_file
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer
from drawn_digits.training.calibrate import Calibration, load_network
from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.export import (
    describe_run,
    export_run,
    export_weights,
    publish,
    write_onnx,
)
from drawn_digits.training.network import build_evidence_network
from drawn_digits.training.origin import describe_origin
from drawn_digits.training.proof import LARGEST_FILE, compare, prove
from drawn_digits.training.recognizer_model import build_recognizer_model, load_recognizer_model
from drawn_digits.training.run_folder import RunFolder
from drawn_digits.training.whole_file import write_whole
from tests.training.drawn_network import draw_network

WEIGHTS = Path(__file__).parents[2] / "weights" / "digits.keras"
PENS, MNIST = np.linspace(-1, 1, 10), np.linspace(2, -2, 10)
CALIBRATION = Calibration(
    1.2, tuple(PENS.tolist()), tuple(MNIST.tolist()), 0.9, 0.3, 0.99, 0.05, 0.6
)


def save_run(folder: Path, seed: int = 1, chosen_run: str = "") -> RunFolder:
    """A run as training leaves it, with weights that were drawn and not learned."""
    run = RunFolder(folder)
    run.open(TrainingConfig(chosen_run=chosen_run))
    draw_network(seed).save_weights(run.best_weights)
    write_whole(run.calibration_file, json.dumps(asdict(CALIBRATION)))
    return run


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    save_run(folder / "run")
    export_run(folder / "run", folder / "models", folder / "digits.keras", "9.9.9")
    return folder


def test_an_exported_model_can_be_loaded_by_its_pointer(exported: Path) -> None:
    model = load_recognizer(exported / "models").model
    assert model.version == "9.9.9"
    assert model.digit_threshold == CALIBRATION.digit_threshold
    assert model.metadata["ink_side"] == 20
    assert model.metadata["training_data"] == describe_origin()["training_data"]


def test_the_exported_file_answers_as_calibrated(exported: Path) -> None:
    """The oracle is NumPy, over what the network itself says of the ink."""
    picture = np.random.default_rng(0).integers(0, 256, (60, 40), dtype=np.uint8)
    prediction = load_recognizer(exported / "models").predict([picture])[0]
    outputs = load_network(RunFolder(exported / "run"))(prediction.ink[None])
    said = {name: keras.ops.convert_to_numpy(output)[0] for name, output in outputs.items()}
    mnist_share = 1 / (1 + np.exp(-said["mnist_logit"]))
    logits = said["evidence"].mean(axis=(0, 1)) / 1.2
    odds = np.exp(logits + (1 - mnist_share) * PENS + mnist_share * MNIST)
    np.testing.assert_allclose(prediction.probabilities, odds / odds.sum(), atol=1e-4)
    digit_probability = 1 / (1 + np.exp(-0.9 * said["digit_logit"]))
    assert prediction.digit_probability == pytest.approx(float(digit_probability), abs=1e-4)


def test_the_exported_file_has_the_contract_s_names_and_types(exported: Path) -> None:
    graph = onnx.load(str(exported / "models" / "digits.onnx")).graph
    image = graph.input[0]
    assert image.name == "image"
    assert image.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    dimensions = [d.dim_param for d in image.type.tensor_type.shape.dim]
    assert dimensions == ["batch", "height", "width"]
    assert {output.name for output in graph.output} == {
        "probabilities",
        "digit_probability",
        "ink",
        "placement",
        "evidence",
    }


def test_the_saved_keras_model_and_the_file_agree(exported: Path) -> None:
    model = load_recognizer_model(exported / "digits.keras")
    assert_agreement(model, load_recognizer(exported / "models"))


def test_the_shipped_file_comes_from_the_shipped_weights() -> None:
    model = load_recognizer_model(WEIGHTS)
    assert_agreement(model, load_recognizer())
    shipped = read_model_file()
    prove(shipped.content, model, shipped.version)


def test_the_shipped_weights_are_exported_anew_and_name_the_version_that_was_trained(
    tmp_path: Path,
) -> None:
    shutil.copytree(PACKAGED_MODELS, tmp_path, dirs_exist_ok=True)
    options = ["--from-weights", "--weights", str(WEIGHTS), "--models", str(tmp_path)]
    result = CliRunner().invoke(main, ["export", "--version", "9.9.10", *options])
    assert result.exit_code == 0, result.output
    assert result.stdout == f"Wrote {tmp_path / 'digits.onnx'} from {WEIGHTS}.\n"
    anew, shipped = load_recognizer(tmp_path).model, load_recognizer().model
    trained = shipped.metadata.get("weights_of", shipped.version)
    assert dict(anew.metadata) == {
        **shipped.metadata,
        "version": "9.9.10",
        "weights_of": trained,
    }


def test_weights_of_another_model_are_not_exported(exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported / "models", tmp_path, dirs_exist_ok=True)
    with pytest.raises(TrainingError, match="ONNX Runtime and Keras differ"):
        export_weights(WEIGHTS, tmp_path, "1")
    with pytest.raises(TrainingError, match="former export wrote"):
        export_weights(tmp_path / "none.keras", tmp_path, "1")
    assert load_recognizer(tmp_path).model.version == "9.9.9"


def test_the_shipped_weights_hold_no_optimizer_state() -> None:
    with zipfile.ZipFile(WEIGHTS) as archive:
        weights = h5py.File(io.BytesIO(archive.read("model.weights.h5")))
    assert "layers" in weights
    assert "optimizer" not in weights


def test_the_shipped_file_is_at_most_one_and_a_half_megabytes() -> None:
    assert (PACKAGED_MODELS / "digits.onnx").stat().st_size <= LARGEST_FILE == 1_500_000


def assert_agreement(model: keras.Model, recognizer: Recognizer) -> None:
    rng = np.random.default_rng(5)
    for batch, height, width in ((1, 28, 28), (7, 280, 280), (7, 33, 90), (5, 8, 8)):
        pictures = rng.integers(0, 256, (batch, height, width)).astype(np.uint8)
        pictures[:, : height // 2] = 255
        assert compare(model, recognizer, pictures) < 1e-4


def test_a_file_that_answers_otherwise_is_refused(exported: Path, tmp_path: Path) -> None:
    content = read_model_file(exported / "models").content
    other = build_recognizer_model(build_evidence_network(), 1.0)
    with pytest.raises(TrainingError, match="ONNX Runtime and Keras differ"):
        prove(content, other, "1")


def test_a_file_whose_outputs_are_no_numbers_is_refused(exported: Path) -> None:
    content = read_model_file(exported / "models").content
    odd = build_recognizer_model(build_evidence_network(), temperature=float("nan"))
    with pytest.raises(TrainingError, match="differ by up to nan"):
        prove(content, odd, "1")


def test_a_file_one_of_whose_readers_was_asked_nothing_is_refused(tmp_path: Path) -> None:
    run = save_run(tmp_path / "run")
    network = load_network(run)
    network.get_layer("mnist_detector").layers[-1].bias.assign([100.0])
    network.save_weights(run.best_weights)
    with pytest.raises(TrainingError, match="64 were taken for MNIST's"):
        export_run(run.path, tmp_path / "models", tmp_path / "digits.keras", "1")
    assert not (tmp_path / "models").exists()


def test_a_file_that_is_too_large_is_refused(exported: Path) -> None:
    content = read_model_file(exported / "models").content
    with pytest.raises(TrainingError, match="1500001 bytes"):
        prove(content + b"\0" * (LARGEST_FILE + 1 - len(content)), keras.Model(), "1")


def test_the_classic_network_is_not_exported(tmp_path: Path) -> None:
    RunFolder(tmp_path).open(TrainingConfig(network="classic"))
    with pytest.raises(TrainingError, match="classic network"):
        export_run(tmp_path, tmp_path / "models", tmp_path / "digits.keras", "1")
    assert not (tmp_path / "models").exists()


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no training run"):
        export_run(tmp_path, tmp_path / "models", tmp_path / "digits.keras", "1")


def test_a_run_that_is_not_finished_is_refused(tmp_path: Path) -> None:
    run = save_run(tmp_path)
    run.calibration_file.unlink()
    with pytest.raises(TrainingError, match="not finished"):
        export_run(tmp_path, tmp_path / "models", tmp_path / "digits.keras", "1")


def test_the_file_names_the_chosen_run_and_no_folder_of_the_machine(tmp_path: Path) -> None:
    chosen = save_run(tmp_path / "chosen")
    repeat = save_run(tmp_path / "repeat", chosen_run=str(chosen.path))
    for run, name in ((chosen, ""), (repeat, "chosen")):
        metadata = describe_run(run, CALIBRATION, "1")
        assert metadata["configuration"]["chosen_run"] == name
        assert str(tmp_path) not in json.dumps(metadata)


def test_publishing_replaces_the_pointer_after_the_file(tmp_path: Path) -> None:
    publish(b"one", tmp_path, "1")
    publish(b"two", tmp_path, "2")
    assert read_model_file(tmp_path) == ModelFile(b"two", "2", hashlib.sha256(b"two").hexdigest())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "digits.onnx"]


def test_temperature_and_digit_scale_are_inside_the_file(tmp_path: Path) -> None:
    run = save_run(tmp_path / "run", seed=3)
    network = build_evidence_network()
    picture = np.full((1, 40, 40), 255, np.uint8)
    picture[0, 10:30, 18:24] = 0
    logits = []
    for temperature in (1.0, 2.0):
        model = build_recognizer_model(network, temperature)
        path = tmp_path / f"{temperature}.onnx"
        write_onnx(model, path, describe_run(run, CALIBRATION, "1"))
        content = path.read_bytes()
        recognizer = Recognizer(ModelFile(content, "1", hashlib.sha256(content).hexdigest()))
        probabilities = recognizer.predict(list(picture))[0].probabilities
        logits.append(np.log(probabilities) - np.log(probabilities).mean())
    np.testing.assert_allclose(logits[0], logits[1] * 2, atol=1e-4)
