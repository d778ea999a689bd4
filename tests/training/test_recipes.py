import keras
import numpy as np
import pytest

from drawn_digits.training.config import TrainingConfig
from drawn_digits.training.recipes import (
    MNIST_CONFIG,
    MNIST_MARGIN,
    compile_evidence_model,
    cosine_decay,
    evidence_recipe,
    mnist_arguments,
    mnist_recipe,
    stored_ink,
)
from drawn_digits.training.samples import NOT_A_DIGIT, Samples, mnist_samples
from drawn_digits.training.training_samples import paint


def test_a_model_learns_the_questions_that_it_answers() -> None:
    image, ink = stored_ink()
    evidence = keras.layers.Dense(10)(keras.ops.reshape(ink, (-1, 7, 7, 16)))
    config = TrainingConfig()
    model = compile_evidence_model(
        image, {"evidence": evidence}, config, cosine_decay(config, 10, epochs=1)
    )
    assert set(model.output) == {"logits"}
    images = np.zeros((4, 28, 28), np.uint8)
    expected = keras.ops.convert_to_numpy(model(images)["logits"])
    assert expected.shape == (4, 10)
    loss = model.evaluate(images, {"logits": np.eye(10)[:4]}, verbose=0, return_dict=True)["loss"]
    assert loss == pytest.approx(np.log(10), abs=0.2)


def test_the_learning_rate_rises_falls_and_stays() -> None:
    config = TrainingConfig(learning_rate=2.0, warmup_epochs=0.5)
    rate = cosine_decay(config, steps_an_epoch=100, epochs=2.5, lowest=0.1)
    seen = [float(rate(step)) for step in (0, 25, 50, 150, 250, 290)]
    assert seen == pytest.approx([0.02, 1.01, 2.0, 1.1, 0.2, 0.2], rel=1e-5)


@pytest.mark.usefixtures("data_folder")
def test_the_margin_that_is_cut_off_holds_one_thirtieth_of_mnist_s_ink() -> None:
    images = mnist_samples("train").images
    inner = images[:, MNIST_MARGIN:-MNIST_MARGIN, MNIST_MARGIN:-MNIST_MARGIN]
    kept = inner.sum(dtype=np.int64) / images.sum(dtype=np.int64)
    assert kept == pytest.approx(1 - 1 / 30, abs=0.001)


@pytest.mark.usefixtures("data_folder")
def test_the_shipped_network_learns_mnist_alone_in_few_steps() -> None:
    keras.utils.set_random_seed(1)
    recipe = mnist_recipe(MNIST_CONFIG)
    images, targets, weights = recipe.epoch(0)
    some = slice(0, 60 * MNIST_CONFIG.batch_size)
    recipe.model.fit(
        images[some],
        {"logits": targets["logits"][some]},
        sample_weight={"logits": weights["logits"][some]},
        batch_size=MNIST_CONFIG.batch_size,
        verbose=0,
    )
    images, targets, _ = recipe.validation
    logits = recipe.model.predict(images[:1000], verbose=0)["logits"]
    assert (logits.argmax(1) == targets["logits"][:1000].argmax(1)).mean() > 0.5


def test_of_mnist_s_images_alone_its_reader_is_asked_which_digit_they_are() -> None:
    labels = np.array([3, 3, NOT_A_DIGIT])  # MNIST's, a pen's, and none
    is_mnist = np.array([True, False, False])
    _, targets, weights = mnist_arguments(
        Samples(np.zeros((3, 28, 28), np.uint8), labels, is_mnist)
    )
    assert weights["logits"].tolist() == [1, 0, 0]
    assert weights["digit_logit"].tolist() == [1, 1, 1]
    assert targets["digit_logit"].ravel().tolist() == [1, 1, 0]


@pytest.mark.usefixtures("data_folder")
def test_mnist_s_reader_goes_on_from_the_other_which_stays() -> None:
    config = TrainingConfig(
        max_samples=20,
        digit_variants=1,
        typeface_variants=1,
        non_digit_variants=1,
        made_non_digits=20,
        made_pages=20,
        mnist_epochs=1,
        batch_size=16,
    )
    first = evidence_recipe(config, paint(config))
    assert first.then
    second = first.then()
    parts = [second.network.get_layer(n) for n in ("mnist_detector", "reader", "mnist_reader")]
    before = [part.get_weights() for part in parts]
    for pens, mnist in zip(*before[1:], strict=True):
        np.testing.assert_array_equal(pens, mnist)
    rate, steps = second.model.optimizer._learning_rate, second.steps_an_epoch
    rates = [float(rate(step)) for step in range(steps + 1)]
    assert max(rates) == pytest.approx(config.mnist_learning_rate)
    assert rates[-1] == pytest.approx(0, abs=1e-9)
    images, targets, weights = second.epoch(0)
    second.model.fit(images, targets, sample_weight=weights, verbose=0)
    changed = [
        any((old != new).any() for old, new in zip(old, part.get_weights(), strict=True))
        for old, part in zip(before, parts, strict=True)
    ]
    assert changed == [False, False, True]
