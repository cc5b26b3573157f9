import csv
import dataclasses
import os
import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.iterative import optimization
from fast_style.iterative.optimization import make_config
from fast_style.iterative.optimization import OptimizationResult
from fast_style.iterative.optimization import optimize


class TestOptimize:
    @pytest.mark.parametrize("method", ["adam", "lbfgs"])
    def test_returns_the_picture_with_the_lowest_loss(
        self, method, make_picture, quick
    ):
        content, style = make_picture(48, 40), make_picture(40, 40)
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

    def test_keeps_pixels_in_range_and_shape(self, make_picture, quick):
        result = optimize(make_picture(30, 48), make_picture(40, 40), **quick)

        assert result.image.size == (48, 30)
        assert result.image.mode == "RGB"

    def test_takes_pictures_of_any_kind(self, make_picture, quick, tmp_path):
        grey = Image.fromarray(make_picture(48, 48)[..., 0])
        transparent = Image.fromarray(make_picture(48, 48)).convert("RGBA")
        transparent.save(tmp_path / "style.png")

        result = optimize(grey, tmp_path / "style.png", **quick)

        assert result.image.size == (48, 48)

    @pytest.mark.slow
    def test_one_of_two_styles_with_weight_0_has_no_influence(
        self, make_picture, quick
    ):
        content = make_picture(48, 48)
        one, other = make_picture(48, 48), 255 - make_picture(48, 48)

        alone = optimize(content, one, **quick)
        both = optimize(content, [one, other], style_image_weights=(3.0, 0.0), **quick)
        mixed = optimize(content, [one, other], **quick)

        # Graphs of one style and of two may round a pixel differently.
        difference = np.subtract(alone.image, both.image, dtype="float")
        assert np.abs(difference).max() <= 1
        assert np.mean(difference != 0) < 0.01
        assert np.abs(np.subtract(alone.image, mixed.image, dtype="float")).max() > 1

    def test_noise_has_the_stated_mean_and_deviation(self):
        content = np.zeros((64, 64, 3), "float32")
        config = make_config("vgg16_adam")

        noise = optimization._make_start("noise", content, config)

        # A normal distribution cut at two deviations has 0.8796 of its own.
        assert noise.mean() == pytest.approx(127.5, abs=0.5)
        assert noise.std() == pytest.approx(0.8796 * 20, rel=0.02)
        assert np.abs(noise - 127.5).max() <= 40

    def test_writes_picture_curve_and_steps(self, make_picture, quick, tmp_path):
        result = optimize(
            make_picture(48, 48),
            make_picture(48, 48),
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

    @pytest.mark.parametrize(
        ("package", "options"),
        [
            ("scipy", {"method": "lbfgs"}),
            ("scipy", {"method": "adam", "start": "noise"}),
        ],
    )
    def test_asks_for_an_extra_before_all_work(self, monkeypatch, package, options):
        monkeypatch.setitem(sys.modules, package, None)  # As if it were not there.

        with pytest.raises(ImportError, match=r'pip install "fast_style\[report\]"'):
            optimize("nowhere.png", "nowhere.png", **options)

    @pytest.mark.parametrize("is_terminal", [False, True])
    def test_shows_losses_as_a_bar_or_as_lines(
        self, make_picture, quick, capfd, monkeypatch, is_terminal
    ):
        if is_terminal:
            monkeypatch.setenv("FORCE_COLOR", "1")
            monkeypatch.setenv("COLUMNS", "100")

        optimize(
            make_picture(48, 48),
            make_picture(48, 48),
            **{**quick, "is_verbose": True},
        )

        shown = "".join(capfd.readouterr())
        assert ("4/4" in shown) == is_terminal
        assert (", style " in shown) == is_terminal
        assert ("\x1b" in shown) == is_terminal

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"preset": "gatys"}, ValueError, "one of fast_style, gatys2016"),
            ({"num_step": 3}, TypeError, "Did you mean 'num_steps'"),
            ({"num_steps": 0}, ValueError, "at least 1"),
            ({"num_steps": 2.5}, TypeError, "of type int"),
            ({"method": "sgd"}, ValueError, "lbfgs, adam"),
            (
                {"preset": "gatys2016", "terms.all.pooling": "sum"},
                ValueError,
                "max, average",
            ),
            ({"learning_rate": 0.0}, ValueError, "above 0"),
            ({"style_image_weights": (1.0, 2.0)}, ValueError, "1 style images"),
            ({"style_image_weights": (0.0,)}, ValueError, "not all of them 0"),
            ({"save_every": 5}, ValueError, "go together"),
            ({"save_every": 5, "folder": ""}, ValueError, "`folder` must be a path"),
            ({"save_every": 5, "folder": __file__}, OSError, "Not a directory"),
            ({"image_size": 8}, ValueError, "at least 32 pixels"),
            ({"start": "no_such.png"}, FileNotFoundError, "no_such"),
            (
                {"terms.style.layers": "relu9_1"},
                ValueError,
                "relu1_1, relu1_2, relu2_1",
            ),
            ({"terms.styl.weight": 2.0}, ValueError, "Did you mean 'style'"),
        ],
    )
    def test_refuses_what_cannot_be(self, make_picture, options, error, message):
        with pytest.raises(error, match=message):
            optimize(make_picture(48, 48), make_picture(48, 48), **options)

    def test_layers_given_alone_are_weighed_equally(self):
        terms = make_config(
            "keras_vgg19", **{"terms.style.layers": ("relu1_1", "relu2_1")}
        ).terms

        assert terms["style"].weights_of_layers == {"relu1_1": 0.5, "relu2_1": 0.5}
        assert terms["content"].layers == ("relu5_2",)

    def test_fields_of_single_terms_replace_the_presets(self):
        terms = make_config(**{"terms.style.weight": 4.0, "terms.all.levels": "0,1"})

        assert terms.terms["style"].weight == 4.0
        assert {term.levels for term in terms.terms.values()} == {(0.0, 1.0)}


class TestSaving:
    RESULT = OptimizationResult(
        Image.new("RGB", (8, 6)),
        [{"step": 0, "loss": 3.0, "content": 0.0, "style": 2.0, "tv": 1.0}],
    )

    def test_without_matplotlib_all_but_the_plot(self, tmp_path, monkeypatch, caplog):
        caplog.set_level("INFO")
        monkeypatch.setitem(sys.modules, "matplotlib", None)

        self.RESULT.save(tmp_path / "out.png")

        assert sorted(os.listdir(tmp_path)) == ["out.png", "out_losses.csv"]
        (message,) = caplog.messages
        assert message.endswith('pip install "fast_style[report]"')

    def test_an_empty_path_is_refused(self):
        with pytest.raises(ValueError, match="`path` must be a path"):
            self.RESULT.save("")


@pytest.mark.slow
def test_adam_from_the_photo_needs_neither_scipy_nor_matplotlib(tmp_path):
    code = """
import sys
sys.modules["scipy"] = sys.modules["matplotlib"] = None
import numpy as np
import fast_style
photo, painting = np.full((48, 48, 3), 90.0), np.arange(6912.0).reshape(48, 48, 3) / 28
result = fast_style.optimize(photo, painting, method="adam", num_steps=2)
result.save("out.png")
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)

    assert sorted(os.listdir(tmp_path)) == ["out.png", "out_losses.csv"]


def test_every_field_is_documented():
    config = OptimizeConfig
    documented = config.__doc__ + config.__mro__[1].__doc__

    for field in dataclasses.fields(config):
        assert f" {field.name}: " in documented, field.name
