"""What the service says of itself: the model, whether it lives and whether it is ready."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from drawn_digits.settings import LIMITS
from drawn_digits.web.current_model import current_recognizer, describe_reference
from drawn_digits.web.schemas import Health, ModelDescription, Readiness, problem_responses

service = APIBlueprint("service", __name__, tag="service")


@service.get("/api/v1/model")
@service.output(ModelDescription)
@service.doc(operation_id="describe_model")
def describe_model() -> dict[str, Any]:
    """Describe the model that answers, and the limits of what it is asked."""
    recognizer = current_recognizer()
    return describe_reference(recognizer) | {
        "classes": recognizer.model.classes,
        "digit_threshold": recognizer.model.digit_threshold,
        "limits": asdict(LIMITS),
        "metadata": recognizer.model.metadata,
    }


@service.get("/healthz")
@service.output(Health)
@service.doc(operation_id="check_health")
def check_health() -> dict[str, str]:
    """Say that the process is alive."""
    return {"status": "ok"}


@service.get("/readyz")
@service.output(Readiness)
@service.doc(
    responses=problem_responses({503: "The model cannot be used."}), operation_id="check_readiness"
)
def check_readiness() -> dict[str, Any]:
    """Say whether drawings are answered.

    It reads a blank picture, so where it says "ready", the model is loaded and warm.
    """
    recognizer = current_recognizer()
    recognizer.warm_up()
    return {"status": "ready", "model": describe_reference(recognizer)}
