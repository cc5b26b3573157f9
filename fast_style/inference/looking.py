"""Looks at a painting: what the generator of any style is told of it.

SqueezeNet in NumPy, so that any engine can stylize: a painting is looked at once, and
then only the plain generator that comes of it runs.
"""

import functools

import numpy as np

from fast_style.io.cores import count_cores
from fast_style.io.cores import work_on_cores
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
        for layer in list_layers(STATISTIC_LAYERS):
            x = _compute(layer, x, threads)
            if layer in STATISTIC_LAYERS:
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


def _compute(layer, x, threads):
    x = _pool(x) if layer in POOLED_BEFORE else x
    if layer not in FIRES:
        return _convolve(x, [layer], threads, stride=2)
    x = _convolve(x, [f"{layer}/squeeze1x1"], threads)
    return _convolve(x, [f"{layer}/expand1x1", f"{layer}/expand3x3"], threads)


def _convolve(x, names, threads, *, stride=1):
    """Returns the channels of some convolutions one after the other."""
    weights = [read_weights()[name] for name in names]
    height, width = x.shape[:2]
    if stride > 1:  # Without padding; the others keep the size.
        size = weights[0][0].shape[0]
        height, width = ((side - size) // stride + 1 for side in x.shape[:2])
    pixels = np.empty((height * width, sum(len(b) for _, b in weights)), "float32")
    ends = np.cumsum([len(b) for _, b in weights])
    for (kernel, bias), end in zip(weights, ends, strict=True):
        out = pixels[:, end - len(bias) : end]
        _fill(out, x, kernel, bias, threads, width, stride)
    return pixels.reshape(height, width, -1)


def _fill(out, x, kernel, bias, threads, width, stride):
    """Writes a convolution into `out`, `(num_pixels, filters)`."""
    size = kernel.shape[0]
    if stride == 1 and size > 1:
        half = size // 2
        x = np.pad(x, ((half, half), (half, half), (0, 0)))
    kernel = kernel.reshape(-1, len(bias))
    windows = _list_windows(x, size, stride)
    height, num_cores = len(out) // width, count_cores()
    # Some rows at a time, so that all that is made of them stays in the cache, and as
    # many parts for each core.
    num_rounds = -(-height * width * max(kernel.shape) // (_CACHED_NUMBERS * num_cores))
    num_parts = min(num_rounds * num_cores, height)
    edges = np.linspace(0, height, num_parts + 1).astype(int)

    def fill_rows(top, bottom):
        part = out[top * width : bottom * width]
        rows = [each[top:bottom] for each in windows]
        columns = np.concatenate(rows, axis=-1) if size > 1 else rows[0]
        # One large product: of arrays with three axes NumPy makes many small ones.
        np.matmul(columns.reshape(-1, len(kernel)), kernel, out=part)
        part += bias
        np.maximum(part, 0, out=part)

    list(threads.map(fill_rows, edges[:-1], edges[1:]))


def _list_windows(x, size, stride):
    """Returns the pixels of each window, each row of all windows by itself."""
    height, width, channels = x.shape
    rows = np.lib.stride_tricks.sliding_window_view(
        x.reshape(height, width * channels), size * channels, axis=1
    )[:, :: stride * channels]
    last = height - size + 1
    return [rows[row : row + last : stride] for row in range(size)]


def _pool(x):
    """Returns the largest of each 3x3 pixels, two pixels apart."""
    # The last ones have only what is left of the picture, as Caffe has it.
    for axis in (0, 1):
        x = x.swapaxes(0, axis)
        half = len(x) // 2
        pooled = np.maximum(x[0 : 2 * half : 2], x[1::2])
        third = x[2::2]
        np.maximum(pooled[: len(third)], third, out=pooled[: len(third)])
        x = pooled.swapaxes(0, axis)
    return np.ascontiguousarray(x)


@functools.cache
def read_weights() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns kernel and bias of each convolution of SqueezeNet that is needed."""
    kernels = list_kernels(list_layers(STATISTIC_LAYERS))
    return read_convolutions(SQUEEZENET_FILE, kernels, network="squeezenet")
