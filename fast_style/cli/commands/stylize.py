"""fast-style stylize: repaints pictures and folders of them."""

import dataclasses
import errno
import functools
import os
import sys
import time

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_bytes
from fast_style.cli.errors import report_error
from fast_style.cli.outputs import plan_outputs
from fast_style.cli.quiet import load_tensorflow
from fast_style.inference.arrays import Options
from fast_style.inference.engines.choosing import choose_engine
from fast_style.inference.engines.registry import ENGINES
from fast_style.io.images import load_image
from fast_style.io.images import MAX_PIXELS
from fast_style.io.saving import check_image_path
from fast_style.io.saving import check_quality
from fast_style.io.saving import save_image
from fast_style.models.catalog import find_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("stylize", help="repaint pictures in a style")
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
    command.add_argument(
        "--engine",
        default="auto",
        choices=("auto", *ENGINES),
        help="what computes (default: the fastest that is installed)",
    )
    command.add_argument(
        "--precision",
        default="auto",
        choices=("auto", "float32", "bfloat16"),
        help="in which it computes (default: float32)",
    )
    _add_memory_arguments(command)
    command.set_defaults(run=run)


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
        type=_parse_tile,
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


def _parse_tile(text):
    if text in ("auto", "none"):
        return "auto" if text == "auto" else None
    return int(text)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    names = [field.name for field in dataclasses.fields(Options)]
    options = {k: getattr(arguments, k) for k in names if hasattr(arguments, k)}
    options["shows_progress"] = True
    if arguments.mask:
        options["mask"] = load_image(arguments.mask)
    Options(**options)
    check_quality(arguments.quality)
    jobs = plan_outputs(arguments.inputs, arguments.output)
    # What can be known to fail does so before TensorFlow and the style are loaded.
    engine, precision = choose_engine(
        find_style(arguments.style), arguments.engine, arguments.precision
    )
    possible, code = _try_each(jobs, _check_job, debug=arguments.debug)
    done, code_of_work = [], 0
    if possible:
        if engine == "tensorflow":
            load_tensorflow(shows_lines=arguments.debug)
        stylizer = fast_style.load_style(
            arguments.style, engine=engine, precision=precision
        )
        work = functools.partial(_stylize, stylizer, options, arguments.quality)
        done, code_of_work = _try_each(possible, work, debug=arguments.debug)
    if len(done) < len(jobs):
        print(
            f"fast-style stylize: {len(jobs) - len(done)} of {len(jobs)} pictures "
            "failed.",
            file=sys.stderr,
        )
    return max(code, code_of_work)


def _try_each(jobs, work, *, debug):
    """Returns the jobs that did not fail, and the worst exit code of the others."""
    good, worst_code = [], 0
    for source, target in jobs:
        try:
            work(source, target)
            good.append((source, target))
        except Exception as error:  # Such as too little memory for one of many.
            code = report_error(error, f"fast-style stylize: {source}", debug=debug)
            worst_code = max(worst_code, code)
    return good, worst_code


def _stylize(stylizer, options, quality, source, target):
    start = time.perf_counter()
    stylized = stylizer(source, **options)
    save_image(stylized, target, quality=quality)
    seconds = time.perf_counter() - start
    width, height = stylized.size
    by = stylizer.engine + " in bfloat16" * (stylizer.precision == "bfloat16")
    print(f"{source} -> {target} ({width}x{height}, {by}, {seconds:.2f} s)", flush=True)


def _check_job(source, target):
    if not os.path.exists(source):
        raise FileNotFoundError(
            errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(source)
        )
    check_image_path(target, name="output")
