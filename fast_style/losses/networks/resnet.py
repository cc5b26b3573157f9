"""ResNet-50 up to its third stage, with batch normalization folded into kernels.

Smoothed by a softmax, its activations carry motifs better than those of any other
network that was tried.
"""

from keras import ops
import numpy as np

from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.convolution import MODES
from fast_style.losses.networks.resnet_weights import list_blocks
from fast_style.losses.networks.resnet_weights import load_weights


class ResNet:
    """ResNet-50 up to the deepest layer that is asked for, frozen.

    Called as a `VGGNetwork` is. Layers are called as in PyTorch: `layer2.1` is what
    the second block of the second stage computes, after its ReLU.

    Args:
        weights: Dict from names such as `"layer1.0.conv1"` to `(kernel, bias)`.
        is_keras: Whether they are Keras' own, which halve in the first convolution
            of a stage, and take BGR without a division; else PyTorch's, which halve
            in the 3x3 convolution.
        padding: `"zeros"` as it was trained, or `"symmetric"`, see `convolve`.
        dtype: Dtype of the convolutions and of the activations.

    References:
        He et al., 2015, https://arxiv.org/abs/1512.03385
    """

    name = "resnet50"

    def __init__(
        self,
        weights,
        *,
        is_keras: bool = False,
        padding: str = "zeros",
        dtype: str = "float32",
    ):
        self.weights = weights
        self.is_keras = is_keras
        self.padding = padding
        self.dtype = dtype

    def __call__(self, images, layers):
        """Computes the activations of some layers.

        Args:
            images: RGB `(B, H, W, 3)` in [0, 255].
            layers: Names such as `"layer2.1"`, or `"conv1"`.

        Returns:
            Dict from layer to activations `(B, H_l, W_l, C_l)` of the dtype of the
            convolutions.
        """
        x = ops.cast(self._normalize(ops.cast(images, "float32")), self.dtype)
        x = ops.relu(self._convolve("conv1", x, 2))
        features = {"conv1": x}
        border = ((0, 0), (1, 1), (1, 1), (0, 0))
        x = ops.max_pool(ops.pad(x, border, MODES[self.padding]), 3, 2)
        for block in list_blocks(layers):
            x = features[block] = self._bottleneck(block, x)
        return {layer: features[layer] for layer in layers}

    def _normalize(self, images):
        if self.is_keras:
            return images[..., ::-1] - ops.array((103.939, 116.779, 123.68), "float32")
        mean = np.array((0.485, 0.456, 0.406), "float32")
        deviation = np.array((0.229, 0.224, 0.225), "float32")
        return images / (255 * deviation) - mean / deviation

    def _bottleneck(self, name, x):
        is_first = name.endswith(".0")
        halves = 2 if is_first and not name.startswith("layer1") else 1
        first, second = (halves, 1) if self.is_keras else (1, halves)
        y = ops.relu(self._convolve(f"{name}.conv1", x, first))
        y = ops.relu(self._convolve(f"{name}.conv2", y, second))
        y = self._convolve(f"{name}.conv3", y)
        if is_first:
            x = self._convolve(f"{name}.downsample", x, halves)
        return ops.relu(x + y)

    def _convolve(self, name, x, strides=1):
        kernel, bias = self.weights[name]
        x = convolve(x, ops.cast(kernel, self.dtype), self.padding, strides)
        return x + ops.cast(bias, self.dtype)


def load(name, layers, *, weights, pooling, padding, dtype, seed) -> ResNet:
    """Loads ResNet-50 as deep as some layers need; see `making.make_loss_network`.

    Args:
        name: `"resnet50"`.
        layers: Names such as `"layer2.1"`.
        weights: `"imagenet"` (Keras downloads them once, 95 MB), `"random"`, an `.h5`
            file of Keras' ResNet50, or an `.npz` file with keys like
            `layer1.0.conv1/kernel`, in PyTorch's layout.
        pooling: `"max"`.
        padding: `"zeros"` or `"symmetric"`.
        dtype: Of the convolutions.
        seed: Of the random weights.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, lacks a layer or is of another network.
    """
    del pooling
    loaded, is_keras = load_weights(weights, layers, name=name, seed=seed)
    return ResNet(loaded, is_keras=is_keras, padding=padding, dtype=dtype)
