import dataclasses

import numpy as np

from fast_style.config.loss_config import LossConfig
from fast_style.evaluation.evaluation import evaluate
from fast_style.evaluation.loss_setup import load_train_config
from fast_style.evaluation.photos import load_photos
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import Stylizer
from fast_style.iterative.optimization import optimize


def test_a_picture_that_lbfgs_found_is_worth_its_iterations(
    trained_run, photos, tmp_path
):
    config = load_train_config(trained_run)
    names = [field.name for field in dataclasses.fields(LossConfig)]
    options = {name: getattr(config, name) for name in names}
    options["style_image_size"] = config.style_image_size
    photo = load_photos(photos, 96, 1)["chelsea.png"].astype("uint8")
    found = optimize(
        photo,
        config.style_image,
        image_size=0,
        num_steps=4,
        is_verbose=False,
        **options,
    )
    found_pixels = np.asarray(found.image)

    class Cheat(Stylizer):
        def __call__(self, image):
            return found_pixels if image.shape == photo.shape else image

    report = evaluate(
        Cheat(LoadedStyle(function=None), name="cheat"),
        photos,
        tmp_path,
        style_image=config.style_image,
        image_size=96,
        max_photos=1,
        num_lbfgs_photos=1,
        num_lbfgs_steps=6,
        **options,
    )

    # Rounding to whole grey levels may be worth one, either way.
    assert report["iterations_worth"]["photos"][0] in (3, 4, 5)
    assert report["iterations_worth"]["num_not_reached"] == 0


def test_none_are_counted_if_not_wanted(trained_run, photos, tmp_path):
    (tmp_path / "iterations.png").write_bytes(b"of an earlier evaluation")
    report = evaluate(
        trained_run,
        photos,
        tmp_path,
        image_size=64,
        max_photos=1,
        num_lbfgs_photos=0,
    )

    assert report["iterations_worth"] is None
    assert report["seconds"] is None
    assert not (tmp_path / "iterations.png").exists()
    text = (tmp_path / "report.md").read_text()
    assert "No iterations were counted" in text
    assert "iterations.png" not in text
