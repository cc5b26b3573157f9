"""A painting as statistics of its activations, for losses where its pixels are not.

A small copy of a painting would not do: a JPEG of a tenth of the size changes what deep
networks see of its strokes by a tenth and more.
"""

import os

import numpy as np

from fast_style.io.files import replacing
from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import smooth

_LARGEST_NUMBER = 2**22  # Of an array; a file with a larger one is a trap.
# How far activations of other weights may be off, relative to those of the file. Eight
# bits for a weight change them by a few hundredths; other weights, by all.
_TOLERANCE = 0.2
_PROBE_SIZE = 64


class StoredStatistics:
    """Means and covariances of the activations of one painting.

    A loss takes it instead of the painting's pixels, and comes out as with them but
    for what `compress_covariances` leaves out.

    Args:
        arrays: What `measure_statistics` returned for each term, with `shape` and
            `total_variation` of the painting.

    Attributes:
        shape: Of the painting, `(H, W, 3)`.
        total_variation: Its `compute_total_variation`.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        self.arrays = {k: np.asarray(each, "float32") for k, each in arrays.items()}
        self.shape = tuple(int(side) for side in arrays["shape"])
        self.total_variation = float(arrays["total_variation"])
        self._checked = set()

    def find_statistics(self, network, layer: str, level: int, temperature: float):
        """Returns the means `(C,)` and covariances `(C, C)` of a layer, float32.

        Args:
            network: The loss network.
            layer: One of its layers.
            level: Of the pyramid.
            temperature: Of the `smooth` of the activations.

        Raises:
            ValueError: If they are not stored, or are of other weights.
        """
        means, variances = self.find_moments(network, layer, level, temperature)
        key = make_key(network, layer, level, temperature)
        factor = self._take(f"{key}/columns") * self._take(f"{key}/scales")
        covariances = factor @ factor.T
        np.fill_diagonal(covariances, variances)
        return means, covariances

    def find_moments(self, network, layer: str, level: int, temperature: float = 0.0):
        """Returns the means and variances of the channels of a layer, both `(C,)`.

        Args:
            network: As for `find_statistics`.
            layer: As for `find_statistics`.
            level: As for `find_statistics`.
            temperature: As for `find_statistics`.

        Raises:
            ValueError: If they are not stored, or are of other weights.
        """
        key = make_key(network, layer, level, temperature)
        means = self._take(f"{key}/means")
        self._check_weights(network, layer)
        return means, self._take(f"{key}/variances")

    def make_activations(self, network, layers, level: int) -> dict:
        """Makes two pixels `(1, 2, 1, C)` with the means and variances of each layer.

        Args:
            network: As for `find_statistics`.
            layers: Some of its layers.
            level: As for `find_statistics`.

        Raises:
            ValueError: If they are not stored, or are of other weights.
        """
        made = {}
        for layer in layers:
            means, variances = self.find_moments(network, layer, level)
            deviations = np.sqrt(variances)
            pixels = np.stack([means - deviations, means + deviations])
            made[layer] = pixels[None, :, None]
        return made

    def _take(self, key):
        if key not in self.arrays:
            raise ValueError(
                "The painting is not here, and what is stored of it lacks "
                f"{key.rsplit('/', 1)[0]}. Name the painting with `style_image`."
            )
        return self.arrays[key]

    def _check_weights(self, network, layer):
        if (id(network), layer) in self._checked:
            return
        expected = self._take(f"{make_key(network, layer)}/probe")
        found = probe(network, layer)
        if np.linalg.norm(found - expected) > _TOLERANCE * np.linalg.norm(expected):
            raise ValueError(
                f"The painting is not here, and what is stored of it was seen by "
                f"{network.name} with other weights. Name the painting with "
                "`style_image`, or the weights that its README names."
            )
        self._checked.add((id(network), layer))


def make_key(network, layer: str, level: int = 0, temperature: float = 0.0) -> str:
    """Returns under which name the statistics of a layer are stored."""
    padding = getattr(network, "padding", "")
    return f"{network.name}/{padding}/{layer}/{level}/{temperature:g}"


def probe(network, layer: str) -> np.ndarray:
    """Computes the means `(C,)` of a layer's activations of a drawn picture.

    By them weights are told from others.
    """
    y, x = np.mgrid[:_PROBE_SIZE, :_PROBE_SIZE].astype("float32")
    waves = [np.sin(x / 2 + y / 5), np.sin(y / 3 - x / 7), np.sin((x + y) ** 2 / 300)]
    image = 127.5 + 100 * np.stack(waves, axis=-1)
    return np.asarray(network(image[None], (layer,))[layer]).mean((0, 1, 2))


def measure_statistics(
    painting, term, network, *, tolerance: float
) -> dict[str, np.ndarray]:
    """Computes what a term of a loss needs of a painting.

    Args:
        painting: RGB `(H, W, 3)` in [0, 255].
        term: A `StyleTerm` or `ContentTerm`.
        network: Its loss network.
        tolerance: As for `compress_covariances`.

    Returns:
        Dict from names to arrays, as `StoredStatistics` takes it.
    """
    temperature = term.temperature if term.kind == "style" else 0.0
    arrays = {}
    batch = np.asarray(painting, "float32")[None]
    for level, image in enumerate(gaussian_pyramid(batch, term.num_levels)):
        features = network(image, term.layers)
        for layer in term.layers:
            key = make_key(network, layer, level, temperature)
            flat = np.asarray(smooth(features[layer], temperature))
            flat = flat.reshape(-1, flat.shape[-1])
            arrays[f"{key}/means"] = flat.mean(0)
            arrays[f"{key}/variances"] = flat.var(0)
            if term.kind == "style":
                covariances = np.cov(flat.T, bias=True)
                columns, scales = compress_covariances(covariances, tolerance)
                arrays |= {f"{key}/columns": columns, f"{key}/scales": scales}
    for layer in term.layers:
        arrays[f"{make_key(network, layer)}/probe"] = probe(network, layer)
    return arrays


def compress_covariances(covariances, tolerance: float):
    """Compresses covariances to few columns F of which F F^T is all but the variances.

    Args:
        covariances: `(C, C)`.
        tolerance: Norm of what may be missing beside the diagonal, relative to all.

    Returns:
        Columns `(C, R)` of 8 bits, with R as small as can be, and the factor of each,
        `(R,)`, float32.
    """
    values, vectors = np.linalg.eigh(covariances)
    columns = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]
    rest = covariances.astype("float64")
    allowed = tolerance * np.linalg.norm(covariances)
    count = 0
    while np.linalg.norm(rest - np.diag(np.diag(rest))) > allowed:
        rest = rest - np.outer(columns[:, count], columns[:, count])
        count += 1
    scales = np.abs(columns[:, :count]).max(0, initial=1e-30) / 127
    levels = np.round(columns[:, :count] / scales)
    return levels.astype("int8"), scales.astype("float32")


def write_statistics(arrays: dict[str, np.ndarray], path) -> None:
    """Writes what a `StoredStatistics` is made of, an `.npz` file."""
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(file, **arrays)


def read_statistics(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads what `write_statistics` wrote.

    Returns:
        Dict from name to array, float32.

    Raises:
        ValueError: If the file is damaged, or none of these.
    """
    shapes = list_shapes(path, ".npz")
    numbers = [np.prod(shape, dtype="float64") for shape in shapes.values()]
    is_too_large = max(numbers, default=0) > _LARGEST_NUMBER
    if is_too_large or not {"shape", "total_variation"} <= shapes.keys():
        raise ValueError(
            "Expected the statistics of a painting. "
            f"Received: {os.fspath(path)!r} with other arrays"
        )
    return read_arrays(path, ".npz", shapes)
