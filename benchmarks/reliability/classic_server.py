"""The classic way: ``model.predict`` for each request, behind Flask's development server.

The weights are untrained, which takes the same time. ``python -m ...classic_server PORT``.
"""

import io
import sys

import numpy as np
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from PIL import Image

from drawn_digits.training.classic_network import build_classic_network
from drawn_digits.training.evaluation.classic import shrink


def create_classic_app() -> Flask:
    app = Flask(__name__)
    model = build_classic_network()

    @app.post("/api/v1/predictions")
    def predict() -> ResponseReturnValue:
        picture = np.asarray(Image.open(io.BytesIO(request.get_data())).convert("L"))
        probabilities = model.predict(shrink(picture)[None, ..., None], verbose=0)[0]
        return jsonify(digit=int(probabilities.argmax()), probabilities=probabilities.tolist())

    return app


if __name__ == "__main__":
    create_classic_app().run(port=int(sys.argv[1]))
