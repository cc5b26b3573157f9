"""LiteRT files (TensorFlow Lite), for phones, small boards and the web."""

import os
import pathlib

from fast_style.inference.reloading import READ_CASES
from fast_style.io.extras import check_installed
from fast_style.models.style_files import to_trained_style

RELOAD = f"""{READ_CASES}
from ai_edge_litert.interpreter import Interpreter
stylize = Interpreter(sys.argv[1]).get_signature_runner()
def to_uint8(x):
    return np.clip(np.round(x), 0, 255).astype("uint8")
def to_float(case):
    return {{tensor: array.astype("float32") for tensor, array in case.items()}}
results = {{
    name: to_uint8(stylize(**to_float(case))["stylized"])
    for name, case in cases.items()
}}
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
