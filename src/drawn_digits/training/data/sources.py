"""Every source of training data: address, licence, citation, checksum and size, in one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a source, and how to know that it is the right one.

    ``name`` is its path in the data folder. ``sha256`` and ``size`` (bytes) are those of the file,
    or of what is inside where ``compressed_anyhow``: each mirror of MNIST has a gzip of its own
    making around the same bytes. ``addresses`` are tried in order. ``stand_in`` names a file that
    serves as well, but whose checksum is not known here.
    """

    name: str
    sha256: str
    size: int
    addresses: tuple[str, ...] = ()
    compressed_anyhow: bool = False
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A data set. ``by_hand`` says what to do about files that have no address."""

    name: str
    title: str
    page: str
    licence: str
    citation: str
    files: tuple[DataFile, ...]
    by_hand: str = ""


UNIPEN_SUBSET = "unipen/train_r01_v07-subset.tar.xz"
UNIPEN_RELEASE = "unipen/unipen-CDROM-train_r01_v07.tgz"
"""The official archive, named as on Zenodo. Its checksum is not known here."""

UNIPEN_BY_HAND = (
    "UNIPEN is downloaded by hand: get the archive of train_r01_v07 from "
    "https://doi.org/10.5281/zenodo.1195803 and save it as {folder}/" + UNIPEN_RELEASE + ". "
    "Its checksum is not known here, so it cannot be verified; the project's figures were measured "
    "with {folder}/" + UNIPEN_SUBSET + ", a part of it with small repairs."
)


def _mnist_file(name: str, sha256: str, size: int) -> DataFile:
    mirrors = (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
    return DataFile(
        name=f"mnist/{name}.gz",
        sha256=sha256,
        size=size,
        addresses=tuple(f"{mirror}{name}.gz" for mirror in mirrors),
        compressed_anyhow=True,
    )


def _pendigits_file(name: str, sha256: str, size: int) -> DataFile:
    folder = "https://archive.ics.uci.edu/ml/machine-learning-databases/pendigits/"
    return DataFile(f"pendigits/{name}", sha256, size, addresses=(folder + name,))


SOURCES: tuple[Source, ...] = (
    Source(
        name="mnist",
        title="MNIST: 70,000 images of digits",
        page="http://yann.lecun.com/exdb/mnist/",
        licence="CC BY-SA 3.0",
        citation="Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits.",
        files=(
            _mnist_file(
                "train-images-idx3-ubyte",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                47_040_016,
            ),
            _mnist_file(
                "train-labels-idx1-ubyte",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                60_008,
            ),
            _mnist_file(
                "t10k-images-idx3-ubyte",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                7_840_016,
            ),
            _mnist_file(
                "t10k-labels-idx1-ubyte",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                10_008,
            ),
        ),
    ),
    Source(
        name="pendigits",
        title="Pen-Based Recognition of Handwritten Digits: 10,992 pen drawings of 44 writers",
        page="https://archive.ics.uci.edu/dataset/81",
        licence="CC BY 4.0",
        citation="E. Alpaydin, F. Alimoglu, Pen-Based Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, 1998.",
        files=(
            _pendigits_file(
                "pendigits-orig.tra.Z",
                "ceae25d05f1ccfed4d27ca2e5766370fb32ddd685a647567e84cf7685aa7ac8b",
                1_011_395,
            ),
            _pendigits_file(
                "pendigits-orig.tes.Z",
                "55ff1032e789eae273d0a4a1831dd61a2418f36ec5c0647457aa767b36d65960",
                456_041,
            ),
        ),
    ),
    Source(
        name="unipen",
        title="UNIPEN train_r01_v07: pen drawings of digits, letters and symbols (nine donors)",
        page="https://doi.org/10.5281/zenodo.1195803",
        licence="CC BY 4.0",
        citation="I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet, UNIPEN project of "
        "on-line data exchange and recognizer benchmarks, ICPR 1994, doi 10.1109/ICPR.1994.576870.",
        files=(
            DataFile(
                UNIPEN_SUBSET,
                "4765582e8fef013e6f8071d729f16a233ccd409e3ce2f9e4637f38615661c687",
                6_566_972,
                stand_in=UNIPEN_RELEASE,
            ),
        ),
        by_hand=UNIPEN_BY_HAND,
    ),
)
