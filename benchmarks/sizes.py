"""Compares each engine with strips, up to large pictures: where is it right?

    python benchmarks/sizes.py --folder=runs/sizes

A picture is stylized at once by each engine, and in strips, whose sums are those of
single rows, put together in 64 bits. Each in a process of its own. The picture is a
bundled photo, enlarged. Writes `sizes.json`: for each size and engine the largest and
the mean difference in levels of 255, the share of pixels that are off by more than two,
and the most memory. `docs/make_performance.py` makes a table of it.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys

from absl import app
from absl import flags
import numpy as np
from PIL import Image

from fast_style import samples
from fast_style.inference.engines.choosing import load_engine
from fast_style.models.catalog import find_style
from fast_style.models.style_files import read_style

SIZES = ("2000x1000", "2000x2000", "3000x2000", "3600x2500", "4000x2850", "4000x3000")
ENGINES = (
    ("tensorflow", "float32"), ("tensorflow", "bfloat16"), ("litert", "float32"),
    ("onnxruntime", "float32"), ("openvino", "float32"), ("openvino", "bfloat16"),
)  # fmt: skip
_OFF = 2  # Levels.

_FOLDER = flags.DEFINE_string("folder", "runs/sizes", "where to write")
_STYLE = flags.DEFINE_string("style", "great_wave", "which")
_SIZES = flags.DEFINE_list("sizes", list(SIZES), "which")
_ENGINES = flags.DEFINE_list("engines", ["-".join(x) for x in ENGINES], "which")
_ONE = flags.DEFINE_string("one", None, "of a process of its own: ENGINE-PRECISION")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    folder.mkdir(parents=True, exist_ok=True)
    if _ONE.value:
        print(json.dumps(measure(_ONE.value, folder, _SIZES.value[0])))
        return
    path = folder / "sizes.json"
    measured = json.loads(path.read_text()) if path.exists() else {}
    measured |= {"style": _STYLE.value, "cores": len(os.sched_getaffinity(0))}
    for size in _SIZES.value:
        for name in ("strips-float32", *_ENGINES.value):
            figures = run(name, size)
            print(size, name, figures, flush=True)
            measured.setdefault("sizes", {}).setdefault(size, {})[name] = figures
            path.write_text(json.dumps(measured, indent=1) + "\n")


def run(name, size):
    """Measures in a process of its own; None, if that fails, as for want of memory."""
    flagged = [f"--one={name}", f"--sizes={size}", f"--folder={_FOLDER.value}"]
    process = subprocess.run(
        [sys.executable, __file__, *flagged, f"--style={_STYLE.value}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        print(process.stderr[-500:], file=sys.stderr)
        return None
    return json.loads(process.stdout.splitlines()[-1])


def measure(name, folder, size):
    """Stylizes once, and compares with what the strips gave."""
    import fast_style

    photo = Image.open(samples.PHOTOS / "astronaut.jpg").convert("RGB")
    width, height = map(int, size.split("x"))
    photo = np.asarray(photo.resize((width, height), Image.Resampling.BICUBIC))
    photo = photo.astype("float32")
    photo = np.clip(photo, 0, 255)
    engine, precision = name.split("-")
    if engine == "strips":
        stylizer = fast_style.load_style(_STYLE.value, engine="tensorflow")
        stylized = stylizer(photo, tile=256)
    else:  # Past the check of the size.
        style = read_style(find_style(_STYLE.value))
        (stylized,) = load_engine(engine).load(style, precision)(photo[None])
    expected = folder / "expected.npy"
    if engine == "strips":
        np.save(expected, stylized)
    difference = np.abs(stylized - np.load(expected)).max(axis=-1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "max": round(float(difference.max()), 3),
        "mean": round(float(difference.mean()), 5),
        "off": round(float((difference > _OFF).mean()), 6),
        "peak_mib": round(memory),
    }


if __name__ == "__main__":
    app.run(main)
