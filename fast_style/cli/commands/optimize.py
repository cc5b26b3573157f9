"""fast-style optimize: repaints one picture slowly."""

import argparse
import dataclasses
import os
import pathlib
import textwrap

import fast_style
from fast_style.cli.fields import read_fields
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.io.images import check_image_suffix
from fast_style.iterative.presets import PRESETS


def add_parser(commands) -> None:
    """Adds the arguments."""
    fields = dataclasses.fields(OptimizeConfig)
    presets = "\n\n".join(
        textwrap.fill(f"{name}: {preset.source}", 78)
        for name, preset in PRESETS.items()
    )
    command = commands.add_parser(
        "optimize",
        help="repaint one picture slowly, without a trained style",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"Presets:\n\n{presets}\n\nFields that replace the preset's, as "
        "--FIELD=VALUE, tuples with commas:\n\n"
        + textwrap.fill(", ".join(field.name for field in fields), 78),
    )
    command.add_argument("content", help="the photo")
    command.add_argument("style", nargs="+", help="one painting or several")
    command.add_argument("--output", required=True, help="the picture to write")
    command.add_argument(
        "--preset",
        default="fast_style",
        choices=PRESETS,
        help="recipe, see below (default: %(default)s)",
    )
    command.add_argument("--start", help="content, noise, or a picture")
    command.add_argument(
        "--style_image_weights", help="a number for each painting, such as 2,1"
    )
    command.add_argument(
        "--save_every",
        type=int,
        default=0,
        help="write the best picture after so many steps, into OUTPUT_steps/",
    )
    for field in fields:
        command.add_argument(f"--{field.name}", help=argparse.SUPPRESS)
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    output = pathlib.Path(arguments.output)
    check_image_suffix(output)
    inputs = (arguments.content, *arguments.style, arguments.start or "")
    if os.path.realpath(output) in {os.path.realpath(path) for path in inputs}:
        raise ValueError(
            f"The result would replace an original, {output}. Choose another "
            "`--output`."
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    weights = arguments.style_image_weights
    steps_folder = output.with_name(f"{output.stem}_steps")
    result = fast_style.optimize(
        arguments.content,
        arguments.style,
        preset=arguments.preset,
        start=arguments.start,
        style_image_weights=_parse_numbers(weights) if weights else (),
        save_every=arguments.save_every,
        folder=steps_folder if arguments.save_every else None,
        **read_fields(OptimizeConfig, arguments),
    )
    result.save(output)
    first, last = result.losses[0], min(result.losses, key=lambda row: row["loss"])
    print(
        f"{output}: loss {first['loss']:.4g} at the start, {last['loss']:.4g} after "
        f"{last['step']} steps and {last['seconds']:.0f} s"
    )
    if result.is_interrupted:
        raise KeyboardInterrupt
    return 0


def _parse_numbers(text):
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        raise ValueError(
            "`style_image_weights` must be numbers with commas, such as 2,1. "
            f"Received: style_image_weights={text!r}"
        ) from None
