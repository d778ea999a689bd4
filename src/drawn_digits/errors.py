"""Every error that a user can cause, by name.

A message says what came, what was expected and how to mend it. ``slug`` is the stable,
machine-readable name: the HTTP API gives it as the problem's ``type``, the command line prints
it with ``--json``. Errors know nothing of HTTP or exit codes; the edges map them.
"""


class DrawnDigitsError(Exception):
    """Base of all errors that this package raises on purpose."""

    slug = "error"


class InvalidInput(DrawnDigitsError):
    """What was handed over cannot be read as a drawing or a picture."""

    slug = "invalid-input"


class UnreadableFile(InvalidInput):
    """A file that was named is missing or cannot be opened."""

    slug = "unreadable-file"


class InvalidDrawing(InvalidInput):
    """The strokes do not have the documented form, or hold a number that is not finite."""

    slug = "invalid-drawing"


class TooManyStrokes(InvalidDrawing):
    slug = "too-many-strokes"


class TooManyPoints(InvalidDrawing):
    slug = "too-many-points"


class InvalidPicture(InvalidInput):
    """The bytes are not a picture that can be read."""

    slug = "invalid-picture"


class UnsupportedPictureFormat(InvalidPicture):
    slug = "unsupported-picture-format"


class DamagedPicture(InvalidPicture):
    slug = "damaged-picture"


class AnimatedPicture(InvalidPicture):
    slug = "animated-picture"


class PictureTooLarge(InvalidPicture):
    """More encoded bytes, or more pixels, than the limits in ``settings`` allow."""

    slug = "picture-too-large"


class PictureTooSmall(InvalidPicture):
    slug = "picture-too-small"


class NothingDrawn(InvalidInput):
    """A drawing without points, or a picture without ink."""

    slug = "nothing-drawn"


class UnknownDigit(InvalidInput):
    """Something was asked of a digit that the model does not know."""

    slug = "unknown-digit"


class UnwritableFile(DrawnDigitsError):
    """A file that the command line was asked to write, or its folder, cannot be written."""

    slug = "unwritable-file"


class SiteError(DrawnDigitsError):
    """The page cannot be written as plain files."""

    slug = "site-error"


class ModelError(DrawnDigitsError):
    """A model file is missing, damaged, or not one that this package may load."""

    slug = "invalid-model"


class SettingsError(DrawnDigitsError):
    """An environment variable or option is unknown or has a value that cannot be used."""

    slug = "invalid-setting"


class MissingExtra(DrawnDigitsError):
    """A command needs packages of an optional extra that is not installed."""

    slug = "missing-extra"


class DataError(DrawnDigitsError):
    """Training data is missing, damaged, or could not be fetched."""

    slug = "data-error"


class DataMissing(DataError):
    slug = "data-missing"


class DataDamaged(DataError):
    """Wrong checksum, truncated, or not in the documented format."""

    slug = "data-damaged"


class DataUnreachable(DataError):
    """The network or the source's server did not answer as expected."""

    slug = "data-unreachable"


class TrainingError(DrawnDigitsError):
    """A training run, evaluation or export was asked for something that cannot be done."""

    slug = "training-error"


class ServiceError(DrawnDigitsError):
    """A server that ``Client`` asked gave no answer that can be used."""

    slug = "service-error"


class ServiceProblem(ServiceError):
    """The server answered with a problem document (RFC 9457); ``slug`` is its ``type``."""

    def __init__(self, slug: str, title: str, status: int, detail: str) -> None:
        super().__init__(slug, title, status, detail)
        self.slug = slug
        self.title = title
        self.status = status
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class ServiceUnreachable(ServiceError):
    """No connection, or one that broke off before the answer was whole."""

    slug = "service-unreachable"


class ServiceTimeout(ServiceUnreachable):
    """The server took longer than the client waits."""

    slug = "service-timeout"


class UnexpectedAnswer(ServiceError):
    """Something answered, but not as the API of Drawn Digits does."""

    slug = "unexpected-answer"
