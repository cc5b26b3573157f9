"""VGG16 and VGG19, the loss networks of the classic papers.

They take images as everywhere, RGB in [0, 255]; the order BGR and the subtraction of
the mean that VGG was trained with happen inside.
"""

from keras import ops

from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.vgg_layout import BGR_MEAN
from fast_style.losses.networks.vgg_layout import convolutions_up_to
from fast_style.losses.networks.vgg_weights import load_weights


class VGGNetwork:
    """VGG up to the deepest layer that is asked for, frozen.

    A plain object with NumPy weights, not a Keras layer: Keras saves every
    network that hangs on its objects, so VGG would be in each checkpoint.

    Args:
        weights: Dict from `"block1_conv1"` to `(kernel, bias)`, as
            `vgg_weights.load_weights` returns it.
        name: `"vgg16"` or `"vgg19"`.
        pooling: `"max"` as VGG was trained, or `"average"`, which Gatys et al.
            2016 found to give slightly more appealing pictures.
        padding: `"zeros"` as VGG was trained, or `"symmetric"`, see `convolve`.
        dtype: Dtype of the convolutions and of the activations.
    """

    def __init__(
        self,
        weights,
        *,
        name: str = "vgg16",
        pooling: str = "max",
        padding: str = "zeros",
        dtype: str = "float32",
    ):
        self.name = name
        self.pooling = pooling
        self.padding = padding
        self.dtype = dtype
        self.weights = weights

    def __call__(self, images, layers):
        """Computes the activations of some layers.

        Args:
            images: RGB `(B, H, W, 3)` in [0, 255]. Each block after the
                first halves them: for layers of block b, `H` and `W` must
                be at least 2^(b - 1).
            layers: Names such as `"relu1_2"`, or `"conv1_2"` for the same
                before its ReLU.

        Returns:
            Dict from layer to activations `(B, H_l, W_l, C_l)` of the dtype of the
            convolutions.
        """
        x = ops.cast(images, "float32")[..., ::-1] - ops.array(BGR_MEAN, "float32")
        x = ops.cast(x, self.dtype)
        block = 1
        features = {}
        for convolution in convolutions_up_to(self.name, layers):
            if convolution.block > block:
                pool = ops.max_pool if self.pooling == "max" else ops.average_pool
                x = pool(x, 2, 2)
                block = convolution.block
            kernel, bias = self.weights[convolution.name]
            x = convolve(x, ops.cast(kernel, self.dtype), self.padding)
            x = x + ops.cast(bias, self.dtype)
            before_relu, after_relu = convolution.layers
            features[before_relu] = x
            x = ops.relu(x)
            features[after_relu] = x
        return {layer: features[layer] for layer in layers}


def load(name, layers, *, weights, pooling, padding, dtype, seed) -> VGGNetwork:
    """Loads VGG as deep as some layers need; see `making.make_loss_network`.

    Args:
        name: `"vgg16"` or `"vgg19"`.
        layers: Names such as `"relu1_2"`.
        weights: `"bundled"` (of VGG16, up to `relu5_1`), `"imagenet"` (Keras downloads
            them once, 59 or 80 MB), `"random"` (He et al.'s initialisation, for tests
            and trials), or a file: `.h5` or
            `.weights.h5` of Keras, `.npz` with keys like `block1_conv1/kernel`,
            `.npy` with a dict like `{"conv1_1": [kernel, bias]}`.
        pooling: `"max"` or `"average"`.
        padding: `"zeros"` or `"symmetric"`.
        dtype: Of the convolutions.
        seed: Of the random weights.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, lacks a convolution or has one of another
            shape.

    References:
        He, Wang & Hopcroft, 2016, https://arxiv.org/abs/1606.04801, on what
        random weights still carry.
    """
    convolutions = convolutions_up_to(name, layers)
    loaded = load_weights(weights, convolutions, name=name, seed=seed)
    return VGGNetwork(loaded, name=name, pooling=pooling, padding=padding, dtype=dtype)
