"""Times every generator on every engine, and the plain PyTorch network beside them.

    pip install ".[bench]"
    python benchmarks/inference.py --folder=runs/inference

Each contestant is a process of its own, and five at a time, of one generator, take
turns with PyTorch, so that other work on the machine slows all; ratios count. Images
are random, uint8 `(B, H, W, 3)`, and so are weights; they cost the same. Writes
`inference.json`:
seconds of the first call, the median of the others, how many times faster than eager
PyTorch with `johnson` in the same turns that is, and peak memory.
`docs/make_performance.py` makes a page of it.
"""

import importlib.metadata
import json
import pathlib
import platform
import statistics
import subprocess
import sys

from absl import app
from absl import flags
from machine import describe_machine
import numpy as np
from turns import take_turns

SIZES = {
    "256x256": (1, 256, 256),
    "512x512": (1, 512, 512),
    "1024x1024": (1, 1024, 1024),
    "1920x1080": (1, 1080, 1920),
    "8 of 256x256": (8, 256, 256),
}
GENERATORS = ("johnson", "fast", "tiny")
ENGINES = (
    ("tensorflow", "float32"), ("tensorflow", "bfloat16"), ("litert", "float32"),
    ("litert", "int8"), ("onnxruntime", "float32"), ("onnxruntime", "int8"),
    ("openvino", "float32"), ("openvino", "bfloat16"), ("openvino", "int8"),
)  # fmt: skip
# Whose 8 bits need photos, so that a `.keras` file is exported first.
EXPORTED = {"onnxruntime": "onnx", "openvino": "openvino"}
PYTORCH = (
    ("pytorch", "float32"), ("pytorch-compiled", "float32"),
    ("pytorch-compiled", "bfloat16"),
)  # fmt: skip
BASE = "pytorch-float32-johnson"
# With more, their memory together is that of the machine.
AT_ONCE = 5
PACKAGES = (
    "tensorflow", "keras", "ai-edge-litert", "onnxruntime", "openvino", "torch",
    "numpy",
)  # fmt: skip
_MATRIX = 2048

_FOLDER = flags.DEFINE_string("folder", "runs/inference", "where to write")
_ROUNDS = flags.DEFINE_integer("rounds", 5, "how often each is timed")
_SIZES = flags.DEFINE_list("sizes", list(SIZES), "which")
_ONLY = flags.DEFINE_list("only", None, "contestants, such as openvino-float32-tiny")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    folder.mkdir(parents=True, exist_ok=True)
    save_generators(folder)
    results = {"machine": {**describe_machine(), **describe_software()}, "sizes": {}}
    for size in _SIZES.value:
        results["sizes"][size] = {}
        for generator in GENERATORS:
            for contestants in list_turns(folder, generator):
                figures = time_processes(contestants, SIZES[size])
                for name, each in figures.items():
                    results["sizes"][size].setdefault(name, each)
                    print(f"{size} {name}: {1000 * each['median']:.0f} ms", flush=True)
            text = json.dumps(results, indent=1) + "\n"
            (folder / "inference.json").write_text(text)


def save_generators(folder):
    from fast_style.models.generator import build_generator
    from fast_style.models.saving import save_generator

    for name in GENERATORS:
        if not (folder / f"{name}.keras").is_file():
            generator = build_generator(name)
            for format in EXPORTED.values():
                export_int8(generator, folder / name_export(name, format), format)
            save_generator(generator, folder / f"{name}.keras")


def export_int8(generator, path, format):
    """Writes a file without the check of its pictures, which are noise here."""
    from fast_style import samples
    from fast_style.inference.export_options import ExportOptions
    from fast_style.inference.export_options import load_photos
    from fast_style.inference.formats.registry import get_format
    from fast_style.inference.formats.registry import load_module

    photos = load_photos(samples.PHOTOS)
    options = ExportOptions(precision="int8", photos=photos)
    load_module(get_format(format)).export(generator, path, options)


def name_export(generator, format):
    return f"{generator}-int8" + (".onnx" if format == "onnx" else "")


def list_turns(folder, generator):
    """Returns dicts of contestants, PyTorch among those of each."""
    contestants = list_contestants(folder, generator)
    base = {BASE: contestants.pop(BASE)}
    names = list(contestants)
    return [
        base | {name: contestants[name] for name in names[i : i + AT_ONCE]}
        for i in range(0, len(names), AT_ONCE)
    ]


def list_contestants(folder, generator):
    is_johnson = generator == "johnson"
    contestants = {
        f"{engine}-{precision}-johnson": (engine, precision, "")
        for engine, precision in (PYTORCH if is_johnson else PYTORCH[:1])
    }
    for engine, precision in ENGINES:
        style = folder / f"{generator}.keras"
        arguments = engine, precision, str(style)
        if precision == "int8" and engine in EXPORTED:
            style = folder / name_export(generator, EXPORTED[engine])
            arguments = engine, "auto", str(style)
        contestants[f"{engine}-{precision}-{generator}"] = arguments
    names = {BASE, *(_ONLY.value or contestants)}
    return {k: v for k, v in contestants.items() if k in names}


class Contestant:
    """A process that stylizes when it is told to."""

    def __init__(self, name, arguments):
        script = pathlib.Path(__file__).with_name("inference_contestant.py")
        flags_ = zip(("engine", "precision", "style"), arguments, strict=True)
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, script, *(f"--{key}={value}" for key, value in flags_)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.load_seconds, self.peak = self._read()

    def stylize(self, shape):
        """Returns the seconds of one call."""
        self._process.stdin.write(" ".join(map(str, shape)) + "\n")
        self._process.stdin.flush()
        seconds, self.peak = self._read()
        return seconds

    def end(self):
        self._process.communicate()

    def _read(self):
        if not (line := self._process.stdout.readline()):
            raise RuntimeError(f"{self.name} ended; its error stands above.")
        return map(float, line.split())


def time_processes(arguments, shape):
    """Starts the processes anew, so that first calls and memory are of this size."""
    contestants = {name: Contestant(name, each) for name, each in arguments.items()}
    figures = time_contestants(contestants, shape)
    for each in contestants.values():
        each.end()
    return figures


def time_contestants(contestants, shape):
    first = {name: each.stylize(shape) for name, each in contestants.items()}
    seconds = {name: [] for name in contestants}

    def run(name):
        seconds[name].append(contestants[name].stylize(shape))

    turns = {name: lambda name=name: run(name) for name in contestants}
    turns["product"] = multiply
    products = take_turns(turns, rounds=_ROUNDS.value, warm_up=1)["product"]
    figures = {
        name: {
            "first": first[name],
            "median": statistics.median(times[1:]),
            "peak_mib": contestants[name].peak,
            "load": contestants[name].load_seconds,
            "gflops_of_matrix_product": 2e-9 * _MATRIX**3 / products,
        }
        for name, times in seconds.items()
    }
    for each in figures.values():
        each["times_faster"] = figures[BASE]["median"] / each["median"]
    return figures


def multiply(matrices=[]):  # noqa: B006
    if not matrices:
        matrices.append(np.random.default_rng(0).random((_MATRIX, _MATRIX), "float32"))
    return matrices[0] @ matrices[0]


def describe_software():
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    return {"python": platform.python_version(), "versions": versions}


if __name__ == "__main__":
    app.run(main)
