"""Trains one generator for one style image.

    python train.py --config=configs/starry_night.py --workdir=runs/starry_night

Any field of the config is set with `--config.field=value`.
"""

import sys

from fast_style import cli

if __name__ == "__main__":
    sys.exit(cli.main(["train", *sys.argv[1:]]))
