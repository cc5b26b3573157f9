"""Recipes of the slow method: what is compared, and how the picture is found.

Each classic recipe carries the formulas and numbers of its source, as far as
pictures of any shape and Keras' VGG weights allow; what differs is said beside.
"""

import dataclasses

from fast_style.config.fields import suggest
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.term_overrides import merge_terms

GATYS_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


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


def _classic(network, *, content, style, pooling="max", **fields):
    of_network = {
        "network": network,
        "network_weights": "imagenet",
        "padding": "zeros",
        "pooling": pooling,
    }
    terms = {
        "content": ContentTerm(**of_network, **content),
        "style": StyleTerm(
            **of_network, statistics="gram", distance="squared", **style
        ),
    }
    return OptimizeConfig(
        **{"style_image_size": 0, "tv_weight": 0.0, "terms": terms, **fields}
    )


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
            "vgg19",
            pooling="average",
            content={"layers": ("relu4_2",)},
            style={"layers": GATYS_LAYERS},
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
            "vgg16",
            content={"layers": ("relu1_2", "relu2_2"), "layer_weights": (1.0, 1.0)},
            style={"layers": ("relu4_3",)},
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
        "VGG16 from `vgg16.npy` (give it as `network_weights`), Gram matrices "
        "divided by H W C. Differs: 668 pixels are the longer side, the picture is "
        "not squashed to a square, and pixels are clipped at each step.",
    ),
    "keras_vgg19": Preset(
        config=_classic(
            "vgg19",
            content={"layers": ("relu5_2",)},
            style={
                "layers": GATYS_LAYERS,
                # Their Gram matrices are divided by H W only, ours by H W C.
                "layer_weights": tuple(c**2 / 5 for c in (64, 128, 256, 512, 512)),
            },
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
            "vgg19",
            content={"layers": ("conv2_2",)},
            style={
                "layers": ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"),
                "layer_weights": (1.0,) * 5,
            },
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


def make_config(preset: str = "fast_style", **options) -> OptimizeConfig:
    """Returns a preset's config, with some fields replaced.

    Args:
        preset: A name in `presets.PRESETS`.
        **options: Fields of `OptimizeConfig`, or of single terms, such as
            `terms.style.weight`.

    Raises:
        ValueError: If there is no such preset, or a value is impossible.
        TypeError: If there is no such field.
    """
    if preset not in PRESETS:
        raise ValueError(
            f"`preset` must be one of {', '.join(PRESETS)}. Received: preset={preset!r}"
        )
    known = [field.name for field in dataclasses.fields(OptimizeConfig)]
    base = PRESETS[preset].config
    options = merge_terms(options, base.terms)
    for name in options.keys() - set(known):
        raise TypeError(f"`optimize` has no option {name!r}.{suggest(name, known)}")
    return dataclasses.replace(base, **options)
