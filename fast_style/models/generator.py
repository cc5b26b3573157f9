"""The generator: the network that repaints a picture in one pass."""

import keras
from keras import layers

from fast_style.models.architectures import Architecture
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import MINIMUM_SIZE
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
        architecture: Used instead of the one that the name stands for.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range, for any `H` and `W` from 1 up; with
        conditions, from a list of images and shares `(B, num_conditions)`. Its
        layers, and so the paths of its variables, always have the same names.

    Raises:
        ValueError: If there is no generator of this name.

    References:
        Johnson et al., 2016, https://arxiv.org/abs/1603.08155
        Differs in instance for batch normalization, in padding by reflection
        at each convolution, with padded residual blocks, and in a resize
        before a convolution, against checkerboards:
        https://distill.pub/2016/deconv-checkerboard
        `fast` and `tiny` differ in noise and in the skip from the photo, too.
        With conditions: Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629
    """
    if architecture is None and name not in ARCHITECTURES:
        raise ValueError(
            f"`name` must be one of {', '.join(ARCHITECTURES)}. Received: name={name!r}"
        )
    architecture = architecture or ARCHITECTURES[name]
    size, gain = architecture.end_kernel_size, architecture.output_gain
    # Every layer has a name of its own: checkpoints find variables by their paths, and
    # the names that Keras gives depend on what else the process has built.
    images = keras.Input((None, None, 3), name="images", dtype="float32")
    stride = architecture.stride
    x = PadToMultiple(stride, MINIMUM_SIZE, name="pad", dtype="float32")(images)
    inputs, shares = images, None
    if architecture.num_conditions:
        shape = (architecture.num_conditions,)
        shares = keras.Input(shape, name="shares", dtype="float32")
        inputs = [images, shares]
    photo = layers.Rescaling(1 / 127.5, offset=-1.0, name="photo", dtype="float32")(x)
    x = _paint(photo, shares, architecture, dtype)
    x = ReflectionPadding2D(size // 2, name="end_pad", dtype=dtype)(x)
    x = Conv2D(3, size, name="end_conv", dtype=dtype)(x)
    x = layers.Activation("tanh", name="end_tanh", dtype="float32")(x)
    x = layers.Rescaling(gain, offset=127.5, name="end_scale", dtype="float32")(x)
    if gain > 127.5:
        x = layers.ReLU(max_value=255.0, name="end_clip", dtype="float32")(x)
    stylized = CropLike(name="stylized", dtype="float32")([x, images])
    generator = keras.Model(inputs, stylized, name=name)
    generator.architecture = architecture
    return generator


def _paint(photo, shares, architecture, dtype):
    options = {"shares": shares, "dtype": dtype}

    def join_noise(x, block):
        if not (channels := architecture.noise_channels):
            return x
        blurs, name = architecture.noise_blurs, f"{block}_noise"
        return ConcatenateNoise(channels, blurs, name=name, dtype=dtype)(x)

    def upsample(x, block):
        if architecture.interpolation == "nearest":
            return layers.UpSampling2D(name=f"{block}_resize", dtype=dtype)(x)
        return BilinearUpsampling2D(name=f"{block}_resize", dtype=dtype)(x)

    x, kept = photo, []
    for i, convolution in enumerate(architecture.down, start=1):
        if i == len(architecture.down):
            x = join_noise(x, f"down{i}")
        x = _convolve(x, *convolution, block=f"down{i}", **options)
        kept.append(x)
    for i in range(1, architecture.num_residual_blocks + 1):
        x = _add_residual(x, architecture, block=f"residual{i}", **options)
    for i, filters in enumerate(architecture.up, start=1):
        x = upsample(x, f"up{i}")
        if i < len(architecture.up):
            x = join_noise(x, f"up{i}")
        x = _convolve(x, filters, 3, block=f"up{i}", **options)
        if architecture.has_inner_skips and i < len(architecture.up):
            x = layers.Add(name=f"up{i}_skip", dtype=dtype)([x, kept[-1 - i]])
    if architecture.has_skip:
        x = layers.Concatenate(name="skip", dtype=dtype)([x, photo])
    for i, filters in enumerate(architecture.refine, start=1):
        x = _convolve(x, filters, 3, block=f"refine{i}", **options)
    return x


def _add_residual(x, architecture, *, block, shares, dtype):
    options = {"block": block, "shares": shares, "dtype": dtype}
    gamma = "zeros" if architecture.zero_init_residual else "ones"
    y = _convolve(x, x.shape[-1], 3, part=1, **options)
    y = _convolve(y, x.shape[-1], 3, part=2, relu=False, gamma=gamma, **options)
    return layers.Add(name=f"{block}_add", dtype=dtype)([x, y])


def _convolve(
    x,
    filters,
    size,
    strides=1,
    *,
    block,
    part="",
    relu=True,
    gamma="ones",
    shares,
    dtype,
):
    def options(kind):
        return {"name": f"{block}_{kind}{part}", "dtype": dtype}

    x = ReflectionPadding2D(size // 2, **options("pad"))(x)
    # The normalization subtracts the mean, and with it any bias.
    x = layers.Conv2D(filters, size, strides, use_bias=False, **options("conv"))(x)
    rows = 0 if shares is None else shares.shape[-1]
    normalize = InstanceNormalization(EPSILON, gamma, rows, **options("norm"))
    x = normalize(x if shares is None else [x, shares])
    return layers.ReLU(**options("relu"))(x) if relu else x
