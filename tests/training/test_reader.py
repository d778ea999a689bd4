import keras
import numpy as np

from drawn_digits.training.reader import build_reader


def test_the_reader_answers_differently_as_the_ink_looks() -> None:
    reader = build_reader()
    difference = reader.get_layer("evidence_difference")
    difference.set_weights([np.ones_like(weights) for weights in difference.get_weights()])
    ink = np.random.default_rng(0).uniform(size=reader.input[0].shape[1:]).astype(np.float32)[None]
    pen, unsure, paper = (
        keras.ops.convert_to_numpy(reader([ink, np.full((1, 1), logit, np.float32)])["evidence"])
        for logit in (-50, 0, 50)
    )
    assert np.abs(paper - pen).min() > 1e-3
    np.testing.assert_allclose(unsure, (pen + paper) / 2, atol=1e-4)
