"""Writes the VGG16 that is bundled: what the default loss needs, in 8 MB.

    python docs/make_vgg16.py data/vgg16/vgg16_conv.npz

Blocks 1 and 2 are written in float16, the others in 8 bits with a scale for each output
channel. The file named may be any that `network_weights` of a term takes.
"""

import sys

from absl import app
import numpy as np

from fast_style.io.files import replacing
from fast_style.losses.networks.stored_convolutions import quantize_kernel
from fast_style.losses.networks.vgg_layout import convolutions_up_to
from fast_style.losses.networks.vgg_layout import VGG16_FILE
from fast_style.losses.networks.vgg_weights import load_weights

LAST_LAYER = "relu5_1"
NUM_EXACT_BLOCKS = 2


def main(argv):
    convolutions = convolutions_up_to("vgg16", (LAST_LAYER,))
    weights = load_weights(argv[1], convolutions)
    arrays = {}
    for convolution in convolutions:
        name = convolution.name
        kernel, bias = weights[name]
        if convolution.block <= NUM_EXACT_BLOCKS:
            arrays[f"{name}/kernel"] = kernel.astype("float16")
        else:
            arrays[f"{name}/kernel"], scale = quantize_kernel(kernel)
            arrays[f"{name}/scale"] = scale
        arrays[f"{name}/bias"] = bias.astype("float32")
    with replacing(VGG16_FILE) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(file, **arrays)
    print(VGG16_FILE)


if __name__ == "__main__":
    app.run(main, sys.argv)
