"""Writes a trained style for other programs and checks it.

    python export.py --style=runs/starry_night --output=exports/starry_night/1
    python export.py --style=starry_night --output=exports/all --precision=float16 \
        --formats=saved_model,onnx,openvino,litert

`--style` is the workdir of a training, a `.keras` file or the name of a bundled style.
"""

import sys

from fast_style import cli

if __name__ == "__main__":
    sys.exit(cli.main(["export", *sys.argv[1:]]))
