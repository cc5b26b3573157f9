"""The generator: the network that repaints a picture in one pass."""

import keras
from keras import layers

from fast_style.models.architectures import Architecture
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.architectures import MINIMUM_SIZE
from fast_style.models.architectures import STRIDE
from fast_style.models.layers.convolution import Conv2D
from fast_style.models.layers.noise import ConcatenateNoise
from fast_style.models.layers.normalization import InstanceNormalization
from fast_style.models.layers.padding import CropLike
from fast_style.models.layers.padding import PadToMultiple
from fast_style.models.layers.padding import ReflectionPadding2D
from fast_style.models.layers.upsampling import BilinearUpsampling2D


def build_generator(
    name: str = "fast",
    *,
    dtype: str = "float32",
    architecture: Architecture | None = None,
) -> keras.Model:
    """Builds the network that repaints a picture in one pass.

    Args:
        name: `"johnson"` (the paper's, 1.68 M weights), `"fast"` (0.42 M) or
            `"tiny"` (0.07 M).
        dtype: Keras dtype policy, such as `"mixed_bfloat16"`. Output and
            variables are float32 with each of them.
        architecture: Other numbers than those that the name stands for.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range, for any `H` and `W` from 1 up.

    Raises:
        ValueError: If there is no generator of this name.

    References:
        Johnson et al., 2016, https://arxiv.org/abs/1603.08155
        Differs in instance for batch normalization, in padding by reflection
        at each convolution, with padded residual blocks, and in a resize
        before a convolution, against checkerboards:
        https://distill.pub/2016/deconv-checkerboard
        `fast` and `tiny` differ in noise and in the photo at the end, too.
    """
    if architecture is None and name not in ARCHITECTURES:
        raise ValueError(
            f"`name` must be one of {', '.join(ARCHITECTURES)}. Received: name={name!r}"
        )
    architecture = architecture or ARCHITECTURES[name]
    images = keras.Input((None, None, 3), name="images", dtype="float32")
    x = PadToMultiple(STRIDE, MINIMUM_SIZE, dtype="float32")(images)
    photo = layers.Rescaling(1 / 127.5, offset=-1.0, dtype="float32")(x)
    x = _paint(photo, architecture, dtype)
    x = ReflectionPadding2D(architecture.end_kernel_size // 2, dtype=dtype)(x)
    x = Conv2D(3, architecture.end_kernel_size, dtype=dtype)(x)
    x = layers.Activation("tanh", dtype="float32")(x)
    x = layers.Rescaling(architecture.output_gain, offset=127.5, dtype="float32")(x)
    if architecture.output_gain > 127.5:
        x = layers.ReLU(max_value=255.0, dtype="float32")(x)
    stylized = CropLike(name="stylized", dtype="float32")([x, images])
    generator = keras.Model(images, stylized, name=name)
    generator.architecture = architecture
    return generator


def _paint(photo, architecture, dtype):
    def join_noise(x):
        channels = architecture.noise_channels
        return ConcatenateNoise(channels, dtype=dtype)(x) if channels else x

    def upsample(x):
        if architecture.interpolation == "nearest":
            return layers.UpSampling2D(dtype=dtype)(x)
        return BilinearUpsampling2D(dtype=dtype)(x)

    x = photo
    for convolution in architecture.down[:-1]:
        x = _convolve(x, *convolution, dtype=dtype)
    x = _convolve(join_noise(x), *architecture.down[-1], dtype=dtype)
    for _ in range(architecture.num_residual_blocks):
        y = _convolve(x, x.shape[-1], 3, dtype=dtype)
        gamma = "zeros" if architecture.zero_init_residual else "ones"
        y = _convolve(y, x.shape[-1], 3, relu=False, gamma=gamma, dtype=dtype)
        x = layers.Add(dtype=dtype)([x, y])
    for filters in architecture.up[:-1]:
        x = _convolve(join_noise(upsample(x)), filters, 3, dtype=dtype)
    x = _convolve(upsample(x), architecture.up[-1], 3, dtype=dtype)
    if architecture.has_skip:
        x = layers.Concatenate(dtype=dtype)([x, photo])
    for filters in architecture.refine:
        x = _convolve(x, filters, 3, dtype=dtype)
    return x


def _convolve(x, filters, kernel_size, strides=1, *, dtype, relu=True, gamma="ones"):
    x = ReflectionPadding2D(kernel_size // 2, dtype=dtype)(x)
    # The normalization subtracts the mean, and with it any bias.
    x = layers.Conv2D(filters, kernel_size, strides, use_bias=False, dtype=dtype)(x)
    x = InstanceNormalization(gamma_initializer=gamma, dtype=dtype)(x)
    return layers.ReLU(dtype=dtype)(x) if relu else x
