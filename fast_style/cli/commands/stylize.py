"""fast-style stylize: repaints pictures and folders of them."""

import argparse
import dataclasses
import errno
import os
import sys
import time

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_bytes
from fast_style.cli.arguments import parse_mixture
from fast_style.cli.arguments import parse_tile
from fast_style.cli.errors import Failures
from fast_style.cli.outputs import plan_outputs
from fast_style.cli.quiet import load_tensorflow
from fast_style.inference.arrays import Options
from fast_style.inference.engines.choosing import choose_engine
from fast_style.inference.engines.registry import ENGINES
from fast_style.inference.pipeline import check_number_of_workers
from fast_style.inference.pipeline import stylize_files
from fast_style.io.images import load_image
from fast_style.io.opening import MAX_PIXELS
from fast_style.io.progress import ProgressBar
from fast_style.io.saving import check_image_path
from fast_style.io.saving import check_quality
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
    command.add_argument("--name", help="of a style, for a file that has several")
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
    command.set_defaults(run=run)


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
        help="in which it computes (default: float32)",
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


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    names = [field.name for field in dataclasses.fields(Options)]
    options = {k: getattr(arguments, k) for k in names if hasattr(arguments, k)}
    if arguments.mask:
        options["mask"] = load_image(arguments.mask)
    if arguments.styles:
        options["styles"] = {
            name: load_image(weight) if isinstance(weight, str) else weight
            for name, weight in arguments.styles.items()
        }
    Options(**options)
    check_quality(arguments.quality)
    check_number_of_workers(arguments.workers)
    jobs = plan_outputs(
        arguments.inputs, arguments.output, is_recursive=arguments.recursive
    )
    if arguments.skip_existing:
        jobs = _leave_out_existing(jobs)
    # What can be known to fail does so before TensorFlow and the style are loaded.
    engine, precision = choose_engine(
        find_style(arguments.style), arguments.engine, arguments.precision
    )
    failures = Failures("fast-style stylize", debug=arguments.debug)
    possible = [job for job in jobs if failures.survives(_check_job, *job)]
    if possible:
        if engine == "tensorflow":
            load_tensorflow(shows_lines=arguments.debug)
        stylizer = fast_style.load_style(
            arguments.style, engine=engine, precision=precision
        )
        # Two bars cannot be shown at once.
        options["shows_progress"] = len(possible) == 1
        _stylize(stylizer, possible, options, arguments, failures)
    if failures.number:
        print(
            f"fast-style stylize: {failures.number} of {len(jobs)} pictures failed.",
            file=sys.stderr,
        )
    return failures.exit_code


def _leave_out_existing(jobs):
    left = [(source, target) for source, target in jobs if not os.path.exists(target)]
    if len(left) < len(jobs):
        print(f"{len(jobs) - len(left)} of {len(jobs)} results are there already.")
    return left


def _stylize(stylizer, jobs, options, arguments, failures):
    outcomes = stylize_files(
        stylizer,
        jobs,
        options,
        quality=arguments.quality,
        num_workers=arguments.workers,
        prepare=_make_preparation(options, shows_lines=arguments.debug),
    )
    is_exact = stylizer.precision == "float32"
    by = stylizer.engine + ("" if is_exact else f" in {stylizer.precision}")
    start, num_done = time.perf_counter(), 0
    with ProgressBar(
        "pictures", len(jobs), line_seconds=None, is_shown=len(jobs) > 1
    ) as bar:
        for outcome in outcomes:
            if outcome.error:
                failures.add(outcome.source, outcome.error)
                continue
            num_done += 1
            seconds = time.perf_counter() - start
            bar.update(num_done, f"{num_done / seconds:.2g} per second")
            if not bar.is_bar:
                width, height = outcome.size
                took = f", {seconds:.2f} s" if len(jobs) == 1 else ""
                how = f"{width}x{height}, {by}{took}"
                print(f"{outcome.source} -> {outcome.target} ({how})", flush=True)
    if len(jobs) > 1:
        seconds = time.perf_counter() - start
        rate = f"{num_done / seconds:.3g} per second"
        print(f"{num_done} pictures in {seconds:.1f} s ({rate}, {by})")


def _make_preparation(options, shows_lines):
    tiling = Options(**options).make_tiling()

    def prepare(num_pixels):
        if tiling.may_be_in_strips(num_pixels):  # Which need it.
            load_tensorflow(shows_lines=shows_lines)

    return prepare


def _check_job(source, target):
    if not os.path.exists(source):
        raise FileNotFoundError(
            errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(source)
        )
    check_image_path(target, name="output")
