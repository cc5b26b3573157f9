"""fast-style evaluate: measures a style on held-out photos."""

import pathlib

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.fields import add_fields
from fast_style.cli.fields import read_fields
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow
from fast_style.config.loss_config import LossConfig
from fast_style.evaluation.judge_specs import JUDGES

_NUMBERS = (
    ("image_size", 256, "side that photos are scaled to"),
    ("max_photos", 24, "most photos of a folder"),
    (
        "num_lbfgs_photos",
        None,
        "photos on which L-BFGS runs too (default: 4, and none for several styles)",
    ),
    ("num_lbfgs_steps", 100, "iterations of L-BFGS"),
)


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "evaluate",
        help="measure a style on photos it was not trained on",
        usage="fast-style evaluate --style=STYLE --images=IMAGES --workdir=WORKDIR "
        "[options] [--FIELD=VALUE ...]",
    )
    add_path(
        command,
        "--style",
        required=True,
        help="bundled name, workdir, .keras file or SavedModel folder; a workdir has "
        "most to tell",
    )
    add_path(command, "--images", required=True, help="folder of held-out photos")
    add_path(command, "--workdir", required=True, help="folder for the report")
    command.add_argument(
        "--name", help="of one style, if there are several (default: all of them)"
    )
    add_path(command, "--style_image", help="the painting, if it is elsewhere now")
    command.add_argument(
        "--style_image_size",
        type=int,
        help="longer side that it is scaled to (default: as in the training)",
    )
    add_path(command, "--train_images", help="folder of the photos trained on")
    _add_options(command)
    add_fields(
        command,
        LossConfig,
        note="Replaces what the style was trained with. The default is that of a style "
        "which does not tell. Tuples are given with commas.",
    )
    command.set_defaults(run=run)


def _add_options(command):
    for name, default, text in _NUMBERS:
        command.add_argument(
            f"--{name}",
            type=int,
            default=default,
            help=text if default is None else f"{text} (default: %(default)s)",
        )
    command.add_argument(
        "--judges",
        metavar="NAME[=FILE],...",
        help="deep networks to judge by, beside those whose weights are here, each "
        "with its weights: a file, or imagenet, which downloads them: "
        f"{', '.join(JUDGES)}",
    )


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    options = read_fields(LossConfig, arguments)
    names = ("name", "style_image", "style_image_size", "train_images")
    names += tuple(name for name, _, _ in _NUMBERS)
    load_tensorflow(shows_lines=arguments.debug)
    fast_style.evaluate(
        arguments.style,
        arguments.images,
        arguments.workdir,
        **{name: getattr(arguments, name) for name in names},
        judges=tuple(arguments.judges.split(",")) if arguments.judges else (),
        **options,
    )
    report = pathlib.Path(arguments.workdir) / "report.md"
    print(f"\n{report.read_text(encoding='utf-8')}\nThe report: {report}")
    return 0
