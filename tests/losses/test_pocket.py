import pathlib

import numpy as np
import pytest

from fast_style.cli.app import main
from fast_style.io.images import load_resized
from fast_style.io.images import save_image
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.pocket import load_pocket
from fast_style.losses.networks.pocket import POCKET_CONVOLUTIONS
from fast_style.losses.networks.pocket import POCKET_FILE
from fast_style.losses.networks.pocket import POCKET_LAYERS
from fast_style.losses.networks.vgg_weights import load_weights
from fast_style.samples import find_sample_photos
from fast_style.training.distillation import distill
from fast_style.training.distillation import feature_errors

DATA = pathlib.Path(__file__).parent.parent / "data"


def convolve(x, kernel, bias):
    size = kernel.shape[0] // 2
    padded = np.pad(x, ((size, size), (size, size), (0, 0)))
    height, width = x.shape[:2]
    y = bias + sum(
        padded[i : i + height, j : j + width] @ kernel[i, j]
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    )
    return np.maximum(y, 0)


class TestPocketNetwork:
    def test_is_the_network_of_its_table(self, rng):
        network = load_pocket()
        image = rng.uniform(0, 255, (12, 10, 3))
        w = network.weights
        x = image - (123.68, 116.779, 103.939)
        trunk = convolve(convolve(x, *w["trunk1"]), *w["trunk2"])
        pooled = trunk.reshape(6, 2, 5, 2, -1).max(axis=(1, 3))
        half = convolve(pooled, *w["trunk3"])
        expected = {
            "relu1_1": convolve(x, *w["relu1_1"]),
            "relu1_2": convolve(trunk, *w["relu1_2"]),
            "relu2_1": convolve(half, *w["relu2_1"]),
            "relu2_2": convolve(convolve(half, *w["trunk4"]), *w["relu2_2"]),
        }

        features = network(image[None].astype("float32"), POCKET_LAYERS)

        for layer, values in expected.items():
            scale = np.abs(values).max()
            np.testing.assert_allclose(features[layer][0], values, atol=1e-4 * scale)

    def test_has_the_shapes_of_vgg16(self, rng):
        images = rng.uniform(0, 255, (2, 21, 34, 3)).astype("float32")
        vgg = make_loss_network(POCKET_LAYERS, weights="random")

        small = load_pocket()(images, POCKET_LAYERS)

        for layer, features in vgg(images, POCKET_LAYERS).items():
            assert small[layer].shape == features.shape

    def test_computes_only_what_is_asked_for(self, rng):
        images = rng.uniform(0, 255, (1, 16, 16, 3)).astype("float32")
        every = load_pocket()(images, POCKET_LAYERS)

        for layer in POCKET_LAYERS:
            alone = load_pocket()(images, (layer,))
            assert set(alone) == {layer}
            np.testing.assert_allclose(alone[layer], every[layer], rtol=1e-5)

    def test_is_small_and_cheap(self):
        table = POCKET_CONVOLUTIONS
        weights = sum(k * k * i * o + o for k, i, o in table.values())
        halves = ("trunk3", "relu2_1", "trunk4", "relu2_2")
        products = sum(
            k * k * i * o / (4 if name in halves else 1)
            for name, (k, i, o) in table.items()
        )
        vgg = 9 * (3 * 64 + 64 * 64 + (64 * 128 + 128 * 128) / 4)

        assert weights <= 150_000
        assert POCKET_FILE.stat().st_size <= 400_000
        assert products <= vgg / 3

    @pytest.mark.data
    def test_sees_what_vgg16_sees_on_photos(self):
        photos = [
            load_resized(find_sample_photos() / name, 256)
            for name in ("coffee.png", "chelsea.png", "rocket.jpg")
        ]
        teacher = make_loss_network(
            POCKET_LAYERS, weights=DATA / "vgg16" / "vgg16_blocks_1_2.npz"
        )
        for photo in photos:
            errors = feature_errors(
                load_pocket()(photo[None], POCKET_LAYERS),
                teacher(photo[None], POCKET_LAYERS),
            )
            for layer, error in errors.items():
                assert float(error) < 0.25, layer


class TestMakeLossNetwork:
    def test_knows_it_by_name(self):
        assert make_loss_network(("relu2_2",), weights="pocket").name == "pocket"

    @pytest.mark.parametrize(
        "options",
        [{"name": "vgg19"}, {"pooling": "average"}, {"layers": ("relu3_1",)}],
    )
    def test_says_what_it_cannot_stand_for(self, options):
        layers = options.pop("layers", ("relu1_1",))

        with pytest.raises(ValueError, match="stands for vgg16 with max pooling"):
            make_loss_network(layers, weights="pocket", **options)


@pytest.fixture
def vgg16_path(tmp_path):
    arrays = {}
    for name, (kernel, bias) in load_weights("random").items():
        if name[5] in "12":
            arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
    np.savez(tmp_path / "vgg.npz", **arrays)
    return tmp_path / "vgg.npz"


@pytest.fixture
def photos(tmp_path):
    """Twenty small pieces of a photo, which are read quickly."""
    photo = load_resized(find_sample_photos() / "coffee.png", 0)
    for number in range(20):
        top, left = 60 * (number // 5), 100 * (number % 5)
        piece = photo[top : top + 100, left : left + 100]
        save_image(piece, tmp_path / "photos" / f"{number:02d}.png")
    return tmp_path / "photos"


class TestDistill:
    def test_lowers_the_error_and_writes_a_network_that_loads(
        self, photos, vgg16_path, tmp_path
    ):
        output = tmp_path / "new" / "pocket.npz"
        options = {"vgg16_weights": vgg16_path, "image_size": 32}

        before, after = (
            distill(photos, output, num_steps=steps, num_held_out=2, **options)
            for steps in (1, 100)
        )

        assert set(after) == set(POCKET_LAYERS)
        assert sum(after.values()) < 0.7 * sum(before.values())
        images = np.full((1, 16, 16, 3), 99, "float32")
        assert load_pocket(output)(images, ("relu2_2",))["relu2_2"].shape[-1] == 128

    def test_the_command_says_what_is_missed(
        self, photos, vgg16_path, tmp_path, capsys
    ):
        output = tmp_path / "pocket.npz"

        code = main(
            [
                "distill",
                f"--photos={photos}",
                f"--output={output}",
                f"--vgg16_weights={vgg16_path}",
                "--num_steps=1",
            ]
        )

        assert code == 0
        assert (
            f"{output} misses, on held-out photos: relu1_1" in capsys.readouterr().out
        )
        assert output.is_file()

    def test_needs_photos(self, tmp_path):
        with pytest.raises(ValueError, match="more than `num_held_out` pictures"):
            distill(tmp_path, tmp_path / "new" / "pocket.npz")

        assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize(
        ("output", "num_held_out", "message"),
        [("pocket.npz", 0, "at least 1"), (".", 2, "`output` must be a file")],
    )
    def test_what_would_fail_in_the_end_is_refused_at_once(
        self, photos, tmp_path, output, num_held_out, message
    ):
        with pytest.raises(ValueError, match=message):
            distill(photos, tmp_path / output, num_held_out=num_held_out)

    def test_errors_are_relative_to_the_spread(self, rng):
        target = rng.normal(3, 2, (2, 8, 8, 4)).astype("float32")

        errors = feature_errors(
            {
                "equal": target,
                "mean": np.broadcast_to(target.mean((0, 1, 2)), target.shape),
            },
            {"equal": target, "mean": target},
        )

        assert float(errors["equal"]) == 0
        assert float(errors["mean"]) == pytest.approx(1, rel=1e-4)
