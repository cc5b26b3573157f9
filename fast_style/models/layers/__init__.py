"""The Keras layers of the generator, in the layout `(B, H, W, C)`."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "CropLike": "padding",
        "PadToMultiple": "padding",
        "ReflectionPadding2D": "padding",
        "BilinearUpsampling2D": "upsampling",
        "ConcatenateNoise": "noise",
        "shifted_noise": "noise",
        "InstanceNormalization": "normalization",
        "Conv2D": "convolution",
    },
)
