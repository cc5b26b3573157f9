"""fast-style stylize: repaints pictures and folders of them."""

import errno
import functools
import os
import pathlib
import sys
import time

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_bytes
from fast_style.cli.errors import report_error
from fast_style.cli.quiet import load_tensorflow
from fast_style.inference.adjusting import Adjustment
from fast_style.inference.engines.choosing import choose_engine
from fast_style.inference.engines.registry import ENGINES
from fast_style.inference.tiling import Tiling
from fast_style.io.images import MAX_PIXELS
from fast_style.io.saving import check_image_path
from fast_style.io.saving import check_image_suffix
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
    options = {k: getattr(arguments, k) for k in ("strength", "preserve_color")}
    Adjustment(**options)
    tiling = {k: getattr(arguments, k) for k in ("tile", "memory_limit", "statistics")}
    Tiling(**tiling)
    options |= tiling | {"max_pixels": arguments.max_pixels, "shows_progress": True}
    jobs = _plan_outputs(arguments.inputs, arguments.output)
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
        work = functools.partial(_stylize, stylizer, options)
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


def _stylize(stylizer, options, source, target):
    start = time.perf_counter()
    stylized = stylizer(source, **options)
    save_image(stylized, target)
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


def _plan_outputs(inputs, text):
    output = pathlib.Path(text)
    is_picture = _names_picture(text)
    if len(inputs) == 1 and not os.path.isdir(inputs[0]):
        target = output if is_picture else output / pathlib.Path(inputs[0]).name
        jobs = [(inputs[0], target)]
    elif is_picture:
        raise ValueError(
            "`--output` must be a folder for several pictures. "
            f"Received: --output={text!r}"
        )
    else:
        jobs = [job for source in inputs for job in _plan_input(source, output)]
    _check_targets(jobs)
    return jobs


def _names_picture(text):
    suffix = pathlib.Path(text).suffix
    is_folder = text.endswith(("/", os.sep)) or os.path.isdir(text)
    if is_folder or not suffix[1:].isalpha():  # Folders may be called `v1.2`.
        return False
    try:
        check_image_suffix(text, name="--output")
    except ValueError as error:
        hint = "A folder of this name wants a `/` at its end"
        raise ValueError(f"{error}. {hint}.") from None
    return True


def _check_targets(jobs):
    sources = {os.path.realpath(source) for source, _ in jobs}
    targets = {}
    for source, target in jobs:
        if os.path.realpath(target) in sources:
            raise ValueError(
                f"The result of {source} would replace an original, {target}. Choose "
                "another `--output`."
            )
        if target in targets:
            raise ValueError(
                f"{targets[target]} and {source} would both become {target}. Give "
                "one folder that holds both, which keeps its subfolders."
            )
        targets[target] = source


def _plan_input(source, output):
    from fast_style.data.photos import list_images

    if not os.path.isdir(source):
        return [(source, output / pathlib.Path(source).name)]
    paths, num_others = list_images(source)
    if num_others:
        print(
            f"fast-style stylize: {num_others} files in {source} do not end as "
            "pictures do, and are passed over.",
            file=sys.stderr,
        )
    outer, inner = (os.path.join(os.path.realpath(p), "") for p in (source, output))
    if inner.startswith(outer) and inner != outer:
        # Below `--output` lie results of an earlier run, not photos.
        paths = [path for path in paths if not os.path.realpath(path).startswith(inner)]
    if not paths:
        raise ValueError(f"The folder {source!r} holds no pictures.")
    return [(path, output / os.path.relpath(path, source)) for path in paths]
