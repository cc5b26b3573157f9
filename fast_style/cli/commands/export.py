"""fast-style export: writes a style for other programs."""

import pathlib

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.arguments import parse_names
from fast_style.cli.arguments import parse_size
from fast_style.cli.quiet import load_tensorflow
from fast_style.inference.export_options import check_options
from fast_style.inference.formats.registry import FORMATS
from fast_style.inference.formats.registry import get_format
from fast_style.inference.parity_report import PARITY_FILE
from fast_style.inference.parity_report import write_report
from fast_style.models.catalog import name_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("export", help="write a style for other programs")
    add_path(
        command,
        "--style",
        required=True,
        help="bundled name, workdir or .keras file",
    )
    command.add_argument(
        "--name", help="of one style, for a file that has several (default: all)"
    )
    add_path(
        command,
        "--output",
        required=True,
        help="folder or file to write; with several formats a folder for them",
    )
    formats = "; ".join(f"{name}: {spec.summary}" for name, spec in FORMATS.items())
    command.add_argument(
        "--formats",
        "--format",
        default=["saved_model"],
        type=parse_names,
        help=f"one or more, with commas between. {formats} (default: saved_model)",
    )
    _add_precision_arguments(command)
    command.set_defaults(run=run)


def _add_precision_arguments(command):
    command.add_argument(
        "--precision",
        default="float32",
        choices=sorted({each for spec in FORMATS.values() for each in spec.precisions}),
        help="of weights and features (default: %(default)s)",
    )
    command.add_argument(
        "--size",
        type=parse_size,
        help="HxW, such as 480x640: for pictures of one size (default: any)",
    )
    add_path(
        command,
        "--calibration",
        help="folder of photos, for the ranges of int8 (default: four bundled ones)",
    )
    command.add_argument(
        "--license",
        default="",
        help="under which the style may be used, for the metadata of the file",
    )


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    outputs = _name_outputs(arguments)
    given = {"precision": arguments.precision, "size": arguments.size}
    # Before TensorFlow is imported, and for all formats before the first is written.
    for name in outputs:
        check_options(name, calibration=_find_calibration(arguments, name), **given)
    load_tensorflow(shows_lines=arguments.debug)
    reports = []
    for name, output in outputs.items():
        report = fast_style.export_style(
            arguments.style,
            output,
            format=name,
            calibration=_find_calibration(arguments, name),
            license=arguments.license,
            name=arguments.name,
            **given,
        )
        print(f"Exported: {report.path}", flush=True)
        reports.append(report)
    _print_table(reports)
    if len(reports) > 1:
        path = pathlib.Path(arguments.output) / PARITY_FILE
        write_report(path, {report.format: report.to_dict() for report in reports})
    return 0


def _name_outputs(arguments):
    output, names = pathlib.Path(arguments.output), arguments.formats
    if len(names) == 1:
        return {names[0]: output}
    style = name_style(arguments.style)
    endings = {name: get_format(name).suffix for name in names}
    return {
        name: output / (f"{style}{suffix}" if suffix else name)
        for name, suffix in endings.items()
    }


def _find_calibration(arguments, name):
    specs = [get_format(each) for each in arguments.formats]
    is_used = any(arguments.precision in spec.calibrated for spec in specs)
    if is_used and arguments.precision not in get_format(name).calibrated:
        return None  # It is for another one of these formats.
    return arguments.calibration


def _print_table(reports):
    print("\nDifference from the Keras model, in levels of 0 to 255:")
    print(
        f"{'format':<12} {'precision':<9} {'size':>9} {'largest':>8} {'mean':>6} PSNR"
    )
    for report in reports:
        parity = report.parity
        print(
            f"{report.format:<12} {report.metadata['precision']:<9} "
            f"{report.num_bytes / 1e6:>6.1f} MB {parity.max_difference:>8} "
            f"{parity.mean_difference:>6.2f} {parity.psnr:.1f} dB"
        )
