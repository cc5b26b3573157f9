"""Which engine stylizes."""

import importlib
import os

from fast_style.inference.engines.registry import ENGINES
from fast_style.inference.formats.registry import name_format
from fast_style.io import processor
from fast_style.io.extras import check_installed
from fast_style.io.extras import is_installed


def choose_engine(
    path: str | os.PathLike, engine: str = "auto", precision: str = "auto"
) -> tuple[str, str]:
    """Chooses what runs a style.

    Args:
        path: Of the style's file or folder.
        engine: A name in `ENGINES`, or `"auto"`: the fastest one that is installed,
            runs the format and has the precision.
        precision: One of the engine's, or `"auto"`: of a `.keras` file the engine's
            `native_precision`, where the processor has it; else float32.

    Returns:
        Names of the engine and of the precision.

    Raises:
        ImportError: If a package is not installed.
        ValueError: If there is no such engine, or it cannot do that.
    """
    if engine != "auto" and engine not in ENGINES:
        raise ValueError(
            f"`engine` must be auto, {', '.join(ENGINES)}. Received: engine={engine!r}"
        )
    kind = name_format(path)
    able = [name for name, spec in ENGINES.items() if kind in spec.formats]
    if engine != "auto" and engine not in able:
        raise ValueError(
            f"`engine` must be auto or one of {', '.join(able)}, which run the format "
            f"{kind}. Received: engine={engine!r} for {os.fspath(path)!r}"
        )
    is_auto = precision == "auto"
    precision = "float32" if is_auto else precision
    exact = [name for name in able if precision in ENGINES[name].precisions]
    candidates = exact if engine == "auto" else sorted({engine} & set(exact))
    if not candidates:
        chosen = able if engine == "auto" else [engine]
        possible = sorted({p for name in chosen for p in ENGINES[name].precisions})
        raise ValueError(
            f"`precision` must be auto, {', '.join(possible)} with engine={engine!r} "
            f"and the format {kind}. Received: precision={precision!r}"
        )
    chosen = _choose_installed(candidates, kind)
    native = ENGINES[chosen].native_precision
    # An export is of the precision that somebody exported it in.
    if is_auto and native and kind == "keras" and processor.has_bfloat16():
        precision = native
    return chosen, precision


def _choose_installed(candidates, kind):
    def list_needs(name):
        spec = ENGINES[name]
        converter = spec.converter_packages if kind == "keras" else ()
        return (*spec.packages, *converter)

    for name in candidates:
        if all(map(is_installed, list_needs(name))):
            return name
    name = candidates[0]
    for package in list_needs(name):
        check_installed(package, f"The engine {name}")
    raise AssertionError("One package is missing, or the loop had returned.")


def load_engine(name: str):
    """Imports the file of an engine."""
    module = ENGINES[name].module
    return importlib.import_module(f"fast_style.inference.engines.{module}")
