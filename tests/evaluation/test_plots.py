import numpy as np
from PIL import Image

from fast_style.evaluation.plots import draw_pairs
from fast_style.evaluation.plots import plot_iterations
from fast_style.evaluation.plots import plot_loss_bars


def load(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).reshape(-1, 3)


def test_pairs_show_both_images_of_each(tmp_path):
    red, green, blue = (np.full((40, 60, 3), 0.0) for _ in range(3))
    red[..., 0] = green[..., 1] = blue[..., 2] = 255.0
    draw_pairs([("one", red, green), ("other", green, blue)], tmp_path / "pairs.png")

    pixels = load(tmp_path / "pairs.png")
    shares = [
        (np.abs(pixels - color.reshape(-1, 3)[0]).max(axis=-1) < 3).mean()
        for color in (red, green, blue)
    ]
    assert min(shares) > 0.05
    assert shares[1] > 1.8 * shares[0]


def test_pairs_may_be_of_uneven_number_and_size(tmp_path):
    rows = [("a", np.zeros((9, 5, 3)), np.zeros((9, 7, 3)))] * 2
    rows.append(("b", np.zeros((20, 90, 3)), np.zeros((20, 3, 3))))

    draw_pairs(rows, tmp_path / "pairs.png")

    with Image.open(tmp_path / "pairs.png") as image:
        assert image.width == 1400


def test_curves_may_have_different_lengths(tmp_path):
    report = {
        "style": "runs/mine",
        "image_size": 64,
        "iterations_worth": {"curves": [[3.0, 2.0, 1.0], [2.0, 1.5]]},
        "photos": [{"losses": {"loss": 1.2}}, {"losses": {"loss": 1.6}}, {}],
    }

    plot_iterations(report, tmp_path / "iterations.png")

    with Image.open(tmp_path / "iterations.png") as image:
        assert image.size == (800, 500)


def test_bars_leave_out_photos_that_are_not_at_hand(tmp_path, report):
    plot_loss_bars(report, tmp_path / "all.png")
    report["losses"]["training"] = None
    plot_loss_bars(report, tmp_path / "without.png")

    assert not np.array_equal(
        load(tmp_path / "all.png"), load(tmp_path / "without.png")
    )
