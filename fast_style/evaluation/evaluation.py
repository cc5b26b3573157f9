"""How good is a style? A report on photos that it was not trained on."""

import dataclasses
import json
import os
import pathlib

from absl import logging
import numpy as np

from fast_style.config.loss_config import LossConfig
from fast_style.config.serialization import from_json
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation import metrics as figures
from fast_style.evaluation import report as reports
from fast_style.evaluation.iterations import count_iterations
from fast_style.evaluation.losses import compute_losses
from fast_style.evaluation.losses import summarize_losses
from fast_style.evaluation.measuring import find_worst
from fast_style.evaluation.measuring import measure_photos
from fast_style.evaluation.measuring import summarize_figures
from fast_style.evaluation.photos import load_photos
from fast_style.evaluation.photos import load_training_photos
from fast_style.inference.stylizer import load_style
from fast_style.io.arrays import to_uint8
from fast_style.io.files import replacing
from fast_style.io.images import load_resized
from fast_style.losses.making import make_perceptual_loss
from fast_style.models.catalog import find_config


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
        **options: Fields of `LossConfig`.

    Returns:
        The report, as `report.json` holds it.

    Raises:
        FileNotFoundError: If a style, folder or painting does not exist.
        ValueError: If no photo can be read, or a value is impossible.
    """
    _check_sizes(image_size, max_photos, num_lbfgs_photos, num_lbfgs_steps)
    stylizer = load_style(style)
    config = _find_config(style)
    painting = _load_painting(config, style_image, style_image_size)
    loss_config = _make_loss_config(config, options)
    seed = config.seed if config else 0
    loss = make_perceptual_loss(loss_config, painting, seed=seed)
    photos = load_photos(images, image_size, max_photos)
    training = load_training_photos(
        config, images, train_images, image_size, len(photos)
    )
    workdir = pathlib.Path(workdir)
    workdir.mkdir(parents=True, exist_ok=True)

    logging.info("Measuring %d held-out photos.", len(photos))
    measured = measure_photos(stylizer, photos, painting, loss)
    report = {
        "style": stylizer.name,
        "image_size": image_size,
        "num_photos": len(photos),
        **summarize_figures(measured, list(photos)),
        "figures_painting": {
            "grid": figures.grid(painting),
            "clipping": figures.clipping(painting),
        },
        **_compare_losses(measured, stylizer, training, loss),
        "iterations_worth": None,
        "seconds": None,
        "loss_config": dataclasses.asdict(loss_config),
        "photos": [
            {"name": name, "losses": m["losses"], "figures": m["figures"]}
            for name, m in zip(photos, measured, strict=True)
        ],
    }
    if num_lbfgs_photos:
        chosen = dict(list(photos.items())[:num_lbfgs_photos])
        feed_forward = [m["losses"]["loss"] for m in measured][:num_lbfgs_photos]
        report |= count_iterations(
            stylizer, chosen, feed_forward, loss, num_lbfgs_steps
        )
        curves = report["iterations_worth"]["curves"]
        title = f"{reports.name_style(stylizer.name)}, {image_size}x{image_size}"
        path = workdir / "iterations.png"
        reports.plot_iterations(curves, feed_forward, path, title=title)
    report = _without_nan(report)
    _write(report, workdir, photos, measured)
    return report


def _check_sizes(image_size, max_photos, num_lbfgs_photos, num_lbfgs_steps):
    for name, value, minimum in (
        ("image_size", image_size, 64),
        ("max_photos", max_photos, 1),
        ("num_lbfgs_photos", num_lbfgs_photos, 0),
        ("num_lbfgs_steps", num_lbfgs_steps, 1),
    ):
        if value < minimum:
            raise ValueError(
                f"`{name}` must be at least {minimum}. Received: {name}={value!r}"
            )


def _find_config(style):
    if not isinstance(style, str | os.PathLike):
        return None
    path = find_config(style)
    return from_json(path.read_text(encoding="utf-8")) if path else None


def _make_loss_config(config, options):
    names = {field.name for field in dataclasses.fields(LossConfig)}
    if unknown := options.keys() - names:
        raise TypeError(f"`evaluate` has no option {sorted(unknown)[0]!r}.")
    known = {name: getattr(config, name) for name in names} if config else {}
    for layers in ("style_layers", "content_layers"):
        if layers in options:
            known[f"{layers[:-1]}_weights"] = ()
    return LossConfig(**{**known, **options})


def _load_painting(config: TrainConfig | None, style_image, size):
    if size is None:
        size = (config or TrainConfig).style_image_size
    if style_image is None and config is None:
        raise ValueError(
            "`style_image` must name the painting, as this style says nothing of how "
            "it was trained. Received: style_image=None"
        )
    if style_image is None and not pathlib.Path(config.style_image).is_file():
        raise FileNotFoundError(
            f"The painting that this style was trained on, {config.style_image!r}, is "
            f"not in {os.getcwd()!r}. Name it with `style_image`."
        )
    return load_resized(
        config.style_image if style_image is None else style_image, size
    )


def _compare_losses(measured, stylizer, training, loss):
    losses = {
        "held_out": summarize_losses([m["losses"] for m in measured]),
        "untouched": summarize_losses([m["losses_untouched"] for m in measured]),
        "training": None,
    }
    if not training:
        return {"losses": losses, "gap": None}
    logging.info("Measuring %d photos that it was trained on.", len(training))
    losses["training"] = summarize_losses(
        [compute_losses(loss, p, stylizer(to_uint8(p))) for p in training.values()]
    )
    # Medians: one nearly plain photo, whose content is divided by next to
    # nothing, would decide the mean.
    medians = [losses[kind]["loss"]["median"] for kind in ("held_out", "training")]
    return {"losses": losses, "gap": medians[0] / medians[1] - 1}


def _write(report, workdir, photos, measured):
    text = json.dumps(report, indent=2, allow_nan=False)
    with replacing(workdir / "report.json") as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")
    if report["iterations_worth"] is None:
        (workdir / "iterations.png").unlink(missing_ok=True)  # Of an earlier one.
    reports.plot_loss_bars(report, workdir / "losses.png")
    reports.draw_pairs(_list_worst(photos, measured), workdir / "worst.png")
    reports.write_markdown(report, workdir / "report.md")


def _without_nan(value):
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _list_worst(photos, measured):
    rows = []
    kinds = [("loss", [m["losses"]["loss"] for m in measured])]
    kinds += [
        (name, [m["figures"][name] for m in measured]) for name, _, _ in reports.FIGURES
    ]
    for name, values in kinds:
        if (worst := find_worst(name, values)) is not None:
            photo_name = list(photos)[worst]
            rows.append(
                (
                    f"{name} {values[worst]:.3g}: {photo_name}",
                    photos[photo_name],
                    measured[worst]["stylized"],
                )
            )
    return rows
