import pathlib
import subprocess
import sys

import pytest

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.models.architectures import ARCHITECTURES
from fast_style.training.optimizers.registry import OPTIMIZERS


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


def test_the_defaults_are_possible():
    assert make_config().generator == "fast"


def test_lists_and_paths_become_what_the_fields_hold():
    made = TrainConfig(
        style_image=pathlib.Path("style.jpg"),
        train_images="photos",
        coco_annotations=pathlib.Path("instances.json"),
        coco_categories=["dog", "cat"],
        style_weight=3,
    )

    assert made.style_image == "style.jpg"
    assert made.coco_annotations == "instances.json"
    assert made.coco_categories == ("dog", "cat")
    assert isinstance(made.style_weight, float)


def test_words_with_commas_become_a_tuple():
    made = make_config(coco_annotations="a", coco_categories="dog, traffic light")

    assert made.coco_categories == ("dog", "traffic light")
    assert make_config(coco_categories="").coco_categories == ()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_generator_of_the_registry_can_be_named(name):
    assert make_config(generator=name).generator == name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_of_the_registry_can_be_named(name):
    assert make_config(optimizer=name).optimizer == name


@pytest.mark.parametrize(
    "options",
    [
        {"generator": "huge"},
        {"precision": "float64"},
        {"optimizer": "sgd"},
        {"distribute": "all"},
        {"loss_jitter": -1},
        {"ema_momentum": 1.0},
        {"learning_rate_schedule": "linear"},
        {"learning_rate": 0.0},
        {"batch_size": 0},
        {"batch_size": 2.5},
        {"batch_size": True},
        {"image_size": 130},
        {"image_size": 8},
        {"image_size": 1_000_000},
        {"style_image_size": 1_000_000},
        {"sample_image_size": 1_000_000},
        {"min_crop_scale": 0.0},
        {"min_crop_scale": 1.5},
        {"warmup_steps": 7_000},
        {"warmup_steps": -2},
        {"seed": -1},
        {"coco_categories": ("dog",)},
        {"num_checkpoints": 0},
    ],
    ids=str,
)
def test_impossible_values_are_refused_by_name(options):
    with pytest.raises((ValueError, TypeError), match=f"`{next(iter(options))}`"):
        make_config(**options)


def test_an_unknown_field_is_answered_with_the_nearest():
    with pytest.raises(TypeError, match=r"no field 'sede'\. Did you mean 'seed'\?"):
        make_config(sede=3)


def test_an_empty_style_image_is_not_the_current_folder():
    with pytest.raises(ValueError, match=r"`style_image` must be a path\."):
        TrainConfig(style_image=" ", train_images="photos")


def test_one_style_or_several_not_both():
    with pytest.raises(ValueError, match="Either `style_image` or `style_images`"):
        make_config(style_images=("a.jpg",))
    several = TrainConfig(style_images="a.jpg, b.jpg", train_images="photos")
    assert several.style_images == ("a.jpg", "b.jpg")


def test_the_least_style_weight_is_below_the_other():
    with pytest.raises(ValueError, match="`min_style_weight` must be below"):
        make_config(min_style_weight=2.0, style_weight=1.5)


def test_crops_too_small_for_the_pyramid_are_refused_with_the_size_needed():
    terms = {
        "outlines": ContentTerm(layers="relu2_2", levels=(0, 0, 1)),
        "deep": StyleTerm(network="vgg16", layers="relu4_1", levels=(1, 1, 1, 1)),
    }
    with pytest.raises(
        ValueError,
        match=r"4 pyramid levels with relu4_1 in `terms.deep`.*use at least 136",
    ):
        make_config(image_size=64, terms=terms)

    assert make_config(image_size=136, terms=terms).image_size == 136


def test_each_term_asks_for_as_large_crops_as_its_own_levels_need():
    deep = StyleTerm(network="vgg16", layers="relu4_1")
    coarse = StyleTerm(layers="relu1_1", levels=(0, 0, 1))

    # 2 x 2 activations of stride 8, or of stride 1 at a quarter; and 7 of jitter.
    assert make_config(image_size=24, terms={"deep": deep}).image_size == 24
    assert make_config(image_size=16, terms={"coarse": coarse}).image_size == 16
    with pytest.raises(ValueError, match=r"in `terms.deep`.*use at least 24"):
        make_config(image_size=20, terms={"coarse": coarse, "deep": deep})


@pytest.mark.parametrize(
    ("num_steps", "expected"),
    [(1, 0), (3, 0), (8, 1), (100, 12), (399, 49), (400, 50), (3_000, 50)],
)
def test_the_default_warmup_shrinks_with_the_training(num_steps, expected):
    assert make_config(num_steps=num_steps).num_warmup_steps == expected


def test_a_warmup_that_is_given_is_kept():
    config = make_config(num_steps=10, warmup_steps=7)

    assert config.num_warmup_steps == 7
    assert make_config(warmup_steps=0).num_warmup_steps == 0


def test_configs_are_read_without_heavy_packages():
    heavy = "keras", "tensorflow", "numpy", "PIL", "matplotlib", "scipy"
    code = (
        "import sys\n"
        "from fast_style.config import LossConfig, OptimizeConfig, TrainConfig\n"
        "from fast_style.config import from_json, read_config, to_json\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert process.stdout.strip() == "[]"
