"""The command `fast-style`; `train.py` and `export.py` call it too.

TensorFlow is imported by the commands that need it, so that help and mistakes
in the arguments are answered at once.
"""

import argparse
import dataclasses
import importlib.util
import logging as basic_logging
import os
import pathlib
import sys
import textwrap
import time

from absl import flags
from absl import logging
from ml_collections import config_flags

import fast_style
from fast_style.config import LossConfig
from fast_style.config import parse_field
from fast_style.config import suggest_field
from fast_style.config import TrainConfig
from fast_style.images import check_image_suffix
from fast_style.images import IMAGE_SUFFIXES
from fast_style.images import save_image
from fast_style.presets import OptimizeConfig
from fast_style.presets import PRESETS

_PACKAGE = pathlib.Path(__file__).parent
# In an installed package the configs lie beside the modules, in a clone above.
_CONFIG_FOLDERS = (_PACKAGE / "configs", _PACKAGE.parent / "configs")


def main(argv: list[str] | None = None) -> int:
    """Runs one command line.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0, or 1 if something went wrong, with a message on stderr,
        or 130 after Ctrl-C.
    """
    # TensorFlow's start-up lines tell users nothing that they could act on.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = _make_parser()
    arguments, others = parser.parse_known_args(argv)
    if arguments.command == "train":
        arguments.overrides = others
    elif others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    try:
        return arguments.run(arguments)
    except (ValueError, TypeError, OSError, ImportError, RuntimeError) as error:
        print(f"fast-style {arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nfast-style {arguments.command}: interrupted.", file=sys.stderr)
        if arguments.command == "train":
            print(
                "The same command goes on at the last checkpoint in "
                f"{arguments.workdir}.",
                file=sys.stderr,
            )
        return 130


def _make_parser():
    parser = argparse.ArgumentParser("fast-style", description=fast_style.__doc__)
    parser.add_argument("--version", action="version", version=fast_style.__version__)
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("stylize", help="repaint pictures in a style")
    command.add_argument("inputs", nargs="+", help="pictures, or folders of them")
    command.add_argument(
        "--style",
        default="starry_night",
        help="bundled name, workdir, .keras file or SavedModel folder "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--output",
        required=True,
        help="a picture for a single input, else a folder",
    )
    command.set_defaults(run=_stylize)

    command = commands.add_parser("styles", help="list the bundled styles")
    command.set_defaults(run=_list_styles)

    command = commands.add_parser(
        "train",
        help="train a style",
        epilog="Any field of the config is set with --config.field=value.",
    )
    command.add_argument(
        "--config",
        required=True,
        help="a Python file with get_config(), or the name of one that comes along: "
        + ", ".join(_list_configs()),
    )
    command.add_argument("--workdir", required=True, help="where the training writes")
    command.set_defaults(run=_train)

    _add_optimize(commands)

    _add_evaluate(commands)

    command = commands.add_parser("export", help="write a style as a SavedModel")
    command.add_argument(
        "--run", required=True, dest="style", help="workdir, .keras file or name"
    )
    command.add_argument("--output", required=True, help="folder to write")
    command.set_defaults(run=_export)

    command = commands.add_parser(
        "distill", help="train the pocket loss network anew, from VGG16"
    )
    command.add_argument("--photos", required=True, help="folder of photos")
    command.add_argument("--output", required=True, help="the .npz file to write")
    command.add_argument(
        "--vgg16_weights", default="imagenet", help="imagenet, or a file of weights"
    )
    command.add_argument("--num_steps", type=int, default=14_000)
    command.set_defaults(run=_distill)

    command = commands.add_parser("demo", help="see all of it work, in minutes")
    command.add_argument(
        "--output", default="demo", help="folder to write (default: %(default)s)"
    )
    command.set_defaults(run=_demo)
    return parser


def _add_optimize(commands):
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
    command.set_defaults(run=_optimize)


def _optimize(arguments):
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
        **_read_fields(OptimizeConfig, arguments),
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


def _add_evaluate(commands):
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
    command.set_defaults(run=_evaluate)


def _evaluate(arguments):
    _show_log()
    names = ("style_image", "style_image_size", "train_images", "image_size")
    names += ("max_photos", "num_lbfgs_photos", "num_lbfgs_steps")
    fast_style.evaluate(
        arguments.style,
        arguments.images,
        arguments.workdir,
        **{name: getattr(arguments, name) for name in names},
        **_read_fields(LossConfig, arguments),
    )
    report = pathlib.Path(arguments.workdir) / "report.md"
    print(f"\n{report.read_text(encoding='utf-8')}\nThe report: {report}")
    return 0


def _read_fields(config, arguments):
    return {
        field.name: parse_field(field, text)
        for field in dataclasses.fields(config)
        if (text := getattr(arguments, field.name)) is not None
    }


def _parse_numbers(text):
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        raise ValueError(
            "`style_image_weights` must be numbers with commas, such as 2,1. "
            f"Received: style_image_weights={text!r}"
        ) from None


def _list_styles(arguments):
    del arguments
    for name in fast_style.list_styles():
        print(name)
    return 0


def _train(arguments):
    _show_log()
    config = read_config(arguments.config, arguments.overrides)
    path = fast_style.train(config, arguments.workdir)
    print(f"The style is trained: {path}")
    return 0


def _show_log():
    # What the library says while it works, without level, time and line number.
    basic_logging.basicConfig(format="%(message)s")
    logging.set_verbosity(logging.INFO)


def _export(arguments):
    report = fast_style.export_style(arguments.style, arguments.output)
    print(
        f"SavedModel: {report.path} (largest difference from the Keras model: "
        f"{report.max_difference} of 255)"
    )
    return 0


def _distill(arguments):
    from fast_style.distillation import distill

    _show_log()
    errors = distill(
        arguments.photos,
        arguments.output,
        vgg16_weights=arguments.vgg16_weights,
        num_steps=arguments.num_steps,
    )
    shown = ", ".join(f"{layer} {error:.1%}" for layer, error in errors.items())
    print(f"{arguments.output} misses, on held-out photos: {shown}")
    return 0


def _demo(arguments):
    from fast_style.demo import run_demo

    _show_log()
    print(run_demo(read_config("quickstart", []), arguments.output))
    return 0


def read_config(config: str, overrides: list[str]) -> TrainConfig:
    """Loads a config file and sets the fields that the command line names.

    Args:
        config: Path of a Python file with `get_config()`, or the name of one
            that comes with the library, such as `"smoke"`.
        overrides: Such as `["--config.style_weight=3"]`.

    Returns:
        The config, not yet checked as a whole.

    Raises:
        ValueError: If there is no such file or field, or a value has another
            type.
    """
    loaded = _load_config(_find_config(config))
    argv = ["fast-style train", *overrides]
    flag_values = flags.FlagValues()
    try:
        config_flags.DEFINE_config_dataclass(
            "config", loaded, flag_values=flag_values, sys_argv=argv
        )
        unused = flag_values(argv)[1:]
    except KeyError as error:
        names = [text.split("=")[0].removeprefix("--config.") for text in overrides]
        hints = "".join(suggest_field(name) for name in names)
        raise ValueError(f"{error.args[0]}.{hints}") from None
    except flags.Error as error:
        raise ValueError(str(error)) from None
    if unused:
        raise ValueError(
            "Overrides are written --config.field=value. Received: " + " ".join(unused)
        )
    return flag_values.config


def _load_config(path):
    spec = importlib.util.spec_from_file_location("fast_style_config", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, "get_config"):
        raise ValueError(
            "`config` must be a Python file with a function `get_config()`. "
            f"Received: config={os.fspath(path)!r}"
        )
    config = module.get_config()
    if not isinstance(config, TrainConfig):
        raise ValueError(
            "`get_config()` must return a `fast_style.TrainConfig`. "
            f"Received: {type(config).__name__} from {os.fspath(path)!r}"
        )
    return config


def _list_configs():
    return sorted(p.stem for f in _CONFIG_FOLDERS for p in f.glob("[!_]*.py"))


def _find_config(config):
    if config.endswith(".py") and pathlib.Path(config).is_file():
        return config
    for folder in _CONFIG_FOLDERS:
        if (path := folder / f"{config}.py").is_file():
            return path
    raise ValueError(
        "`config` must be a Python file with `get_config()`, or one of "
        f"{', '.join(_list_configs())}. Received: config={config!r}"
    )


def _stylize(arguments):
    jobs = _plan_outputs(arguments.inputs, pathlib.Path(arguments.output))
    stylizer = fast_style.load_style(arguments.style)
    num_failed = 0
    for source, target in jobs:
        start = time.perf_counter()
        try:
            stylized = stylizer(source)
            save_image(stylized, target)
        except Exception as error:  # Such as too little memory for one of many.
            num_failed += 1
            print(f"fast-style stylize: {source}: {error}", file=sys.stderr)
            continue
        seconds = time.perf_counter() - start
        width, height = stylized.size
        print(f"{source} -> {target} ({width}x{height}, {seconds:.2f} s)", flush=True)
    if num_failed:
        print(
            f"fast-style stylize: {num_failed} of {len(jobs)} pictures failed.",
            file=sys.stderr,
        )
    return 1 if num_failed else 0


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
    from fast_style.data import list_images

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


if __name__ == "__main__":
    sys.exit(main())
