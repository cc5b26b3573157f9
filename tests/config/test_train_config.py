import dataclasses
import pathlib

import pytest

from fast_style.config.config_files import read_config
from fast_style.config.serialization import from_json
from fast_style.config.serialization import to_json
from fast_style.config.train_config import check_paths
from fast_style.config.train_config import GENERATORS
from fast_style.config.train_config import LOSS_NETWORKS
from fast_style.config.train_config import OPTIMIZERS
from fast_style.config.train_config import POOLINGS
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.vgg import POOLINGS
from fast_style.losses.networks.vgg_weights import NUM_CONVOLUTIONS
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
        style_layers=["relu1_1"],
        style_weight=3,
    )

    assert made.style_image == "style.jpg"
    assert made.style_layers == ("relu1_1",)
    assert isinstance(made.style_weight, float)


def test_words_with_commas_become_a_tuple():
    made = make_config(style_layers="relu1_1, relu2_1", coco_categories="")

    assert made.style_layers == ("relu1_1", "relu2_1")
    assert made.coco_categories == ()


def test_choices_are_those_of_the_parts():
    assert set(GENERATORS) == set(ARCHITECTURES)
    assert set(OPTIMIZERS) == set(OPTIMIZERS)
    assert POOLINGS == POOLINGS
    assert set(LOSS_NETWORKS) == set(NUM_CONVOLUTIONS)


@pytest.mark.parametrize(
    "options",
    [
        {"generator": "huge"},
        {"loss_network": "alexnet"},
        {"style_statistics": "mean"},
        {"scaling": "none"},
        {"precision": "float64"},
        {"loss_network_pooling": "sum"},
        {"loss_network_padding": "ones"},
        {"style_distance": "cubed"},
        {"optimizer": "sgd"},
        {"loss_jitter": -1},
        {"ema_momentum": 1.0},
        {"learning_rate_schedule": "linear"},
        {"style_weight": -1.0},
        {"content_weight": float("nan")},
        {"learning_rate": 0.0},
        {"batch_size": 0},
        {"image_size": 130},
        {"image_size": 8},
        {"min_crop_scale": 0.0},
        {"min_crop_scale": 1.5},
        {"warmup_steps": 7_000},
        {"batch_size": 2.5},
        {"batch_size": True},
        {"seed": -1},
        {"style_layers": ()},
        {"style_layers": ("r",)},
        {"style_layers": ("relu1_1", "relu1_1")},
        {"style_layers": ("relux_9",)},
        {"style_layers": (1,)},
        {"style_layer_weights": (1.0, float("inf"), 1.0, 1.0)},
        {"content_levels": (0.5, -0.5)},
        {"style_layer_weights": (1.0,)},
        {"content_levels": ()},
        {"style_levels": ()},
        {"style_levels": (0.5, -0.5)},
        {"coco_categories": ("dog",)},
        {"num_checkpoints": 0},
    ],
    ids=str,
)
def test_impossible_values_are_refused_by_name(options):
    with pytest.raises((ValueError, TypeError), match=f"`{next(iter(options))}`"):
        make_config(**options)


def test_crops_too_small_for_the_pyramid_are_refused_with_the_size_needed():
    with pytest.raises(ValueError, match="use at least 136"):
        make_config(image_size=64, style_layers=("relu4_1",))


def test_json_round_trip():
    original = make_config(style_layers=("relu1_1",), style_weight=2.5)

    assert from_json(to_json(original)) == original


def test_json_with_an_unknown_field_suggests_the_right_one():
    with pytest.raises(ValueError, match="Did you mean 'style_weight'"):
        from_json('{"style_wieght": 3}')


class TestPaths:
    def make(self, tmp_path, **changes):
        (tmp_path / "style.jpg").touch()
        (tmp_path / "photos").mkdir(exist_ok=True)
        paths = {
            "style_image": str(tmp_path / "style.jpg"),
            "train_images": str(tmp_path / "photos"),
        }
        return TrainConfig(**{**paths, **changes})

    def test_all_there_is_fine(self, tmp_path):
        check_paths(self.make(tmp_path))

    @pytest.mark.parametrize(
        "name",
        [
            "style_image",
            "train_images",
            "coco_annotations",
            "sample_images",
            "loss_network_weights",
        ],
    )
    def test_a_missing_one_is_named(self, tmp_path, name):
        with pytest.raises(FileNotFoundError, match=f"`{name}` must be .* exists"):
            check_paths(self.make(tmp_path, **{name: "nowhere.npz"}))


class TestCommandLine:
    def test_overrides_have_the_type_of_the_field(self):
        read = read_config(
            "smoke",
            [
                "--config.style_weight=3",
                "--config.num_steps=7",
                "--config.style_layers=('relu1_1', 'relu1_2')",
                "--config.train_images=my photos/all of them",
            ],
        )

        assert read.style_weight == 3.0
        assert isinstance(read.style_weight, float)
        assert read.num_steps == 7
        assert read.style_layers == ("relu1_1", "relu1_2")
        assert read.train_images == "my photos/all of them"

    def test_a_path_and_a_name_find_the_same_file(self, tmp_path):
        path = tmp_path / "mine.py"
        path.write_text(
            "from fast_style.config.train_config import TrainConfig\n"
            "def get_config():\n"
            "    return TrainConfig(style_image='a', train_images='b', seed=42)\n"
        )

        assert read_config(str(path), []).seed == 42
        assert read_config("smoke", []).generator == "tiny"

    @pytest.mark.parametrize(
        ("override", "message"),
        [
            ("--config.style_wieght=3", r"\. Did you mean 'style_weight'\?$"),
            ("--config.num_steps=many", "num_steps=many"),
            ("--config.num_steps=2.5", "num_steps=2.5"),
            ("--style_weight=3", "style_weight"),
            ("style_weight=3", "--config.field=value"),
        ],
    )
    def test_mistakes_are_explained(self, override, message):
        with pytest.raises(ValueError, match=message):
            read_config("smoke", ["--config.num_steps=4", override])

    def test_a_file_without_a_config_is_explained(self, tmp_path):
        path = tmp_path / "mine.py"
        path.write_text("config = 3\n")

        with pytest.raises(ValueError, match=r"a function `get_config\(\)`"):
            read_config(str(path), [])

    def test_an_unknown_config_lists_the_known_ones(self):
        with pytest.raises(
            ValueError, match=r"one of .*smoke.* Received: config='nope'"
        ):
            read_config("nope", [])


def test_every_field_has_a_type_that_the_command_line_can_set():
    allowed = {str, int, float, tuple[str, ...], tuple[float, ...]}

    assert {field.type for field in dataclasses.fields(TrainConfig)} <= allowed
