"""Stylizes with one engine, in a process of its own, when `inference.py` says so.

Reads lines `batch height width` and answers each with the seconds that it took and the
process's peak memory in MiB. Before, it answers with what loading took.
"""

import argparse
import pathlib
import sys
import time

import numpy as np


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--style", default="")
    arguments = parser.parse_args()
    start = time.perf_counter()
    if arguments.engine.startswith("pytorch"):
        stylize = load_pytorch(arguments.engine, arguments.precision)
    else:
        import fast_style

        stylizer = fast_style.load_style(
            arguments.style, engine=arguments.engine, precision=arguments.precision
        )

        def stylize(images):
            return stylizer(images, tile=None)

    answer(time.perf_counter() - start)
    rng = np.random.default_rng(0)
    for line in sys.stdin:
        images = rng.integers(0, 256, (*map(int, line.split()), 3), "uint8")
        start = time.perf_counter()
        stylized = stylize(images)
        seconds = time.perf_counter() - start
        if stylized.shape != images.shape or stylized.dtype != np.uint8:
            raise ValueError(f"Not the size that was asked for: {stylized.shape}")
        answer(seconds)


def answer(seconds):
    print(seconds, read_peak_memory(), flush=True)


def read_peak_memory():
    """Returns the most MiB that were in memory; `ru_maxrss` counts the parent's too."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def load_pytorch(engine, precision):
    """Returns the plain network that others have, from uint8 images to the same."""
    from pytorch_johnson import Generator
    import torch

    torch.manual_seed(0)
    model = Generator().eval()
    if engine == "pytorch-compiled":
        model = torch.compile(model)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")

    def stylize(images):
        with torch.inference_mode(), autocast:
            x = torch.from_numpy(images).permute(0, 3, 1, 2).float()
            y = model(x).round().clamp(0, 255).to(torch.uint8)
            return y.permute(0, 2, 3, 1).contiguous().numpy()

    return stylize


if __name__ == "__main__":
    main()
