import pathlib
import subprocess
import sys

import pytest

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.paths import check_paths
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.registry import NETWORKS
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


def test_nor_are_empty_train_images_when_photos_are_read(tmp_path):
    (tmp_path / "style.jpg").touch()
    # Who gives crops of their own to a trainer has no folder.
    config = TrainConfig(style_image=str(tmp_path / "style.jpg"), train_images="")

    with pytest.raises(ValueError, match=r"`train_images` must be a path\."):
        check_paths(config)


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


class TestPaths:
    def make(self, tmp_path, **changes):
        (tmp_path / "style.jpg").touch()
        (tmp_path / "photos").mkdir(exist_ok=True)
        paths = {
            "style_image": str(tmp_path / "style.jpg"),
            "train_images": str(tmp_path / "photos"),
        }
        return TrainConfig(**{**paths, **changes})

    def make_with_weights(self, tmp_path, network, weights):
        layer = next(iter(NETWORKS[network].layers))
        term = StyleTerm(network=network, layers=layer, network_weights=weights)
        return self.make(
            tmp_path, terms={"fine": StyleTerm(layers="relu1_1"), "a": term}
        )

    @pytest.mark.parametrize("network", NETWORKS)
    def test_all_there_is_fine(self, tmp_path, network):
        for weights in ("", *NETWORKS[network].weights):
            check_paths(self.make_with_weights(tmp_path, network, weights))

        (tmp_path / "mine.npz").touch()
        weights = str(tmp_path / "mine.npz")
        check_paths(self.make_with_weights(tmp_path, network, weights))

    @pytest.mark.parametrize(
        "name", ["style_image", "train_images", "coco_annotations", "sample_images"]
    )
    def test_a_missing_one_is_named(self, tmp_path, name):
        with pytest.raises(FileNotFoundError, match=f"`{name}` must be .* exists"):
            check_paths(self.make(tmp_path, **{name: "nowhere.npz"}))

    @pytest.mark.parametrize(
        ("network", "weights"),
        [
            ("vgg16", "nowhere.npz"),
            ("pocket", "absent.npz"),
            ("pocket", "imagenet"),  # A name that only other networks know.
            ("resnet50", "bundled"),
        ],
    )
    def test_missing_weights_are_named_with_their_term(
        self, tmp_path, network, weights
    ):
        config = self.make_with_weights(tmp_path, network, weights)

        with pytest.raises(
            FileNotFoundError,
            match=rf"`terms.a.network_weights` must be a file.*='{weights}'",
        ):
            check_paths(config)


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
