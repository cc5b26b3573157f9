"""The variants of the training recipe that `recipe.py` tries."""

import dataclasses

_RESNET_STYLE = {
    "terms.motifs.network": "resnet50",
    "terms.motifs.layers": ("layer1.2", "layer2.1", "layer2.3", "layer3.1", "layer3.3"),
    "terms.motifs.temperature": 1.5,
}
_RESNET_CONTENT = {
    "terms.content.network": "resnet50",
    "terms.content.layers": ("layer2.2", "layer3.0"),
}
_BOTH_STYLES = {
    "terms.motifs.weight": 1.5,
    "terms.resnet.kind": "style",
    "terms.resnet.weight": 1.5,
    **{k.replace("motifs", "resnet"): v for k, v in _RESNET_STYLE.items()},
}
_BOTH_FOR_ALL = {
    **_BOTH_STYLES,
    "terms.shapes.kind": "content",
    "terms.shapes.normalization": "instance",
    **{k.replace("content", "shapes"): v for k, v in _RESNET_CONTENT.items()},
}
# Fields of `TrainConfig`, or of single terms of its default loss. A dict under
# "architecture" replaces fields of the generator `fast`.
VARIANTS = {
    "base": {},
    # Networks.
    "no deep network": {
        "terms.motifs.weight": 0.0,
        "terms.content.weight": 0.0,
        "terms.outlines.weight": 1.0,
    },
    "resnet": {**_RESNET_STYLE, **_RESNET_CONTENT},
    "resnet for content": _RESNET_CONTENT,
    "resnet for style": _RESNET_STYLE,
    "both for style": _BOTH_STYLES,
    **{
        f"both for all {weight:g}": {
            **_BOTH_FOR_ALL,
            "terms.content.weight": weight,
            "terms.shapes.weight": weight,
        }
        for weight in (0.4, 0.5, 0.6, 0.75, 1.0)
    },
    "both for all 0.5 squared": {
        **_BOTH_FOR_ALL,
        "terms.content.weight": 0.5,
        "terms.shapes.weight": 0.5,
        "terms.motifs.distance": "squared",
        "terms.motifs.weight": 2.0,
        "terms.resnet.distance": "squared",
        "terms.resnet.weight": 2.0,
    },
    # Style.
    "motifs 1.5": {"terms.motifs.weight": 1.5},
    "motifs 4": {"terms.motifs.weight": 4.0},
    "strokes 0.5": {"terms.strokes.weight": 0.5},
    "strokes 2": {"terms.strokes.weight": 2.0},
    "motifs at half resolution": {"terms.motifs.levels": (0.0, 1.0)},
    "motifs at two levels": {"terms.motifs.levels": (0.5, 0.5)},
    "motifs fire2 to fire9": {
        "terms.motifs.layers": tuple(f"fire{i}" for i in range(2, 10))
    },
    "motifs fire4 to fire6": {"terms.motifs.layers": ("fire4", "fire5", "fire6")},
    "motifs fire5 to fire9": {
        "terms.motifs.layers": tuple(f"fire{i}" for i in range(5, 10))
    },
    "motifs smoothed": {"terms.motifs.temperature": 1500.0},
    "motifs gram": {"terms.motifs.statistics": "gram"},
    "painting 384": {"style_image_size": 384},
    "painting 768": {"style_image_size": 768},
    # Content.
    "content raw": {"terms.content.normalization": "none"},
    "content 0.5": {"terms.content.weight": 0.5},
    "content 1.5": {"terms.content.weight": 1.5},
    "content fire4": {"terms.content.layers": ("fire4",)},
    "content fire8": {"terms.content.layers": ("fire8",)},
    "content fire3 fire5 fire8": {"terms.content.layers": ("fire3", "fire5", "fire8")},
    "outlines 0": {"terms.outlines.weight": 0.0},
    "outlines 0.5": {"terms.outlines.weight": 0.5},
    # Photos.
    "crops 192": {"image_size": 192},
    "crops 192 of more steps": {"image_size": 192, "steps_factor": 1.75},
    "crops 128 batch 4": {"image_size": 128, "batch_size": 4},
    "batch 1 of more steps": {"batch_size": 1, "steps_factor": 1.75},
    "crops from 0.6": {"min_crop_scale": 0.6},
    # Optimizer and length.
    "rate 1.5e-3": {"learning_rate": 1.5e-3},
    "rate 5e-3": {"learning_rate": 5e-3},
    "three times the steps": {"steps_factor": 3},
    # Generator.
    "johnson": {"generator": "johnson"},
    "tiny": {"generator": "tiny"},
    "no noise": {"architecture": {"noise_channels": 0}},
    "photo not at the end": {"architecture": {"has_skip": False}},
    "half as wide again": {
        "architecture": {"down": ((48, 5, 2), (96, 3, 2)), "up": (48, 24)}
    },
    "8 blocks": {"architecture": {"num_residual_blocks": 8}},
    "3 blocks": {"architecture": {"num_residual_blocks": 3}},
    "output 150 tanh": {"architecture": {"output_gain": 150.0}},
    # The knob.
    "style weight 0.25": {"style_weight": 0.25},
    "style weight 0.5": {"style_weight": 0.5},
    "style weight 2": {"style_weight": 2.0},
    "style weight 4": {"style_weight": 4.0},
    # Chance.
    "seed 1": {"seed": 1},
}


def find_overrides(name: str, *, resnet: str, steps: int) -> dict:
    """Returns a variant's fields of `TrainConfig`; registers its generator, if any.

    Args:
        name: One of `VARIANTS`.
        resnet: Weights of ResNet-50.
        steps: Of a variant that says nothing of them.
    """
    from fast_style.models.architectures import ARCHITECTURES

    overrides = dict(VARIANTS[name])
    overrides["num_steps"] = round(steps * overrides.pop("steps_factor", 1))
    if changes := overrides.pop("architecture", None):
        ARCHITECTURES["variant"] = dataclasses.replace(ARCHITECTURES["fast"], **changes)
        overrides["generator"] = "variant"
    networks = [key for key, value in overrides.items() if value == "resnet50"]
    for key in networks:
        overrides[f"{key}_weights"] = resnet
    return overrides
