"""SqueezeNet v1.0, a small deep network of ImageNet: a judge, read from a file."""

from keras import ops

from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.stored_convolutions import make_random_convolutions
from fast_style.losses.networks.stored_convolutions import read_convolutions

BGR_MEAN = (104.0, 117.0, 123.0)
_LAST = "conv10"
# Channels after the squeeze, and of each half of what is expanded from it.
FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}
POOLED_BEFORE = ("fire2", "fire5", "fire9")
_ORDER = ("conv1", *FIRES, _LAST)


class SqueezeNet:
    """SqueezeNet up to the deepest layer that is asked for, frozen.

    Called as a `VGGNetwork` is. All layers are taken after their ReLU; `conv10` has
    the 1,000 classes of ImageNet, whose scores are its means over all places.

    Args:
        weights: Dict from names such as `"fire2/squeeze1x1"` to `(kernel, bias)`.
        padding: `"zeros"`, as it was trained, which is none around the first
            convolution; or `"symmetric"`, see `convolve`, around all.
        dtype: Dtype of the convolutions and of the activations.

    References:
        Iandola et al., 2016, https://arxiv.org/abs/1602.07360
        Weights: Han et al., 2016, https://arxiv.org/abs/1510.00149
    """

    name = "squeezenet"

    def __init__(self, weights, *, padding: str = "zeros", dtype: str = "float32"):
        self.weights = weights
        self.padding = padding
        self.dtype = dtype

    def __call__(self, images, layers):
        """Computes the activations of some layers.

        Args:
            images: RGB `(B, H, W, 3)` in [0, 255]; the registry has the smallest
                sides that the layers need.
            layers: Names such as `"fire4"`.

        Returns:
            Dict from layer to activations `(B, H_l, W_l, C_l)` of the dtype of the
            convolutions.
        """
        x = ops.cast(images, "float32")[..., ::-1] - ops.array(BGR_MEAN, "float32")
        x = ops.cast(x, self.dtype)
        features = {}
        for layer in list_layers(layers):
            if layer in POOLED_BEFORE:
                x = _pool(x)
            x = self._fire(layer, x) if layer in FIRES else self._convolve(layer, x)
            if layer in layers:
                features[layer] = x
        return features

    def _fire(self, name, x):
        x = self._convolve(f"{name}/squeeze1x1", x)
        halves = [self._convolve(f"{name}/expand{size}", x) for size in ("1x1", "3x3")]
        return ops.concatenate(halves, axis=-1)

    def _convolve(self, name, x):
        kernel, bias = self.weights[name]
        kernel = ops.cast(kernel, self.dtype)
        if name == "conv1" and self.padding == "zeros":
            x = ops.conv(x, kernel, 2, padding="valid")
        else:
            x = convolve(x, kernel, self.padding, 2 if name == "conv1" else 1)
        return ops.relu(x + ops.cast(bias, self.dtype))


def _pool(x):
    # One more pixel at the end: Caffe, in which it was trained, rounds up.
    x = ops.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)), mode="symmetric")
    return ops.max_pool(x, 3, 2)


def list_layers(layers) -> tuple[str, ...]:
    """Returns the layers up to the deepest of some, in their order."""
    needed = max((_ORDER.index(layer) + 1 for layer in layers), default=0)
    return _ORDER[:needed]


def list_kernels(layers) -> dict[str, tuple[int, int, int, int]]:
    """Returns the shapes of the kernels of some layers, from `conv1` on.

    Args:
        layers: What `list_layers` returned.

    Returns:
        Dict from names such as `"fire2/squeeze1x1"` to `(height, width, in, out)`.
    """
    kernels, channels = {}, 96
    for layer in layers:
        if layer == "conv1":
            kernels[layer] = (7, 7, 3, channels)
        elif layer == _LAST:
            kernels[layer] = (1, 1, channels, 1000)
        else:
            squeezed, expanded = FIRES[layer]
            kernels[f"{layer}/squeeze1x1"] = (1, 1, channels, squeezed)
            kernels[f"{layer}/expand1x1"] = (1, 1, squeezed, expanded)
            kernels[f"{layer}/expand3x3"] = (3, 3, squeezed, expanded)
            channels = 2 * expanded
    return kernels


def load(name, layers, *, weights, pooling, padding, dtype, seed) -> SqueezeNet:
    """Loads SqueezeNet as deep as some layers need; see `making.make_loss_network`.

    Args:
        name: `"squeezenet"`.
        layers: Names such as `"fire4"`.
        weights: `"random"`, for tests, or an `.npz` file with keys like
            `fire2/squeeze1x1/kernel`.
        pooling: `"max"`.
        padding: `"zeros"` or `"symmetric"`.
        dtype: Of the convolutions.
        seed: Seed of random weights.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, lacks a layer or is of another network.
    """
    del pooling
    kernels = list_kernels(list_layers(layers))
    if weights == "random":
        loaded = make_random_convolutions(kernels, seed)
    else:
        loaded = read_convolutions(weights, kernels, network=name)
    return SqueezeNet(loaded, padding=padding, dtype=dtype)
