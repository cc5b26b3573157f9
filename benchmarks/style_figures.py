"""Measures a trained style for its card, `docs/styles/<name>.md`.

    python benchmarks/style_figures.py --run=runs/great_wave --name=great_wave \
        --held_out=held_out_photos --painting=great_wave.jpg --minutes=40 \
        --photos="396 photos of COCO 2017" --squeezenet=squeezenet.npz \
        --resnet50=resnet50.npz --vgg19=vgg19.npz
    python docs/make_cards.py

Writes the style's entry of `docs/styles/figures.json`: how it was trained and by which
teachers, as its config tells; what each judge sees of it at a longer side of 384
pixels, and whether it was trained on it; metrics and iterations' worth by `evaluate`.
`--run` may be a bundled style. With `--only_judges` all but the judges stays as it is.
"""

import json
import pathlib

from absl import app
from absl import flags
from trials import describe_training
from trials import measure_judges

JUDGES = ("vgg19", "squeezenet", "resnet50")
FIGURES = pathlib.Path(__file__).parent.parent / "docs" / "styles" / "figures.json"

_RUN = flags.DEFINE_string("run", None, "workdir, or bundled style", required=True)
_NAME = flags.DEFINE_string("name", None, "of the style", required=True)
_HELD_OUT = flags.DEFINE_string("held_out", None, "folder of photos", required=True)
_PAINTING = flags.DEFINE_string("painting", None, "its file", required=True)
_MINUTES = flags.DEFINE_float("minutes", None, "that the training took")
_PHOTOS = flags.DEFINE_string("photos", None, "how many of what were trained on")
_ONLY_JUDGES = flags.DEFINE_bool("only_judges", False, "measure nothing else")
_FOLDER = flags.DEFINE_string("folder", "runs/figures", "gets the report")
_WEIGHTS = {
    name: flags.DEFINE_string(name, None, f"file with the weights of {name}")
    for name in JUDGES
}


def main(argv):
    from fast_style.evaluation.loss_setup import load_train_config
    from fast_style.evaluation.paintings import load_painting

    del argv
    config = load_train_config(_RUN.value)
    painting = load_painting(config, _PAINTING.value)
    judges = {k: flag.value for k, flag in _WEIGHTS.items() if flag.value}
    figures = json.loads(FIGURES.read_text()) if FIGURES.is_file() else {}
    entry = figures.get(_NAME.value, {})
    entry["judges"] = measure_judges(
        _RUN.value, painting, _HELD_OUT.value, judges, config.networks
    )
    if not _ONLY_JUDGES.value:
        if _MINUTES.value is None or _PHOTOS.value is None:
            raise app.UsageError("--minutes and --photos are needed.")
        entry["training"] = describe_training(config, _MINUTES.value, _PHOTOS.value)
        entry |= measure_style()
    figures[_NAME.value] = entry
    FIGURES.write_text(json.dumps(dict(sorted(figures.items())), indent=1) + "\n")


def measure_style():
    """Returns metrics and iterations' worth, of two photos, as L-BFGS takes long."""
    from fast_style.evaluation.evaluation import evaluate

    report = evaluate(
        _RUN.value,
        _HELD_OUT.value,
        _FOLDER.value,
        style_image=_PAINTING.value,
        num_lbfgs_photos=2,
    )
    return {
        "worth": report["iterations_worth"]["mean"],
        "metrics": {k: each["mean"] for k, each in report["metrics"].items()},
        "photo_metrics": {
            k: each["mean"] for k, each in report["metrics_untouched"].items()
        },
    }


if __name__ == "__main__":
    app.run(main)
