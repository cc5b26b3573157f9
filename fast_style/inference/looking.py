"""Looks at a painting: what the generator of any style is told of it.

VGG16 in NumPy, so that any engine can stylize: a painting is looked at once, and then
only the plain generator that comes of it runs.
"""

import functools

import numpy as np

from fast_style.io.cores import count_cores
from fast_style.io.cores import work_on_cores
from fast_style.io.images import load_resized
from fast_style.losses.networks.stored_convolutions import read_convolutions
from fast_style.losses.networks.vgg_layout import BGR_MEAN
from fast_style.losses.networks.vgg_layout import Convolution
from fast_style.losses.networks.vgg_layout import convolutions_up_to
from fast_style.losses.networks.vgg_layout import list_kernels
from fast_style.losses.networks.vgg_layout import VGG16_FILE
from fast_style.models.predictor import STATISTIC_LAYERS

# Pixels in which VGG16 has something to look at.
LEAST_SIZE = 64
TINY = 1e-6
_CACHED_NUMBERS = 2**17
_SUMMED = 2**12


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
    with work_on_cores() as threads:
        measured = [threads.submit(_measure_colours, image)]
        x = image[..., ::-1] - np.float32(BGR_MEAN)
        for convolution in list_looking_convolutions():
            if begins_block(convolution):
                x = _pool(x)
            x = _convolve(x, convolution.name, threads)
            if convolution.layers[1] in STATISTIC_LAYERS:
                # Beside the next layer.
                channels = x.reshape(-1, x.shape[-1])
                measured.append(threads.submit(measure_channels, channels))
    statistics = [each for future in measured for each in future.result()]
    return np.concatenate(statistics).astype("float32")


def _measure_colours(image):
    """Returns the mean of the colours and their covariance, half of which is needed."""
    colours = image.reshape(-1, 3) / np.float32(255)
    mean, _ = measure_channels(colours)
    colours -= mean
    covariance = colours.T @ colours / len(colours)
    return [mean, covariance[np.triu_indices(3)]]


def measure_channels(pixels: np.ndarray) -> list[np.ndarray]:
    """Computes mean and deviation of each channel, of any number of pixels.

    Args:
        pixels: float32 `(num_pixels, channels)`.

    Returns:
        Two float32 arrays `(channels,)`.
    """
    # Some at a time: a sum of many has more digits than float32.
    parts = [pixels[i : i + _SUMMED] for i in range(0, len(pixels), _SUMMED)]
    means, squares = map(np.array, zip(*map(_measure_part, parts), strict=True))
    shares = np.array([[len(part)] for part in parts]) / len(pixels)
    mean = np.sum(shares * means, axis=0)
    # The variances of the parts, and that of their means.
    variance = np.sum(shares * (squares + np.square(means - mean)), axis=0)
    return [mean.astype("float32"), np.sqrt(variance + TINY).astype("float32")]


def _measure_part(pixels):
    # As a product, which is twice as fast as a sum.
    share = np.full(len(pixels), 1 / len(pixels), "float32")
    mean = share @ pixels
    centred = pixels - mean
    return mean, share @ np.square(centred, out=centred)


def list_looking_convolutions() -> list[Convolution]:
    """Returns the convolutions of VGG16 that looking needs, in order."""
    return convolutions_up_to("vgg16", STATISTIC_LAYERS)


def begins_block(convolution: Convolution) -> bool:
    """Tells whether the features are pooled before a convolution."""
    return convolution.block > 1 and convolution.number == 1


def _convolve(x, name, threads):
    kernel, bias = read_weights()[name]
    height, width = x.shape[:2]
    pixels = np.empty((height * width, len(bias)), "float32")
    _fill(pixels, x, kernel, bias, threads, width)
    return pixels.reshape(height, width, -1)


def _fill(out, x, kernel, bias, threads, width):
    """Writes a convolution into `out`, `(num_pixels, filters)`."""
    size = kernel.shape[0]
    half = size // 2
    x = np.pad(x, ((half, half), (half, half), (0, 0)))
    kernel = kernel.reshape(-1, len(bias))
    windows = _list_windows(x, size)
    height, num_cores = len(out) // width, count_cores()
    # Some rows at a time, so that all that is made of them stays in the cache, and as
    # many parts for each core.
    num_rounds = -(-height * width * max(kernel.shape) // (_CACHED_NUMBERS * num_cores))
    num_parts = min(num_rounds * num_cores, height)
    edges = np.linspace(0, height, num_parts + 1).astype(int)

    def fill_rows(top, bottom):
        part = out[top * width : bottom * width]
        rows = [each[top:bottom] for each in windows]
        columns = np.concatenate(rows, axis=-1)
        # One large product: of arrays with three axes NumPy makes many small ones.
        np.matmul(columns.reshape(-1, len(kernel)), kernel, out=part)
        part += bias
        np.maximum(part, 0, out=part)

    list(threads.map(fill_rows, edges[:-1], edges[1:]))


def _list_windows(x, size):
    """Returns the pixels of each window, each row of all windows by itself."""
    height, width, channels = x.shape
    rows = np.lib.stride_tricks.sliding_window_view(
        x.reshape(height, width * channels), size * channels, axis=1
    )[:, ::channels]
    last = height - size + 1
    return [rows[row : row + last] for row in range(size)]


def _pool(x):
    """Returns the largest of each 2x2 pixels; an odd one at the end is left out."""
    height, width = (side // 2 * 2 for side in x.shape[:2])
    x = np.maximum(x[0:height:2], x[1:height:2])
    return np.maximum(x[:, 0:width:2], x[:, 1:width:2])


@functools.cache
def read_weights() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns kernel and bias of each convolution of VGG16 that looking needs."""
    kernels = list_kernels(list_looking_convolutions())
    return read_convolutions(VGG16_FILE, kernels, network="vgg16")
