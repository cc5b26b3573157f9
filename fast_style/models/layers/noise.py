"""Channels of noise, which tell convolutions one place from another."""

import contextlib

import keras
from keras import layers
from keras import ops

from fast_style.models.noise_tiles import make_noise_tiles
from fast_style.models.noise_tiles import MAX_NOISE_CHANNELS


@keras.saving.register_keras_serializable(package="fast_style")
class ConcatenateNoise(layers.Layer):
    """Concatenates channels of fixed noise, the same in each call and process.

    A convolution sees no difference between one place of a plain sky and
    another; the noise tells it where to paint a stroke. Each channel is a
    square tile of normally distributed numbers, repeated over the image; the
    tiles' sides are different primes. `shifted_noise` moves them, for training.

    Args:
        channels: Number of channels to add, 1 to 8.
        blurs: How much each is blurred, as in `make_noise_tiles`; empty: not at all.
        **kwargs: Arguments of the base layer, such as `name`.

    Raises:
        ValueError: If `channels` is not 1 to 8, or `blurs` are more or fewer.

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, H, W, C + channels)`.

    References:
        Noise as the source of texture: Ulyanov et al., 2016,
        https://arxiv.org/abs/1603.03417. Differs in that the noise is fixed;
        theirs is sampled in each call.
    """

    def __init__(self, channels: int, blurs: tuple[float, ...] = (), **kwargs):
        if not 1 <= channels <= MAX_NOISE_CHANNELS:
            raise ValueError(
                f"`channels` must be at least 1 and at most {MAX_NOISE_CHANNELS}. "
                f"Received: channels={channels!r}"
            )
        if blurs and len(blurs) != channels:
            raise ValueError(
                "`blurs` must be empty or have a number for each of "
                f"{channels} channels. Received: blurs={blurs!r}"
            )
        super().__init__(**kwargs)
        self.channels = channels
        self.blurs = tuple(blurs)
        self.offset = (0, 0)
        self.input_spec = layers.InputSpec(ndim=4)
        self.tiles = make_noise_tiles(channels, self.blurs)

    def call(self, inputs):
        _, height, width, _ = ops.shape(inputs)
        noise = []
        for tile in self.tiles:
            side = len(tile)
            rows = (ops.arange(height, dtype="int32") + self.offset[0]) % side
            columns = (ops.arange(width, dtype="int32") + self.offset[1]) % side
            noise.append(ops.take(ops.take(tile, rows, axis=0), columns, axis=1))
        noise = ops.cast(ops.stack(noise, axis=-1), inputs.dtype)[None]
        return ops.concatenate(
            [inputs, noise + ops.zeros_like(inputs[..., :1])], axis=-1
        )

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.channels)

    def get_config(self):
        config = {"channels": self.channels, "blurs": self.blurs}
        return {**super().get_config(), **config}


@contextlib.contextmanager
def shifted_noise(model: keras.Model, offset):
    """Shifts the noise of a model inside a `with` block.

    Noise that stays in place for a whole training tells the generator where in the
    crop a pixel is, and the generator hides colours of the style in a corner.

    Args:
        model: A generator, with `ConcatenateNoise` layers or without.
        offset: Rows and columns, 0 or more; numbers or scalar tensors.
    """
    noise_layers = [x for x in model.layers if isinstance(x, ConcatenateNoise)]
    for layer in noise_layers:
        layer.offset = offset
    try:
        yield
    finally:
        for layer in noise_layers:
            layer.offset = (0, 0)
