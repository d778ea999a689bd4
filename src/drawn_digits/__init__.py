"""Drawn Digits: draw a digit, get the digit, an honest confidence and the reason."""

from importlib.metadata import version

from drawn_digits.client.answers import Answer
from drawn_digits.client.client import Client
from drawn_digits.errors import DrawnDigitsError, ServiceProblem
from drawn_digits.ink.drawing import Drawing, Point, Stroke
from drawn_digits.ink.pictures import decode_picture
from drawn_digits.ink.rasterize import rasterize
from drawn_digits.recognizer.prediction import Prediction
from drawn_digits.recognizer.recognizer import Recognizer, load_recognizer

__all__ = [
    "Answer",
    "Client",
    "Drawing",
    "DrawnDigitsError",
    "Point",
    "Prediction",
    "Recognizer",
    "ServiceProblem",
    "Stroke",
    "decode_picture",
    "load_recognizer",
    "rasterize",
]

__version__ = version("drawn-digits")
