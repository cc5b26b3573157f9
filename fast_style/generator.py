"""The generator: the network that repaints a picture in one pass."""

import dataclasses
import io
import json
import os
import pathlib
import shutil
import tempfile
import zipfile

import h5py
import keras
from keras import layers

from fast_style.files import replacing
from fast_style.layers import BilinearUpsampling2D
from fast_style.layers import ConcatenateNoise
from fast_style.layers import CropLike
from fast_style.layers import PadToMultiple
from fast_style.layers import ReflectionPadding2D
from fast_style.trained_layers import Conv2D
from fast_style.trained_layers import InstanceNormalization


@dataclasses.dataclass(frozen=True, kw_only=True)
class Architecture:
    """The numbers that tell one generator from another.

    Convolutions are `(filters, kernel_size, strides)`. With `has_skip` the photo
    itself joins the features again at full resolution, before `refine`. With
    `begins_empty` residual blocks begin by adding nothing. Channels of noise join
    the features at half resolution, on the way down and up. (At full resolution
    they end as grain; from a quarter alone, strokes are made of upsampling's own
    pattern.) The output is `127.5 + output_gain * tanh`, cut to [0, 255].
    """

    down: tuple[tuple[int, int, int], ...]
    num_residual_blocks: int
    up: tuple[int, ...]
    refine: tuple[int, ...]
    end_kernel_size: int
    interpolation: str
    has_skip: bool = False
    begins_empty: bool = False
    noise_channels: int = 0
    output_gain: float = 127.5


# `johnson` is the paper's network. The others begin with a stride of 2, so that
# nothing but the last convolutions works at full resolution, and end with a
# 3x3 at full resolution, without which bilinear upsampling stays soft.
ARCHITECTURES = {
    "johnson": Architecture(
        down=((32, 9, 1), (64, 3, 2), (128, 3, 2)),
        num_residual_blocks=5,
        up=(64, 32),
        refine=(),
        end_kernel_size=9,
        interpolation="nearest",
    ),
    "fast": Architecture(
        down=((32, 5, 2), (64, 3, 2)),
        num_residual_blocks=5,
        up=(32, 16),
        refine=(16,),
        end_kernel_size=5,
        interpolation="bilinear",
        has_skip=True,
        noise_channels=4,
    ),
    "tiny": Architecture(
        down=((16, 5, 2), (32, 3, 2)),
        num_residual_blocks=3,
        up=(16, 8),
        refine=(8,),
        end_kernel_size=5,
        interpolation="bilinear",
        has_skip=True,
        noise_channels=4,
    ),
}
STRIDE = 4
_UNREADABLE = (
    AttributeError,
    KeyError,
    OSError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
# In a `.keras` file, so that it can be read when the names mean other numbers.
_ARCHITECTURE_FILE = "architecture.json"
# Reflection by 1 at a quarter and by 4 at full resolution needs this much.
MINIMUM_SIZE = 16


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
        gamma = "zeros" if architecture.begins_empty else "ones"
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


def save_generator(
    generator: keras.Model,
    path: str | os.PathLike,
    *,
    weights_dtype: str = "float32",
) -> None:
    """Writes a `.keras` file under a temporary name and then renames it.

    Args:
        generator: Any generator; the file always computes in float32, also
            when the training did not.
        path: Where to, ending in `.keras`.
        weights_dtype: `"float16"` halves the file. Loading turns the weights
            into float32 again; they keep 3 decimal digits.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = build_generator(generator.name, architecture=generator.architecture)
    plain.set_weights(generator.get_weights())
    # Keras insists on the suffix, which the name that `replacing` gives does not have.
    with tempfile.TemporaryDirectory() as folder, replacing(path) as target:
        temporary = pathlib.Path(folder) / "style.keras"
        plain.save(temporary)
        with zipfile.ZipFile(temporary, "a") as archive:
            fields = dataclasses.asdict(generator.architecture)
            archive.writestr(_ARCHITECTURE_FILE, json.dumps(fields))
        if weights_dtype != "float32":
            _cast_saved_weights(temporary, weights_dtype)
        shutil.copyfile(temporary, target)


def _cast_saved_weights(path, dtype):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members["model.weights.h5"])
    cast_weights = io.BytesIO()
    with h5py.File(weights) as source, h5py.File(cast_weights, "w") as target:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                target.require_group(name).attrs.update(item.attrs)
            else:
                target.create_dataset(name, data=item[()].astype(dtype))

        source.visititems(copy)
        target.attrs.update(source.attrs)
    members["model.weights.h5"] = cast_weights.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def load_generator(path: str | os.PathLike) -> keras.Model:
    """Reads a trained generator.

    Args:
        path: A `.keras` file that `save_generator` wrote.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no `.keras` file of a generator.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No such file: path={os.fspath(path)!r}")
    try:
        with zipfile.ZipFile(path) as archive:
            name = json.loads(archive.read("config.json"))["config"]["name"]
            architecture = _read_architecture(archive, name)
        # Built by our own code: what Keras writes about its layers changes from
        # version to version, and an older one cannot read the newer.
        generator = build_generator(name, architecture=architecture)
        generator.load_weights(path)
    except _UNREADABLE as error:
        raise ValueError(
            "Expected a `.keras` file with a generator of fast_style. "
            f"Received: {os.fspath(path)!r} ({error})."
        ) from error
    return generator


def _read_architecture(archive, name):
    if _ARCHITECTURE_FILE not in archive.namelist():
        # Written before the file told, when no generator had either.
        plain = {"has_skip": False, "noise_channels": 0}
        return dataclasses.replace(ARCHITECTURES[name], **plain)
    fields = json.loads(archive.read(_ARCHITECTURE_FILE))
    return Architecture(**{key: _to_tuples(value) for key, value in fields.items()})


def _to_tuples(value):
    return tuple(map(_to_tuples, value)) if isinstance(value, list) else value
