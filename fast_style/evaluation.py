"""How good is a style? Losses, iterations' worth, and figures of artefacts."""

import dataclasses
import json
import os
import pathlib
import time

from absl import logging
import keras
from keras import ops
import numpy as np
from PIL import Image

from fast_style import figures
from fast_style import reports
from fast_style.config import from_json
from fast_style.config import LossConfig
from fast_style.config import TrainConfig
from fast_style.data import list_images
from fast_style.images import load_image
from fast_style.images import load_sized
from fast_style.images import to_uint8
from fast_style.inference import load_style
from fast_style.losses import make_perceptual_loss
from fast_style.optimization import minimize
from fast_style.optimization import Tracker
from fast_style.presets import OptimizeConfig
from fast_style.styles import find_config


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
    loss = make_perceptual_loss(
        _make_loss_config(config, options),
        painting,
        seed=config.seed if config else 0,
    )
    photos = _load_photos(images, image_size, max_photos)
    training = _load_training_photos(
        config, images, train_images, image_size, len(photos)
    )
    workdir = pathlib.Path(workdir)
    workdir.mkdir(parents=True, exist_ok=True)

    logging.info("Measuring %d held-out photos.", len(photos))
    measured = _measure_photos(stylizer, photos, painting, loss)
    report = {
        "style": stylizer.name,
        "image_size": image_size,
        "num_photos": len(photos),
        **_summarize(measured, photos),
        "figures_painting": {
            "grid": figures.grid(painting),
            "clipping": figures.clipping(painting),
        },
        "losses": {
            "held_out": _summarize_losses([m["losses"] for m in measured]),
            "untouched": _summarize_losses([m["losses_untouched"] for m in measured]),
            "training": None,
        },
        "gap": None,
        "iterations_worth": None,
        "seconds": None,
        "loss_config": dataclasses.asdict(_make_loss_config(config, options)),
    }
    if training:
        logging.info("Measuring %d photos that it was trained on.", len(training))
        losses = [_compute(loss, p, stylizer(to_uint8(p))) for p in training.values()]
        report["losses"]["training"] = _summarize_losses(losses)
        trained = report["losses"]["training"]["loss"]["mean"]
        report["gap"] = report["losses"]["held_out"]["loss"]["mean"] / trained - 1
    if num_lbfgs_photos:
        chosen = dict(list(photos.items())[:num_lbfgs_photos])
        feed_forward = [m["losses"]["loss"] for m in measured][:num_lbfgs_photos]
        curves = _run_lbfgs(loss, chosen, num_lbfgs_steps)
        report |= _count_iterations(curves, feed_forward, stylizer, chosen)
        reports.plot_iterations(
            [[row["loss"] for row in curve] for curve in curves],
            feed_forward,
            workdir / "iterations.png",
            title=f"{stylizer.name}, {image_size}x{image_size}",
        )
    report["photos"] = [
        {"name": name, "losses": m["losses"], "figures": m["figures"]}
        for name, m in zip(photos, measured, strict=True)
    ]
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
    return load_sized(config.style_image if style_image is None else style_image, size)


def _load_photos(folder, image_size, max_photos) -> dict[str, np.ndarray]:
    if not pathlib.Path(folder).is_dir():
        raise FileNotFoundError(
            f"`images` must be a folder of photos. Received: {os.fspath(folder)!r}"
        )
    paths = list_images(folder)[0]
    photos = {}
    for place in np.linspace(0, len(paths) - 1, min(max_photos, len(paths))):
        path = paths[round(place)]
        try:
            image = load_image(path)
        except (OSError, ValueError) as error:
            logging.warning("Left out: %s", error)
            continue
        photos[os.path.relpath(path, folder)] = _cut_square(image, image_size)
    if not photos:
        raise ValueError(
            "`images` must hold at least one picture that can be read. "
            f"Received: images={os.fspath(folder)!r} with {len(paths)} pictures"
        )
    return photos


def _cut_square(image, image_size):
    height, width = image.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    square = Image.fromarray(to_uint8(image)).resize(
        (image_size, image_size),
        Image.Resampling.LANCZOS,
        box=(left, top, left + side, top + side),
    )
    return np.asarray(square, "float32")


def _load_training_photos(config, images, train_images, image_size, count):
    if train_images is None:
        folder = config.train_images if config else ""
        if not folder or not pathlib.Path(folder).is_dir():
            logging.info("The photos it was trained on are not at hand.")
            return {}
        train_images = folder
    held_out, trained = (
        {os.path.realpath(path) for path in list_images(f)[0]}
        for f in (images, train_images)
    )
    if both := held_out & trained:
        logging.warning(
            "%d of the photos in %s were trained on; they say nothing of others.",
            len(both),
            os.fspath(images),
        )
    return _load_photos(train_images, image_size, count)


def _compute(loss, photo, stylized):
    terms = loss(photo[None], np.asarray(stylized, "float32")[None])
    terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
    return {"loss": sum(terms.values()), **terms}


def _measure_photos(stylizer, photos, painting, loss):
    progress = keras.utils.Progbar(len(photos), unit_name="photo")
    measured = []
    for photo in photos.values():
        stylized = np.asarray(stylizer(to_uint8(photo)), "float32")
        measured.append(
            {
                "stylized": stylized,
                "losses": _compute(loss, photo, stylized),
                "losses_untouched": _compute(loss, photo, photo),
                "figures": {
                    **_compute_figures(photo, stylized, painting),
                    "shift_difference": figures.shift_difference(
                        lambda image: stylizer(to_uint8(image)), photo
                    ),
                },
                "figures_untouched": _compute_figures(photo, photo, painting),
            }
        )
        progress.update(len(measured))
    return measured


def _compute_figures(photo, stylized, painting):
    return {
        "ssim": figures.ssim(photo, stylized),
        "gradient_similarity": figures.gradient_similarity(photo, stylized),
        "patch_distance": figures.patch_distance(stylized, painting),
        "grid": figures.grid(stylized),
        "border": figures.border(stylized),
        "clipping": figures.clipping(stylized),
        "ringing": figures.ringing(photo, stylized),
        "flat_texture": figures.flat_texture(photo, stylized, painting),
        "shift_difference": float("nan"),
    }


def _summarize_losses(losses):
    return {
        term: _describe([one[term] for one in losses])
        for term in ("loss", "content", "style", "tv")
    }


def _describe(values):
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return {"mean": None, "deviation": None, "num_photos": 0}
    return {
        "mean": float(np.mean(known)),
        "deviation": float(np.std(known)),
        "num_photos": len(known),
    }


def _summarize(measured, photos):
    names = list(photos)
    summary = {"figures": {}, "figures_untouched": {}}
    for name, _, _ in reports.FIGURES:
        values = [m["figures"][name] for m in measured]
        worst = _find_worst(name, values)
        summary["figures"][name] = {
            **_describe(values),
            "worst_photo": None if worst is None else names[worst],
        }
        untouched = [m["figures_untouched"][name] for m in measured]
        summary["figures_untouched"][name] = _describe(untouched)
    return summary


def _find_worst(name, values):
    if not np.isfinite(values).any():
        return None
    worse = {figure: end for figure, end, _ in reports.FIGURES}.get(name, "high")
    return int(np.nanargmax(values) if worse == "high" else np.nanargmin(values))


def _run_lbfgs(loss, photos, num_steps):
    curves = []
    for number, (name, photo) in enumerate(photos.items(), start=1):
        logging.info("L-BFGS on %s (%d of %d).", name, number, len(photos))
        tracker = Tracker(num_steps)
        config = OptimizeConfig(method="lbfgs", num_steps=num_steps)
        minimize(loss, photo, photo, config, tracker)
        curves.append(tracker.losses)
    return curves


def _count_iterations(curves, feed_forward, stylizer, photos):
    steps, seconds, num_not_reached = [], [], 0
    for curve, loss in zip(curves, feed_forward, strict=True):
        reached = [row for row in curve if row["loss"] <= loss]
        num_not_reached += not reached
        row = reached[0] if reached else curve[-1]
        steps.append(row["step"])
        # The first step pays for the compilation too.
        seconds.append(row["seconds"] - curve[0]["seconds"])
    one_pass = _time_pass(stylizer, to_uint8(next(iter(photos.values()))))
    return {
        "iterations_worth": {
            "mean": float(np.mean(steps)),
            "photos": steps,
            "num_not_reached": num_not_reached,
            "num_steps": max(len(curve) - 1 for curve in curves),
        },
        "seconds": {
            "feed_forward": one_pass,
            "lbfgs_to_same_loss": float(np.mean(seconds)),
            "times_faster": float(np.mean(seconds)) / one_pass,
        },
    }


def _time_pass(stylizer, photo):
    stylizer(photo)
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        stylizer(photo)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def _write(report, workdir, photos, measured):
    text = json.dumps(report, indent=2, allow_nan=False)
    reports.replace_text(workdir / "report.json", text + "\n")
    reports.plot_loss_bars(report, workdir / "losses.png")
    reports.draw_worst(_list_worst(photos, measured), workdir / "worst.png")
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
        if (worst := _find_worst(name, values)) is not None:
            photo_name = list(photos)[worst]
            rows.append(
                (
                    f"{name} {values[worst]:.3g}: {photo_name}",
                    photos[photo_name],
                    measured[worst]["stylized"],
                )
            )
    return rows
