"""The variants of the training recipe that `recipe.py` tries."""

import dataclasses

_STYLE_LAYERS = "terms.style.layers"
_CONTENT_LAYERS = "terms.content.layers"
_WHITE = {"noise_blurs": ()}
# Fields of `TrainConfig`, or of single terms of its default loss. A dict under
# "architecture" replaces fields of the generator `fast`.
VARIANTS = {
    "base": {},
    # Style.
    "style relu1_2 to relu4_3": {
        _STYLE_LAYERS: ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
    },
    "style relu1_1 to relu4_1": {
        _STYLE_LAYERS: ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
    },
    "style at one level": {"terms.style.levels": (1.0,)},
    "style levels 0.4 and 0.6": {"terms.style.levels": (0.4, 0.6)},
    "style at three levels": {"terms.style.levels": (0.4, 0.3, 0.3)},
    "style 2.5": {"terms.style.weight": 2.5},
    "style 6": {"terms.style.weight": 6.0},
    "style squared": {"terms.style.distance": "squared"},
    "style gram": {"terms.style.statistics": "gram"},
    "painting 384": {"style_image_size": 384},
    "painting 768": {"style_image_size": 768},
    # Content.
    "content 1.0": {"terms.content.weight": 1.0},
    "content 2.0": {"terms.content.weight": 2.0},
    "content raw": {"terms.content.normalization": "none"},
    "content relu3_3": {_CONTENT_LAYERS: ("relu3_3",)},
    "content relu4_2": {_CONTENT_LAYERS: ("relu4_2",)},
    # Photos.
    "crops 192 of more steps": {"image_size": 192, "steps_factor": 1.75},
    "crops 384 of fewer steps": {"image_size": 384, "steps_factor": 0.45},
    "batch 4 of half the steps": {"batch_size": 4, "steps_factor": 0.5},
    "crops from 0.6": {"min_crop_scale": 0.6},
    # Optimizer and length.
    "rate 1.5e-3": {"learning_rate": 1.5e-3},
    "rate 6e-3": {"learning_rate": 6e-3},
    "adam": {"optimizer": "adam"},
    "2.5 times the steps, content 2.0": {
        "steps_factor": 2.5,
        "terms.content.weight": 2.0,
    },
    # Generator.
    "johnson": {"generator": "johnson"},
    "tiny": {"generator": "tiny"},
    "white noise": {"architecture": _WHITE},
    "no noise": {"architecture": {"noise_channels": 0, **_WHITE}},
    "photo not at the end": {"architecture": {"has_skip": False}},
    "half as wide again": {
        "architecture": {"down": ((48, 5, 2), (96, 3, 2)), "up": (48, 24)}
    },
    # Chance.
    "seed 1": {"seed": 1},
}


def find_overrides(name: str, *, steps: int) -> dict:
    """Returns a variant's fields of `TrainConfig`; registers its generator, if any.

    Args:
        name: One of `VARIANTS`.
        steps: Steps of a variant that says nothing of them.
    """
    from fast_style.models.architectures import ARCHITECTURES

    overrides = dict(VARIANTS[name])
    overrides["num_steps"] = round(steps * overrides.pop("steps_factor", 1))
    if fields := overrides.pop("architecture", None):
        ARCHITECTURES["varied"] = dataclasses.replace(ARCHITECTURES["fast"], **fields)
        overrides["generator"] = "varied"
    return overrides
