"""Recipes of the slow method: what is compared, and how the picture is found.

Each classic recipe carries the formulas and numbers of its source, as far as
pictures of any shape and Keras' VGG weights allow; what differs is said beside.
"""

import dataclasses

from fast_style.config import check_learning_rate
from fast_style.config import check_numbers
from fast_style.config import LossConfig

METHODS = ("lbfgs", "adam")
GATYS_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


@dataclasses.dataclass(kw_only=True)
class OptimizeConfig(LossConfig):
    """All that decides which picture the slow method finds.

    Sizes are in pixels. The fields of the loss are those of `LossConfig`.

    Attributes:
        method: `lbfgs` (SciPy's L-BFGS-B; pixels are kept in [0, 255]) or
            `adam` (pixels clipped to [0, 255] after each step).
        num_steps: Iterations; one of L-BFGS may compute the loss twice or more.
        image_size: Longer side that the content image is scaled to, and of the
            result. 0 keeps its own.
        style_image_size: Longer side that style images are scaled to. 0: the
            same as the content image's.
        learning_rate: Of Adam, in grey levels of [0, 255].
        beta_1: Of Adam: how long gradients are remembered.
        epsilon: Of Adam: what is added to the root of the squared gradients.
        noise_mean: Of the normal distribution that `start="noise"` draws from.
        noise_deviation: Of the same; values beyond two deviations are redrawn.
        seed: Of the noise and of random loss-network weights.
    """

    method: str = "lbfgs"
    num_steps: int = 200
    image_size: int = 512
    style_image_size: int = 512
    learning_rate: float = 5.0
    beta_1: float = 0.9
    epsilon: float = 1e-8
    noise_mean: float = 127.5
    noise_deviation: float = 20.0
    seed: int = 0

    def __post_init__(self):
        super().__post_init__()
        if self.method not in METHODS:
            raise ValueError(
                f"`method` must be one of {', '.join(METHODS)}. "
                f"Received: method={self.method!r}"
            )
        smallest = dict.fromkeys(("image_size", "style_image_size", "seed"), 0)
        smallest |= {"num_steps": 1, "epsilon": 0, "noise_deviation": 0, "beta_1": 0}
        check_numbers(self, smallest)
        check_learning_rate(self.learning_rate)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe under a name.

    Attributes:
        config: Its numbers.
        start: `content` or `noise`.
        source: Where it is from, and in what it differs.
    """

    config: OptimizeConfig
    start: str
    source: str


def _classic(**fields):
    plain = {
        "loss_network_weights": "imagenet",
        "loss_network_padding": "zeros",
        "style_statistics": "gram",
        "style_distance": "squared",
        "style_image_size": 0,
        "content_levels": (1.0,),
        "style_levels": (1.0,),
        "tv_weight": 0.0,
    }
    return OptimizeConfig(**{**plain, **fields})


# torchvision's VGG19 takes pixels divided by 255 * 0.226 (mean of its three
# deviations), Keras' takes them as they are: so are its features, nearly.
_TORCHVISION_SCALE = 1 / (255 * 0.226)

PRESETS = {
    "fast_style": Preset(
        config=OptimizeConfig(),
        start="content",
        source="What `train` trains on by default; docs/method.md has the formulas.",
    ),
    "gatys2016": Preset(
        config=_classic(
            loss_network="vgg19",
            loss_network_pooling="average",
            style_layers=GATYS_LAYERS,
            content_layers=("relu4_2",),
            scaling="gatys2016",
            content_weight=1.0,
            style_weight=1e3,  # alpha / beta = 1e-3, as in their figures 2 and 3.
            num_steps=500,
        ),
        start="noise",
        source="Gatys, Ecker & Bethge, 2016, Image Style Transfer Using "
        "Convolutional Neural Networks, CVPR, equations 1 to 7. Differs: the "
        "weights are not rescaled to mean activations of 1 (give the authors' "
        "own as a file), pixels stay in [0, 255], 500 iterations as in the "
        "authors' later code.",
    ),
    "vgg16_adam": Preset(
        config=_classic(
            style_layers=("relu4_3",),
            content_layers=("relu1_2", "relu2_2"),
            content_layer_weights=(1.0, 1.0),
            scaling="johnson2016",
            content_weight=0.1,
            style_weight=500.0,
            method="adam",
            learning_rate=10.0,
            num_steps=100,
            image_size=668,
        ),
        start="noise",
        source="A course exercise of the TensorFlow 1 years, in many repositories: "
        "VGG16 from `vgg16.npy` (give it as `loss_network_weights`), Gram matrices "
        "divided by H W C. Differs: 668 pixels are the longer side, the picture is "
        "not squashed to a square, and pixels are clipped at each step.",
    ),
    "keras_vgg19": Preset(
        config=_classic(
            loss_network="vgg19",
            style_layers=GATYS_LAYERS,
            # Their Gram matrices are divided by H W only, ours by H W C.
            style_layer_weights=tuple(c**2 / 5 for c in (64, 128, 256, 512, 512)),
            content_layers=("relu5_2",),
            scaling="johnson2016",
            content_weight=1e3,
            style_weight=1e-2,
            method="adam",
            # Theirs are for pixels in [0, 1]: 0.02 and 0.1.
            learning_rate=0.02 * 255,
            beta_1=0.99,
            epsilon=0.1 / 255,
            num_steps=1000,
        ),
        start="content",
        source="TensorFlow's tutorial Neural style transfer, "
        "https://www.tensorflow.org/tutorials/generative/style_transfer, with the "
        "content weight 1e3 of its first editions and without the total variation "
        "of its last.",
    ),
    "pytorch_tutorial": Preset(
        config=_classic(
            loss_network="vgg19",
            style_layers=("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"),
            style_layer_weights=(1.0,) * 5,
            content_layers=("conv2_2",),
            scaling="johnson2016",
            # Squares of features, and of Gram matrices.
            content_weight=1.0 * _TORCHVISION_SCALE**2,
            style_weight=1e6 * _TORCHVISION_SCALE**4,
            num_steps=300,
        ),
        start="content",
        source="PyTorch's tutorial Neural Transfer Using PyTorch, "
        "https://pytorch.org/tutorials/advanced/neural_style_tutorial.html: conv_4 "
        "and conv_1 to conv_5, before their ReLUs, weights 1 and 1e6. Differs: "
        "Keras' VGG19, with its features scaled as torchvision's nearly are; 300 "
        "iterations, where the tutorial counts evaluations of the loss.",
    ),
}
