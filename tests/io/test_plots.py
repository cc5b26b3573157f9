import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style.io.plots import make_figure
from fast_style.io.plots import plot_losses
from fast_style.io.plots import save_figure


def count_pixels(path, colour):
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), "int")
    return (np.abs(pixels - colour).max(axis=-1) < 8).sum()


BLUE, ORANGE = (31, 119, 180), (255, 127, 14)  # matplotlib's first two lines.


def test_losses_are_a_line_each(tmp_path):
    rows = [{"step": n, "loss": 2.0**-n, "noise": 3.0**-n} for n in range(5)]

    plot_losses(rows, tmp_path / "one.png", ("loss",))
    plot_losses(rows, tmp_path / "two.png", ("loss", "noise"))

    assert count_pixels(tmp_path / "one.png", BLUE) > 100
    assert count_pixels(tmp_path / "one.png", ORANGE) == 0
    assert count_pixels(tmp_path / "two.png", ORANGE) > 100


def test_what_a_logarithm_does_not_know_is_left_out(tmp_path):
    rows = [{"step": n, "loss": 0.0, "tv": float("nan")} for n in range(5)]

    plot_losses(rows, tmp_path / "empty.png", ("loss", "tv"))

    assert count_pixels(tmp_path / "empty.png", BLUE) == 0


def test_a_figure_has_100_pixels_per_inch(tmp_path):
    figure, axes = make_figure(3, 2, nrows=2)

    save_figure(figure, tmp_path / "figure.png")

    assert len(axes) == 2
    with Image.open(tmp_path / "figure.png") as image:
        assert (image.format, image.size) == ("PNG", (300, 200))


def test_an_empty_path_is_refused():
    with pytest.raises(ValueError, match="must be a path"):
        plot_losses([], "", ())


def test_importing_it_does_not_need_matplotlib():
    code = "import sys; sys.modules['matplotlib'] = None; import fast_style.io.plots"

    subprocess.run([sys.executable, "-c", code], check=True)
