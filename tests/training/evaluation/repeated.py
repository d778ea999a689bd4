"""The shipped model as a repeat on train and validation would be shipped."""

import json
from pathlib import Path
from typing import Any

import onnx

from drawn_digits.recognizer.model_file import PACKAGED_MODELS
from drawn_digits.training.export import publish


def publish_configured(folder: Path, **configuration: Any) -> None:
    """Write the shipped model into a folder with these fields of its configuration changed."""
    proto = onnx.load(PACKAGED_MODELS / "digits.onnx")
    metadata = {item.key: item.value for item in proto.metadata_props}
    changed = json.loads(metadata["configuration"]) | configuration
    onnx.helper.set_model_props(proto, metadata | {"configuration": json.dumps(changed)})
    publish(proto.SerializeToString(), folder, json.loads(metadata["version"]))
