"""How good is a style? A report on photos that it was not trained on."""

import dataclasses
import os
import pathlib
import types

from fast_style.config.checks import check_largest
from fast_style.config.checks import check_not_empty
from fast_style.config.checks import check_numbers
from fast_style.config.checks import MAX_IMAGE_SIZE
from fast_style.evaluation.iterations import count_iterations
from fast_style.evaluation.judges import choose_judges
from fast_style.evaluation.judges import judge_photos
from fast_style.evaluation.loss_setup import load_painting
from fast_style.evaluation.loss_setup import load_train_config
from fast_style.evaluation.loss_setup import make_loss_config
from fast_style.evaluation.losses import compare_losses
from fast_style.evaluation.measurements import list_worst
from fast_style.evaluation.measurements import measure_photos
from fast_style.evaluation.measurements import summarize_metrics
from fast_style.evaluation.photos import load_photos
from fast_style.evaluation.photos import load_training_photos
from fast_style.evaluation.plots import draw_pairs
from fast_style.evaluation.plots import plot_iterations
from fast_style.evaluation.plots import plot_loss_bars
from fast_style.evaluation.report import replace_nan
from fast_style.evaluation.report import write_json
from fast_style.evaluation.report import write_markdown
from fast_style.inference.stylizer import load_style
from fast_style.io.extras import check_installed
from fast_style.losses.making import make_perceptual_loss

_SMALLEST = {
    "image_size": 64,
    "style_image_size": 0,
    "max_photos": 1,
    "num_lbfgs_photos": 0,
    "num_lbfgs_steps": 1,
}
_LARGEST = {"image_size": 4_096, "style_image_size": MAX_IMAGE_SIZE}


def evaluate(
    style,
    images: str | os.PathLike,
    workdir: str | os.PathLike,
    *,
    style_image=None,
    style_image_size: int | None = None,
    train_images: str | os.PathLike | None = None,
    image_size: int = 256,
    max_photos: int = 24,
    num_lbfgs_photos: int = 4,
    num_lbfgs_steps: int = 100,
    judges: tuple[str, ...] = (),
    **options,
) -> dict:
    """Measures a style on photos that it was not trained on.

    The loss is the one that the style was trained with, as its workdir or the
    bundled config says; `options` replace fields of it, so that styles of
    different trainings can be judged by the same one.

    Args:
        style: As in `load_style`.
        images: Folder of held-out photos; the middle square of each is used.
        workdir: Gets `report.json`, `report.md` and plots.
        style_image: The painting; None: the one that the config names.
        style_image_size: Longer side that it is scaled to; None: as in the
            training.
        train_images: Folder of the photos trained on; None: the config's, if
            it is there.
        image_size: Side that photos are scaled to.
        max_photos: Most photos of a folder, taken evenly.
        num_lbfgs_photos: Photos on which L-BFGS runs too; 0: none.
        num_lbfgs_steps: Iterations of L-BFGS.
        judges: Deep networks to judge by, beside SqueezeNet and those that the style
            was trained on: names in `judge_specs.JUDGES`, each with `=` and its weights
            behind it if they are not the network's own.
        **options: Fields of `LossConfig`; one of a single term has a name such as
            `terms.motifs.weight`.

    Returns:
        The report, as `report.json` holds it.

    Raises:
        ImportError: If SciPy or Matplotlib is not installed.
        FileNotFoundError: If a style, folder or painting does not exist.
        ValueError: If no photo can be read, or a value is impossible.
        TypeError: If an option is no field of `LossConfig` or has another type.
    """
    for package in ("scipy", "matplotlib"):
        check_installed(package, "Measuring a style")
    _check_paths(style, images, workdir, style_image, train_images)
    _check_sizes(
        image_size=image_size,
        style_image_size=style_image_size or 0,
        max_photos=max_photos,
        num_lbfgs_photos=num_lbfgs_photos,
        num_lbfgs_steps=num_lbfgs_steps,
    )
    config = load_train_config(style)
    loss_config = make_loss_config(config, options)
    stylizer = load_style(style)
    painting = load_painting(config, style_image, style_image_size)
    seed = config.seed if config else 0
    loss = make_perceptual_loss(loss_config, painting, seed=seed)
    judges = choose_judges(judges, config)
    photos = load_photos(images, image_size, max_photos)
    training_photos = load_training_photos(
        config, images, train_images, image_size, len(photos)
    )
    workdir = pathlib.Path(workdir)
    workdir.mkdir(parents=True, exist_ok=True)

    measured = measure_photos(stylizer, photos, painting, loss)
    report = {
        "style": stylizer.name,
        "image_size": image_size,
        "num_photos": len(photos),
        **summarize_metrics(measured, list(photos), painting),
        "judges": judge_photos(judges, painting, photos, measured, config),
        **compare_losses(measured, stylizer, training_photos, loss),
        **count_iterations(
            stylizer, photos, measured, loss, num_lbfgs_photos, num_lbfgs_steps
        ),
        "loss_config": dataclasses.asdict(loss_config),
        "photos": _list_photos(photos, measured),
    }
    _write(report, workdir, list_worst(photos, measured))
    return replace_nan(report)


def _check_paths(style, images, workdir, style_image, train_images):
    paths = {"style": style, "images": images, "workdir": workdir}
    paths |= {"style_image": style_image, "train_images": train_images}
    # Pictures, styles and `pathlib.Path`s are never empty.
    texts = {name: path for name, path in paths.items() if isinstance(path, str)}
    check_not_empty(types.SimpleNamespace(**texts), tuple(texts))


def _check_sizes(**sizes):
    values = types.SimpleNamespace(**sizes)
    check_numbers(values, _SMALLEST)
    check_largest(values, _LARGEST)


def _list_photos(photos, measured):
    return [
        {"name": name, "losses": m["losses"], "metrics": m["metrics"]}
        for name, m in zip(photos, measured, strict=True)
    ]


def _write(report, workdir, worst):
    write_json(report, workdir / "report.json")
    plot_loss_bars(report, workdir / "losses.png")
    path = workdir / "iterations.png"
    if report["iterations_worth"] is None:
        path.unlink(missing_ok=True)  # Of an earlier one.
    else:
        plot_iterations(report, path)
    draw_pairs(worst, workdir / "worst.png")
    write_markdown(report, workdir / "report.md")
