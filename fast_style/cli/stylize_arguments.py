"""The arguments of `fast-style stylize`."""

import argparse

from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_bytes
from fast_style.cli.arguments import parse_mixture
from fast_style.cli.arguments import parse_tile
from fast_style.inference.engines.registry import ENGINES
from fast_style.io.opening import MAX_PIXELS


def add_arguments(command) -> None:
    """Adds the arguments of `fast-style stylize` to its parser."""
    add_path(command, "inputs", nargs="+", help="pictures, or folders of them")
    add_path(
        command,
        "--style",
        default="starry_night",
        help="bundled name, workdir, .keras file or an export (default: %(default)s)",
    )
    add_path(
        command,
        "--output",
        required=True,
        help="a picture for a single input, else a folder",
    )
    command.add_argument("--name", help="of a style, for a file that has several")
    add_path(
        command,
        "--style_image",
        help="the picture to paint like, for a style that paints like any",
    )
    command.add_argument(
        "--styles",
        type=parse_mixture,
        help="a mixture of them, NAME:WEIGHT,...; a weight is a number, or a picture "
        "of where to use that style",
    )
    command.add_argument(
        "--strength",
        type=float,
        default=1.0,
        help="from 0, the picture as it is, to 1 (default: %(default)s)",
    )
    command.add_argument(
        "--preserve_color",
        action="store_true",
        help="keep the picture's colours, and stylize light and dark",
    )
    _add_size_arguments(command)
    _add_engine_arguments(command)
    _add_memory_arguments(command)
    _add_folder_arguments(command)


def _add_engine_arguments(command):
    command.add_argument(
        "--engine",
        default="auto",
        choices=("auto", *ENGINES),
        help="what computes (default: the fastest that is installed)",
    )
    command.add_argument(
        "--precision",
        default="auto",
        choices=("auto", *sorted({p for e in ENGINES.values() for p in e.precisions})),
        help="in which it computes (default: bfloat16 with openvino on CPUs that have "
        "it, else float32)",
    )


def _add_size_arguments(command):
    add_path(
        command,
        "--mask",
        help="a picture of where to stylize: white all, black nothing",
    )
    command.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="of the strokes; 2 makes them twice as large (default: %(default)s)",
    )
    command.add_argument(
        "--max_size",
        type=int,
        help="reduce pictures whose longer side has more pixels (default: never)",
    )
    command.add_argument(
        "--quality",
        type=int,
        help="of JPEG, WebP and AVIF files, 1 to 100 (default: 95, 90 and 80)",
    )


def _add_folder_arguments(command):
    command.add_argument(
        "--recursive",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also the folders in a folder (default: %(default)s)",
    )
    command.add_argument(
        "--skip_existing",
        action="store_true",
        help="leave out pictures whose result is there, to go on after a stop",
    )
    command.add_argument(
        "--workers",
        type=int,
        help="threads that decode and encode (default: one per core, at most 4)",
    )


def _add_memory_arguments(command):
    command.add_argument(
        "--memory_limit",
        type=parse_bytes,
        default="auto",
        help="pictures that need more, such as 2GiB, are done in strips, which takes "
        "longer (default: 70 %% of what is free)",
    )
    command.add_argument(
        "--tile",
        type=parse_tile,
        default="auto",
        help="rows of a strip, for every picture; none: no strips (default: as the "
        "memory limit says)",
    )
    command.add_argument(
        "--statistics",
        default="exact",
        choices=("exact", "thumbnail"),
        help="of strips; thumbnail is faster, and some levels off (default: exact)",
    )
    command.add_argument(
        "--max_pixels",
        type=int,
        default=MAX_PIXELS,
        help="larger files are refused before they are decoded (default: %(default)s)",
    )
