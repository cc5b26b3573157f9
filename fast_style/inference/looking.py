"""Looks at a painting: what the generator of any style is told of it.

SqueezeNet in NumPy, so that any engine can stylize: a painting is looked at once, and
then only the plain generator that comes of it runs.
"""

import functools

import numpy as np

from fast_style.io.images import load_resized
from fast_style.losses.networks.squeezenet_layout import BGR_MEAN
from fast_style.losses.networks.squeezenet_layout import FIRES
from fast_style.losses.networks.squeezenet_layout import list_kernels
from fast_style.losses.networks.squeezenet_layout import list_layers
from fast_style.losses.networks.squeezenet_layout import POOLED_BEFORE
from fast_style.losses.networks.squeezenet_layout import SQUEEZENET_FILE
from fast_style.losses.networks.stored_convolutions import read_convolutions
from fast_style.models.predictor import STATISTIC_LAYERS

# In which SqueezeNet has something to look at.
LEAST_SIZE = 64
TINY = 1e-6


def look_at(painting, size: int = 512) -> np.ndarray:
    """Computes the statistics of a painting.

    Args:
        painting: Path, encoded bytes, PIL picture, or array as `array_to_images` takes
            it, of one picture.
        size: Longer side to which it is scaled; 0: it stays as it is.

    Returns:
        float32 `(NUM_STATISTICS,)`, as a `Predictor` takes them.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no picture.
    """
    return measure(_enlarge(load_resized(painting, size)))


def _enlarge(image):
    """Repeats a picture that is very low or narrow by reflection."""
    missing = [max(LEAST_SIZE - side, 0) for side in image.shape[:2]]
    return np.pad(image, [(0, n) for n in missing] + [(0, 0)], mode="symmetric")


def measure(image: np.ndarray) -> np.ndarray:
    """Computes the statistics of an image as it is.

    Args:
        image: RGB `(H, W, 3)`, float32 in [0, 255].
    """
    colours = image.reshape(-1, 3) / np.float32(255)
    covariance = np.cov(colours.T, bias=True)
    statistics = [colours.mean(axis=0), covariance[np.triu_indices(3)]]
    x = image[..., ::-1] - np.float32(BGR_MEAN)
    for layer in list_layers(STATISTIC_LAYERS):
        x = _compute(layer, x)
        if layer in STATISTIC_LAYERS:
            pixels = x.reshape(-1, x.shape[-1])
            statistics += [pixels.mean(axis=0), np.sqrt(pixels.var(axis=0) + TINY)]
    return np.concatenate(statistics).astype("float32")


def _compute(layer, x):
    x = _pool(x) if layer in POOLED_BEFORE else x
    if layer not in FIRES:
        return _convolve(layer, x, stride=2)
    x = _convolve(f"{layer}/squeeze1x1", x)
    parts = [_convolve(f"{layer}/expand{size}", x) for size in ("1x1", "3x3")]
    return np.concatenate(parts, axis=-1)


def _convolve(name, x, *, stride=1):
    kernel, bias = read_weights()[name]
    size, filters = kernel.shape[0], kernel.shape[-1]
    if stride == 1 and size > 1:
        half = size // 2
        x = np.pad(x, ((half, half), (half, half), (0, 0)))
    columns = x if size == 1 else _list_windows(x, size, stride)
    # One large product: of arrays with three axes NumPy makes many small ones.
    convolved = columns.reshape(-1, columns.shape[-1]) @ kernel.reshape(-1, filters)
    convolved += bias
    np.maximum(convolved, 0, out=convolved)
    return convolved.reshape(*columns.shape[:2], filters)


def _list_windows(x, size, stride):
    """Returns the pixels of each window, one row of the window after the other."""
    height, width, channels = x.shape
    rows = np.lib.stride_tricks.sliding_window_view(
        x.reshape(height, width * channels), size * channels, axis=1
    )[:, :: stride * channels]
    last = height - size + 1
    return np.concatenate(
        [rows[row : row + last : stride] for row in range(size)], axis=-1
    )


def _pool(x):
    # One more pixel at the end, as Caffe has it.
    x = np.pad(x, ((0, 1), (0, 1), (0, 0)), mode="edge")
    for _ in range(2):  # Of rows, then of columns.
        last = len(x) - 2
        rows = (x[row : row + last : 2] for row in range(3))
        x = functools.reduce(np.maximum, rows).swapaxes(0, 1)
    return np.ascontiguousarray(x)


@functools.cache
def read_weights() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns kernel and bias of each convolution of SqueezeNet that is needed."""
    kernels = list_kernels(list_layers(STATISTIC_LAYERS))
    return read_convolutions(SQUEEZENET_FILE, kernels, network="squeezenet")
