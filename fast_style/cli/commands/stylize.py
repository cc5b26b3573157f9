"""fast-style stylize: repaints pictures and folders of them."""

import os
import pathlib
import sys
import time

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.errors import report_error
from fast_style.cli.quiet import load_tensorflow
from fast_style.io.images import IMAGE_SUFFIXES
from fast_style.io.images import save_image


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("stylize", help="repaint pictures in a style")
    add_path(command, "inputs", nargs="+", help="pictures, or folders of them")
    add_path(
        command,
        "--style",
        default="starry_night",
        help="bundled name, workdir, .keras file or SavedModel folder "
        "(default: %(default)s)",
    )
    add_path(
        command,
        "--output",
        required=True,
        help="a picture for a single input, else a folder",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    jobs = _plan_outputs(arguments.inputs, pathlib.Path(arguments.output))
    load_tensorflow(shows_lines=arguments.debug)
    stylizer = fast_style.load_style(arguments.style)
    num_failed = worst_code = 0
    for source, target in jobs:
        start = time.perf_counter()
        try:
            stylized = stylizer(source)
            save_image(stylized, target)
        except Exception as error:  # Such as too little memory for one of many.
            num_failed += 1
            where = f"fast-style stylize: {source}"
            code = report_error(error, where, debug=arguments.debug)
            worst_code = max(worst_code, code)
            continue
        seconds = time.perf_counter() - start
        width, height = stylized.size
        print(f"{source} -> {target} ({width}x{height}, {seconds:.2f} s)", flush=True)
    if num_failed:
        print(
            f"fast-style stylize: {num_failed} of {len(jobs)} pictures failed.",
            file=sys.stderr,
        )
    return worst_code


def _plan_outputs(inputs, output):
    is_picture = output.suffix.lower() in IMAGE_SUFFIXES and not output.is_dir()
    if len(inputs) == 1 and not os.path.isdir(inputs[0]):
        target = output if is_picture else output / pathlib.Path(inputs[0]).name
        jobs = [(inputs[0], target)]
    elif is_picture:
        raise ValueError(
            "`--output` must be a folder for several pictures. "
            f"Received: --output={os.fspath(output)!r}"
        )
    else:
        jobs = [job for source in inputs for job in _plan_input(source, output)]
    _check_targets(jobs)
    return jobs


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
    paths, _ = list_images(source)
    outer, inner = (os.path.join(os.path.realpath(p), "") for p in (source, output))
    if inner.startswith(outer) and inner != outer:
        # Below `--output` lie results of an earlier run, not photos.
        paths = [path for path in paths if not os.path.realpath(path).startswith(inner)]
    if not paths:
        raise ValueError(f"The folder {source!r} holds no pictures.")
    return [(path, output / os.path.relpath(path, source)) for path in paths]
