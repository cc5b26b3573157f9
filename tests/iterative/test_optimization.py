"""Checked against VGG and each source's formulas, written once more in NumPy."""

import csv
import dataclasses

import numpy as np
from PIL import Image
import pytest

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.iterative import optimization
from fast_style.iterative.optimization import make_config
from fast_style.iterative.optimization import optimize
from fast_style.iterative.presets import PRESETS
from fast_style.iterative.solvers import make_value_and_grad
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.vgg_weights import load_weights
from fast_style.losses.networks.vgg_weights import NUM_CONVOLUTIONS

CLASSIC = [name for name in PRESETS if name != "fast_style"]


def make_picture(rng, height, width):
    # Smooth, with some noise, so that no ReLU is near its kink everywhere.
    y, x = np.mgrid[:height, :width][..., None] / 8
    waves = 127 + 90 * np.sin(x + rng.uniform(0, 6, 3)) * np.cos(y + rng.uniform(0, 6))
    return np.clip(waves + rng.normal(0, 8, waves.shape), 0, 255).astype("uint8")


def compute_vgg(weights, counts, image, pooling):
    """All features before (`conv`) and after (`relu`) the ReLUs, in float64."""
    x = image[..., ::-1].astype("float64") - (103.939, 116.779, 123.68)
    features = {}
    for block, count in enumerate(counts, start=1):
        if block > 1:
            height, width = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
            x = x[:height, :width].reshape(height // 2, 2, width // 2, 2, -1)
            x = x.max(axis=(1, 3)) if pooling == "max" else x.mean(axis=(1, 3))
        for number in range(1, count + 1):
            kernel, bias = weights[f"block{block}_conv{number}"]
            padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
            x = bias + sum(
                padded[i : i + x.shape[0], j : j + x.shape[1]] @ kernel[i, j]
                for i in range(3)
                for j in range(3)
            )
            features[f"conv{block}_{number}"] = x
            x = np.maximum(x, 0)
            features[f"relu{block}_{number}"] = x
    return features


def gram(features):
    flat = features.reshape(-1, features.shape[-1])
    return flat.T @ flat


def gatys2016(x, c, s):
    content = ((x["relu4_2"] - c["relu4_2"]) ** 2).sum() / 2
    style = 0
    for number in range(1, 6):
        layer = f"relu{number}_1"
        (m_x, m_s), n = (f[layer][..., 0].size for f in (x, s)), x[layer].shape[-1]
        squares = (gram(x[layer]) / m_x - gram(s[layer]) / m_s) ** 2
        style += squares.sum() / (4 * n**2) / 5
    return 1e-3 * content + style, 1e3


def vgg16_adam(x, c, s):
    content = sum(np.mean((x[n] - c[n]) ** 2) for n in ("relu1_2", "relu2_2"))
    grams = [gram(f["relu4_3"]) / f["relu4_3"].size for f in (x, s)]
    return 0.1 * content + 500 * np.mean((grams[0] - grams[1]) ** 2), 1


def keras_vgg19(x, c, s):
    content = np.mean((x["relu5_2"] - c["relu5_2"]) ** 2)
    style = 0
    for number in range(1, 6):
        layer = f"relu{number}_1"
        grams = [gram(f[layer]) / f[layer][..., 0].size for f in (x, s)]
        style += np.mean((grams[0] - grams[1]) ** 2)
    return 1e3 * content + 1e-2 * style / 5, 1


def pytorch_tutorial(x, c, s):
    x, c, s = ({k: v / (255 * 0.226) for k, v in f.items()} for f in (x, c, s))
    content = np.mean((x["conv2_2"] - c["conv2_2"]) ** 2)
    style = 0
    for layer in ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"):
        grams = [gram(f[layer]) / f[layer].size for f in (x, s)]
        style += np.mean((grams[0] - grams[1]) ** 2)
    return content + 1e6 * style, 1


FORMULAS = (gatys2016, vgg16_adam, keras_vgg19, pytorch_tutorial)


class TestPresets:
    def test_each_classic_one_is_checked(self):
        assert [formula.__name__ for formula in FORMULAS] == CLASSIC

    @pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.__name__)
    def test_loss_and_gradient_are_those_of_the_source(self, formula, rng):
        config = make_config(formula.__name__, loss_network_weights="random")
        weights = load_weights("random", name=config.loss_network, seed=0)
        counts = NUM_CONVOLUTIONS[config.loss_network]
        content, style = make_picture(rng, 18, 23), make_picture(rng, 21, 16)
        picture = make_picture(rng, 18, 23).astype("float64")

        def look(image):
            return compute_vgg(weights, counts, image, config.loss_network_pooling)

        content_features, style_features = look(content), look(style)

        def compute(image):
            loss, factor = formula(look(image), content_features, style_features)
            return loss * factor

        loss = make_perceptual_loss(config, style.astype("float32"))
        targets = loss.content_features(content[None].astype("float32"))
        differentiate = make_value_and_grad(
            lambda images: loss.compare(targets, images)
        )
        terms, gradient = differentiate(picture)
        np.testing.assert_allclose(sum(terms.values()), compute(picture), rtol=1e-4)

        for _ in range(3):
            direction = rng.normal(size=picture.shape)
            ahead, behind = (compute(picture + h * direction) for h in (1e-4, -1e-4))
            expected = (ahead - behind) / 2e-4
            np.testing.assert_allclose(
                (gradient * direction).sum(),
                expected,
                atol=0.01 * np.linalg.norm(gradient),
            )

    @pytest.mark.parametrize("preset", PRESETS)
    def test_lower_the_loss_in_a_few_steps_on_random_features(self, preset, rng):
        result = optimize(
            make_picture(rng, 40, 32),
            make_picture(rng, 48, 36),
            preset=preset,
            loss_network_weights="random",
            image_size=32,
            style_image_size=32,
            num_steps=24,
            is_verbose=False,
        )

        losses = [row["loss"] for row in result.losses]
        # Half of a squared distance is 0.71 of a plain one.
        factor = 0.71 if preset == "fast_style" else 0.5
        assert min(losses) < factor * losses[0]
        assert result.image.size == (26, 32)

    @pytest.mark.parametrize("preset", CLASSIC)
    def test_name_the_layers_that_a_file_lacks(self, preset, rng, tmp_path):
        arrays = {
            f"conv1_{n}/{kind}": array
            for n in (1, 2)
            for kind, array in zip(
                ("kernel", "bias"),
                load_weights("random", name="vgg19")[f"block1_conv{n}"],
                strict=True,
            )
        }
        np.savez(tmp_path / "shallow.npz", **arrays)

        with pytest.raises(ValueError, match="lack block2_conv1"):
            optimize(
                make_picture(rng, 64, 64),
                make_picture(rng, 64, 64),
                preset=preset,
                loss_network_weights=str(tmp_path / "shallow.npz"),
            )

    def test_say_where_they_are_from(self):
        for preset in PRESETS.values():
            assert len(preset.source) > 40
            assert preset.start in ("content", "noise")


@pytest.fixture
def quick():
    return {
        "loss_network_weights": "random",
        "style_layers": ("relu1_1", "relu2_1"),  # Quick to build.
        "style_levels": (0.5, 0.5),
        "content_levels": (0.0, 1.0),
        "image_size": 48,
        "num_steps": 4,
        "is_verbose": False,
    }


class TestOptimize:
    @pytest.mark.parametrize("method", ["adam", "lbfgs"])
    def test_returns_the_picture_with_the_lowest_loss(self, method, rng, quick):
        content, style = make_picture(rng, 48, 40), make_picture(rng, 40, 40)
        # At this rate Adam overshoots, so that the last picture is not the best.
        result = optimize(content, style, method=method, learning_rate=60.0, **quick)

        lowest = min(row["loss"] for row in result.losses)
        again = optimize(
            content,
            style,
            start=result.image,
            method=method,
            **{**quick, "num_steps": 1},
        )
        # The picture was rounded to whole grey levels.
        assert again.losses[0]["loss"] == pytest.approx(lowest, rel=0.05)

    def test_keeps_pixels_in_range_and_shape(self, rng, quick):
        result = optimize(make_picture(rng, 30, 48), make_picture(rng, 40, 40), **quick)

        assert result.image.size == (48, 30)
        assert result.image.mode == "RGB"

    def test_takes_pictures_of_any_kind(self, rng, quick, tmp_path):
        grey = Image.fromarray(make_picture(rng, 48, 48)[..., 0])
        transparent = Image.fromarray(make_picture(rng, 48, 48)).convert("RGBA")
        transparent.save(tmp_path / "style.png")

        result = optimize(grey, tmp_path / "style.png", **quick)

        assert result.image.size == (48, 48)

    def test_one_of_two_styles_with_weight_0_has_no_influence(self, rng, quick):
        content = make_picture(rng, 48, 48)
        one, other = make_picture(rng, 48, 48), 255 - make_picture(rng, 48, 48)

        alone = optimize(content, one, **quick)
        both = optimize(content, [one, other], style_image_weights=(3.0, 0.0), **quick)
        mixed = optimize(content, [one, other], **quick)

        np.testing.assert_array_equal(alone.image, both.image)
        assert np.abs(np.subtract(alone.image, mixed.image, dtype="float")).max() > 1

    def test_noise_has_the_stated_mean_and_deviation(self):
        content = np.zeros((64, 64, 3), "float32")
        config = make_config("vgg16_adam")

        noise = optimization._make_start("noise", content, config)

        # A normal distribution cut at two deviations has 0.8796 of its own.
        assert noise.mean() == pytest.approx(127.5, abs=0.5)
        assert noise.std() == pytest.approx(0.8796 * 20, rel=0.02)
        assert np.abs(noise - 127.5).max() <= 40

    def test_ctrl_c_keeps_the_best_so_far(self, rng, quick, monkeypatch):
        finish_step = optimization.Tracker.finish_step

        def interrupt(self, terms):
            finish_step(self, terms)
            if len(self.losses) == 3:
                raise KeyboardInterrupt

        monkeypatch.setattr(optimization.Tracker, "finish_step", interrupt)
        result = optimize(make_picture(rng, 48, 48), make_picture(rng, 48, 48), **quick)

        assert result.is_interrupted
        assert len(result.losses) == 3
        assert result.losses[2]["loss"] < result.losses[0]["loss"]

    def test_writes_picture_curve_and_steps(self, rng, quick, tmp_path):
        result = optimize(
            make_picture(rng, 48, 48),
            make_picture(rng, 48, 48),
            save_every=2,
            folder=tmp_path / "steps",
            **quick,
        )
        result.save(tmp_path / "out" / "painted.png")

        steps = sorted(path.name for path in (tmp_path / "steps").iterdir())
        assert steps == ["step-00000002.png", "step-00000004.png"]
        with Image.open(tmp_path / "out" / "painted.png") as image:
            assert image.size == (48, 48)
        with Image.open(tmp_path / "out" / "painted_losses.png") as image:
            assert image.width > 100
        with open(tmp_path / "out" / "painted_losses.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [int(row["step"]) for row in rows] == [0, 1, 2, 3, 4]
        assert float(rows[-1]["loss"]) == pytest.approx(result.losses[-1]["loss"])

    def test_shows_progress_with_the_losses(self, rng, quick, capfd):
        optimize(
            make_picture(rng, 48, 48),
            make_picture(rng, 48, 48),
            **{**quick, "is_verbose": True},
        )

        shown = capfd.readouterr().out
        assert "4/4" in shown
        assert "style" in shown

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"preset": "gatys"}, ValueError, "one of fast_style, gatys2016"),
            ({"num_step": 3}, TypeError, "Did you mean 'num_steps'"),
            ({"num_steps": 0}, ValueError, "at least 1"),
            ({"num_steps": 2.5}, TypeError, "of type int"),
            ({"method": "sgd"}, ValueError, "lbfgs, adam"),
            ({"loss_network_pooling": "sum"}, ValueError, "max, average"),
            ({"learning_rate": 0.0}, ValueError, "above 0"),
            ({"style_image_weights": (1.0, 2.0)}, ValueError, "1 style images"),
            ({"style_image_weights": (0.0,)}, ValueError, "not all of them 0"),
            ({"save_every": 5}, ValueError, "go together"),
            ({"image_size": 8}, ValueError, "at least 16 pixels"),
            ({"start": "no_such.png"}, FileNotFoundError, "no_such"),
            ({"style_layers": ("relu3_1",)}, ValueError, "relu1_1, relu1_2, relu2_1"),
        ],
    )
    def test_refuses_what_cannot_be(self, rng, options, error, message):
        with pytest.raises(error, match=message):
            optimize(make_picture(rng, 48, 48), make_picture(rng, 48, 48), **options)

    def test_layers_given_alone_are_weighed_equally(self):
        config = make_config("keras_vgg19", style_layers=("relu1_1", "relu2_1"))

        assert config.style_layer_weights == ()
        assert config.content_layers == ("relu5_2",)


def test_every_field_is_documented():
    config = OptimizeConfig
    documented = config.__doc__ + config.__mro__[1].__doc__

    for field in dataclasses.fields(config):
        assert f" {field.name}: " in documented, field.name
