"""fast-style evaluate: measures a style on held-out photos."""

import argparse
import dataclasses
import pathlib

import fast_style
from fast_style.cli.fields import read_fields
from fast_style.cli.fields import show_log
from fast_style.config.loss_config import LossConfig


def add_parser(commands) -> None:
    """Adds the arguments."""
    fields = dataclasses.fields(LossConfig)
    command = commands.add_parser(
        "evaluate",
        help="measure a style on photos it was not trained on",
        epilog="Fields of the loss that replace those of the training, as "
        f"--FIELD=VALUE: {', '.join(field.name for field in fields)}.",
    )
    command.add_argument(
        "--style", required=True, help="as in stylize; a workdir says most"
    )
    command.add_argument("--images", required=True, help="folder of held-out photos")
    command.add_argument("--workdir", required=True, help="folder for the report")
    command.add_argument("--style_image", help="the painting, if it is elsewhere now")
    command.add_argument(
        "--style_image_size", type=int, help="longer side that it is scaled to"
    )
    command.add_argument("--train_images", help="folder of the photos trained on")
    for name, default, text in (
        ("image_size", 256, "side that photos are scaled to"),
        ("max_photos", 24, "most photos of a folder"),
        ("num_lbfgs_photos", 4, "photos on which L-BFGS runs too; 0 for none"),
        ("num_lbfgs_steps", 100, "iterations of L-BFGS"),
    ):
        command.add_argument(
            f"--{name}",
            type=int,
            default=default,
            help=f"{text} (default: %(default)s)",
        )
    for field in fields:
        command.add_argument(f"--{field.name}", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    names = ("style_image", "style_image_size", "train_images", "image_size")
    names += ("max_photos", "num_lbfgs_photos", "num_lbfgs_steps")
    fast_style.evaluate(
        arguments.style,
        arguments.images,
        arguments.workdir,
        **{name: getattr(arguments, name) for name in names},
        **read_fields(LossConfig, arguments),
    )
    report = pathlib.Path(arguments.workdir) / "report.md"
    print(f"\n{report.read_text(encoding='utf-8')}\nThe report: {report}")
    return 0
