"""fast-style stylize: repaints pictures and folders of them."""

import contextlib
import dataclasses
import errno
import os
import sys
import time

import fast_style
from fast_style.cli.errors import Failures
from fast_style.cli.outputs import plan_outputs
from fast_style.cli.quiet import load_tensorflow
from fast_style.cli.quiet import startup_lines_held
from fast_style.cli.stylize_arguments import add_arguments
from fast_style.inference.arrays import Options
from fast_style.inference.engines.choosing import choose_engine
from fast_style.inference.pipeline import check_number_of_workers
from fast_style.inference.pipeline import stylize_files
from fast_style.io.images import load_image
from fast_style.io.progress import ProgressBar
from fast_style.io.saving import check_image_path
from fast_style.io.saving import check_quality
from fast_style.models.catalog import find_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("stylize", help="repaint pictures in a style")
    add_arguments(command)
    command.set_defaults(run=run)


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
    if arguments.precision == "auto" and precision != "float32":
        print(
            f"Computes in {precision}, which this processor has: less than a level off "
            "on average. --precision=float32 is exact."
        )
    failures = Failures("fast-style stylize", debug=arguments.debug)
    possible = [job for job in jobs if failures.survives(_check_job, *job)]
    if possible:
        stylizer = _load(arguments, engine, precision)
        # Two bars cannot be shown at once.
        options["shows_progress"] = len(possible) == 1
        _stylize(stylizer, possible, options, arguments, failures)
    if failures.number:
        print(
            f"fast-style stylize: {failures.number} of {len(jobs)} pictures failed.",
            file=sys.stderr,
        )
    return failures.exit_code


def _load(arguments, engine, precision):
    if engine == "tensorflow":
        load_tensorflow(shows_lines=arguments.debug)
    is_wordy = engine == "litert" and not arguments.debug
    with startup_lines_held() if is_wordy else contextlib.nullcontext():
        return fast_style.load_style(
            arguments.style, engine=engine, precision=precision
        )


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
        prepare=_make_preparation(stylizer, options, shows_lines=arguments.debug),
    )
    start, num_done, computed = time.perf_counter(), 0, {}
    with ProgressBar(
        "pictures", len(jobs), line_seconds=None, is_shown=len(jobs) > 1
    ) as bar:
        for outcome in outcomes:
            if outcome.error:
                failures.add(outcome.source, outcome.error)
                continue
            num_done += 1
            computed[outcome.by] = computed.get(outcome.by, 0) + 1
            seconds = time.perf_counter() - start
            bar.update(num_done, f"{num_done / seconds:.2g} per second")
            if not bar.is_bar:
                width, height = outcome.size
                took = f", {seconds:.2f} s" if len(jobs) == 1 else ""
                how = f"{width}x{height}, {outcome.by}{took}"
                print(f"{outcome.source} -> {outcome.target} ({how})", flush=True)
    if len(jobs) > 1:
        seconds = time.perf_counter() - start
        rate = f"{num_done / seconds:.3g} per second"
        by = _describe(computed)
        print(f"{num_done} pictures in {seconds:.1f} s ({rate}, {by})")


def _describe(computed):
    if len(computed) == 1:
        return next(iter(computed))
    return ", ".join(f"{by}: {number}" for by, number in computed.items())


def _make_preparation(stylizer, options, shows_lines):
    tiling = Options(**options).make_tiling()

    def prepare(num_pixels):
        # Which need it.
        if tiling.may_be_in_strips(num_pixels, stylizer.most_pixels):
            load_tensorflow(shows_lines=shows_lines)

    return prepare


def _check_job(source, target):
    if not os.path.exists(source):
        raise FileNotFoundError(
            errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(source)
        )
    check_image_path(target, name="output")
