"""How good is a style? A report on photos that it was not trained on."""

import os
import types

from fast_style.config.checks import check_largest
from fast_style.config.checks import check_not_empty
from fast_style.config.checks import check_numbers
from fast_style.config.checks import MAX_IMAGE_SIZE
from fast_style.config.styles import read_style_factors
from fast_style.evaluation.available_terms import keep_available_terms
from fast_style.evaluation.judge_networks import load_judges
from fast_style.evaluation.loss_setup import load_train_config
from fast_style.evaluation.loss_setup import make_loss_config
from fast_style.evaluation.one_style import evaluate_one
from fast_style.evaluation.one_style import Inputs
from fast_style.evaluation.paintings import list_known
from fast_style.evaluation.paintings import load_paintings
from fast_style.evaluation.photos import load_photos
from fast_style.evaluation.photos import load_training_photos
from fast_style.evaluation.several_styles import evaluate_several
from fast_style.inference.stylizer import load_style
from fast_style.io.extras import check_installed
from fast_style.io.files import expand_home
from fast_style.models.catalog import find_painting

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
    name: str | None = None,
    style_image=None,
    style_image_size: int | None = None,
    train_images: str | os.PathLike | None = None,
    image_size: int = 256,
    max_photos: int = 24,
    num_lbfgs_photos: int | None = None,
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
        name: Of one style, for a file that has several. None: all of them, each in a
            folder of its own, and `styles.png` with the same photos in each.
        style_image: The painting; None: the one that the config names, or, if it is
            not there, what is bundled of it with a bundled style. For a style that
            paints like any picture also a folder of paintings, each measured as a
            style of its own; None: those that it was trained on.
        style_image_size: Longer side that it is scaled to; None: as in the
            training.
        train_images: Folder of the photos trained on; None: the config's, if
            it is there.
        image_size: Side that photos are scaled to.
        max_photos: Most photos of a folder, taken evenly.
        num_lbfgs_photos: Photos on which L-BFGS runs too; 0: none. None: 4, and none
            for several styles.
        num_lbfgs_steps: Iterations of L-BFGS.
        judges: Deep networks to judge by, beside those whose weights are here: names
            in `judge_specs.JUDGES`, each with `=` and its weights behind it, a file or
            `imagenet`, which downloads them. One whose weights are not here is left
            out, which a line of the log tells.
        **options: Fields of `LossConfig`; one of a single term has a name such as
            `terms.motifs.weight`. With `style_weight` the `style_factors` of the
            training are left out.

    Returns:
        The report, as `report.json` holds it; of several styles one under `styles` for
        each.

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
        num_lbfgs_photos=num_lbfgs_photos or 0,
        num_lbfgs_steps=num_lbfgs_steps,
    )
    images, workdir, style_image, train_images = map(
        _expand, (images, workdir, style_image, train_images)
    )
    config = load_train_config(style)
    loss_config = make_loss_config(config, options)
    loss_config = keep_available_terms(loss_config, config, options)
    stylizer = load_style(style)
    size, stored = style_image_size, find_painting(style)
    paintings = load_paintings(stylizer, config, name, style_image, size, stored)
    photos = load_photos(images, image_size, max_photos)
    is_one = len(paintings) == 1
    inputs = Inputs(
        stylizer=stylizer,
        config=config,
        loss_config=loss_config,
        judges=load_judges(judges, config),
        photos=photos,
        training_photos=load_training_photos(
            config, images, train_images, image_size, len(photos)
        ),
        image_size=image_size,
        num_lbfgs_photos=4 * is_one if num_lbfgs_photos is None else num_lbfgs_photos,
        num_lbfgs_steps=num_lbfgs_steps,
        known=list_known(stylizer, config),
        factors=_find_factors(config, options),
    )
    if is_one:
        return evaluate_one(inputs, *next(iter(paintings.items())), workdir)
    return evaluate_several(inputs, paintings, workdir)


def _find_factors(config, options):
    if config is None or "style_weight" in options:  # One loss for all, then.
        return {}
    return read_style_factors(config.style_factors)


def _check_paths(style, images, workdir, style_image, train_images):
    paths = {"style": style, "images": images, "workdir": workdir}
    paths |= {"style_image": style_image, "train_images": train_images}
    # Pictures, styles and `pathlib.Path`s are never empty.
    texts = {name: path for name, path in paths.items() if isinstance(path, str)}
    check_not_empty(types.SimpleNamespace(**texts), tuple(texts))


def _expand(path):
    return expand_home(path) if isinstance(path, str | os.PathLike) else path


def _check_sizes(**sizes):
    values = types.SimpleNamespace(**sizes)
    check_numbers(values, _SMALLEST)
    check_largest(values, _LARGEST)
