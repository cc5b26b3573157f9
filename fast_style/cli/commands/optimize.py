"""fast-style optimize: repaints one picture slowly."""

import argparse
import os
import textwrap
import warnings

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.fields import add_fields
from fast_style.cli.fields import read_fields
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow
from fast_style.cli.streams import Streams
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.io.saving import check_image_path
from fast_style.io.signals import leave
from fast_style.io.signals import StopSignal
from fast_style.iterative.presets import make_config
from fast_style.iterative.presets import PRESETS
from fast_style.models.catalog import is_bundled


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "optimize",
        help="repaint one picture slowly, without a trained style",
        usage="fast-style optimize CONTENT STYLE [STYLE ...] --output=OUTPUT "
        "[options] [--FIELD=VALUE ...]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_describe_presets(),
    )
    add_path(command, "content", help="the photo")
    add_path(command, "style", nargs="+", help="one painting or several")
    add_path(command, "--output", required=True, help="the picture to write")
    command.add_argument(
        "--preset",
        default="fast_style",
        choices=PRESETS,
        help="recipe, see below (default: %(default)s)",
    )
    _add_options(command)
    add_fields(
        command,
        OptimizeConfig,
        # Lines are not wrapped here, for the sake of the presets.
        note="Replaces what the preset says.\nThe default is "
        "that of the preset fast_style. Tuples are given with commas.",
    )
    command.set_defaults(run=run)


def _add_options(command):
    add_path(
        command,
        "--start",
        help="content, noise, a picture, or a style that repaints the photo first "
        "(default: as the preset says)",
    )
    command.add_argument(
        "--style_image_weights",
        metavar="X,X",
        help="a number for each painting, such as 2,1 (default: equal)",
    )
    command.add_argument(
        "--save_every",
        type=int,
        default=0,
        metavar="N",
        help="write the best picture after so many steps, into OUTPUT_steps/; 0 for "
        "never (default: %(default)s)",
    )


def _describe_presets():
    texts = (f"{name}: {preset.source}" for name, preset in PRESETS.items())
    return "\n\n".join(["Presets:", *(textwrap.fill(text, 78) for text in texts)])


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    with Streams() as streams:
        # Of a photo a style may make the start, too.
        arguments.content = streams.take_source(arguments.content)
        arguments.style = [streams.take_source(path) for path in arguments.style]
        return _run(arguments)


def _run(arguments):
    output = check_image_path(arguments.output, name="output")
    inputs = (arguments.content, *arguments.style, arguments.start or "")
    if os.path.realpath(output) in {os.path.realpath(path) for path in inputs}:
        raise ValueError(
            f"The result would replace an original, {output}. Choose another "
            "`--output`."
        )
    weights = _parse_numbers(arguments.style_image_weights)
    steps_folder = output.with_name(f"{output.stem}_steps")
    options = read_fields(OptimizeConfig, arguments)
    load_tensorflow(shows_lines=arguments.debug)
    result = fast_style.optimize(
        arguments.content,
        arguments.style,
        preset=arguments.preset,
        start=_make_start(arguments, weights, options),
        style_image_weights=weights,
        save_every=arguments.save_every,
        folder=steps_folder if arguments.save_every else None,
        **options,
    )
    with StopSignal() as late_signal:  # The picture is written all the same.
        result.save(output)
    first, last = result.losses[0], min(result.losses, key=lambda row: row["loss"])
    print(
        f"{output}: loss {first['loss']:.4g} at the start, {last['loss']:.4g} after "
        f"{last['step']} steps and {last['seconds']:.0f} s"
    )
    if number := result.signal_number or late_signal.number:
        leave(number)
    return 0


def _make_start(arguments, weights, fields):
    """Returns a start as `optimize` takes it: a style's is the picture it paints."""
    if not _is_style(arguments.start):
        return arguments.start
    # Before any work; `optimize` shows the warnings.
    with warnings.catch_warnings(action="ignore"):
        image_size = make_config(arguments.preset, **fields).image_size
    try:
        style = fast_style.load_style(arguments.start)
    except (FileNotFoundError, ValueError) as error:
        raise type(error)(f"`start` is no style. {error}") from None
    options = {"max_size": image_size or None}
    if style.is_any:
        weights = weights or [1] * len(arguments.style)
        # `optimize` says if there are too many weights, or too few.
        options["styles"] = dict(zip(arguments.style, weights, strict=False))
    elif len(style.names) > 1:
        raise ValueError(
            "`start` must be a style of one painting, or of any. To start from one of "
            f"several, use `fast-style stylize --style={arguments.start} --name=NAME`, "
            f"and the picture as `start`. Received: start={arguments.start!r}"
        )
    return style(arguments.content, **options)


def _is_style(start):
    if start in (None, "content", "noise"):
        return False
    is_file = os.path.isdir(start) or start.endswith(".keras")
    return is_bundled(start) or is_file


def _parse_numbers(text):
    if not text:
        return ()
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        raise ValueError(
            "`style_image_weights` must be numbers with commas, such as 2,1. "
            f"Received: style_image_weights={text!r}"
        ) from None
