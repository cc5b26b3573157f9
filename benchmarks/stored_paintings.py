"""Measures the paintings of the bundled styles, so that they can be evaluated without.

    python benchmarks/stored_paintings.py --paintings=data/styles \
        --squeezenet=squeezenet.npz --resnet50=resnet50.npz --vgg19=vgg19.npz

Writes `fast_style/styles/<name>.npz` for each, or for those in `--only`: what the terms
of its config, the judges and the metrics need. To be done again when a style is trained
with other terms. With `--compare` it writes nothing, and prints how far the figures of
`evaluate` with it are from those with the painting itself, on the photos of a folder.
To be called where the paintings are not under the configs' own paths.
"""

import pathlib

from absl import app
from absl import flags

JUDGES = ("squeezenet", "resnet50", "vgg19")

_PAINTINGS = flags.DEFINE_string("paintings", None, "folder of them", required=True)
_ONLY = flags.DEFINE_list("only", None, "names of styles, with commas")
_COMPARE = flags.DEFINE_string("compare", None, "folder of photos")
_FOLDER = flags.DEFINE_string("folder", "runs/stored_paintings", "where it compares")
_WEIGHTS = {
    name: flags.DEFINE_string(name, None, f"file with the weights of {name}")
    for name in JUDGES
}


def main(argv):
    from fast_style.models.catalog import FOLDER
    from fast_style.models.catalog import list_styles

    del argv
    weights = {k: flag.value for k, flag in _WEIGHTS.items() if flag.value}
    for name in _ONLY.value or list_styles():
        path = FOLDER / f"{name}.npz"
        if _COMPARE.value:
            compare(name, weights)
            continue
        measure(name, weights, path)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def measure(name, weights, path):
    from fast_style.config.serialization import from_json
    from fast_style.evaluation.available_terms import keep_available_terms
    from fast_style.evaluation.judge_networks import load_judges
    from fast_style.evaluation.judge_specs import JUDGES as SPECS
    from fast_style.evaluation.measured_paintings import write_painting
    from fast_style.evaluation.paintings import load_painting
    from fast_style.losses.making import make_networks
    from fast_style.models.catalog import find_config

    config = from_json(find_config(name).read_text(encoding="utf-8"))
    terms = keep_available_terms(config, config).used_terms
    networks = make_networks(terms, seed=config.seed)
    of_loss = [(term, networks[each]) for each, term in terms.items()]
    judges = load_judges([f"{k}={v}" for k, v in weights.items()], config)
    of_judges = [(SPECS[each].style, network) for each, network in judges.items()]
    painting = load_painting(config, find_file(name))
    write_painting(painting, of_loss, of_judges, path)


def find_file(name):
    (path,) = pathlib.Path(_PAINTINGS.value).glob(f"{name}.*")
    return path


def compare(name, weights):
    from fast_style.evaluation.evaluation import evaluate

    options = {"num_lbfgs_photos": 0}
    options["judges"] = tuple(f"{k}={v}" for k, v in weights.items())
    folder = pathlib.Path(_FOLDER.value)
    without = evaluate(name, _COMPARE.value, folder / "without", **options)
    options["style_image"] = find_file(name)
    exact = evaluate(name, _COMPARE.value, folder / "with", **options)
    for label, one, other in list_figures(without, exact):
        if one is not None and other:
            print(f"{name} {label}: {one:.4f}, {other:.4f} ({one / other - 1:+.2%})")


def list_figures(one, other):
    """Yields a label and the two values of each figure that a painting decides."""
    for judge in one["judges"]:
        for figure in ("style", "style_untouched"):
            means = (each["judges"][judge][figure]["mean"] for each in (one, other))
            yield f"{figure}, {judge}", *means
        shares = (each["judges"][judge]["style_share"] for each in (one, other))
        yield f"share, {judge}", *shares
    for term in one["losses"]["held_out"]:
        means = (each["losses"]["held_out"][term]["mean"] for each in (one, other))
        yield f"loss, {term}", *means
    for metric in ("patch_distance", "flat_texture"):
        yield metric, *(each["metrics"][metric]["mean"] for each in (one, other))


if __name__ == "__main__":
    app.run(main)
