"""LiteRT files (TensorFlow Lite), for phones, small boards and the web."""

import os
import pathlib

from fast_style.io.extras import check_installed
from fast_style.models.style_files import to_trained_style

# Runs in a process of its own, so that nothing of fast_style can help.
RELOAD = """
import sys
import numpy as np
from ai_edge_litert.interpreter import Interpreter
stylize = Interpreter(sys.argv[1]).get_signature_runner()
def to_uint8(x):
    return np.clip(np.round(x), 0, 255).astype("uint8")
with np.load(sys.argv[2]) as images:
    results = {
        n: to_uint8(stylize(image=images[n].astype("float32"))["stylized"])
        for n in images.files
    }
for name in ("fast_style", "tensorflow"):
    if name in sys.modules:
        raise ImportError("the LiteRT file must not need " + name)
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the LiteRT file that `export_style` describes, unchecked.

    Raises:
        ImportError: If ai_edge_litert, which checks the file, is not installed.
    """
    check_installed("ai_edge_litert", "Exporting to LiteRT")
    from fast_style.inference.litert_graph import make_litert_model

    file = make_litert_model(
        to_trained_style(generator),
        precision=options.precision,
        size=options.size,
        metadata=options.metadata,
    )
    pathlib.Path(path).write_bytes(file)
