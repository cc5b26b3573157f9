"""A trained style to files that other programs run, each one checked."""

import dataclasses
import os
import pathlib
import tempfile

from fast_style.inference.formats.registry import FormatSpec
from fast_style.inference.formats.registry import get_format
from fast_style.inference.formats.registry import load_module
from fast_style.inference.formats.registry import name_format
from fast_style.inference.parity import compare_in_new_process
from fast_style.inference.parity import PARITY_FILE
from fast_style.io.files import check_path
from fast_style.models.catalog import find_style
from fast_style.models.saving import load_generator


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """What an export wrote and how near it is to the original.

    Attributes:
        path: Of the export.
        max_difference: Largest difference from the Keras model, in levels of
            0 to 255, over all signatures and test images.
    """

    path: pathlib.Path
    max_difference: int


def export_style(
    style: str | os.PathLike,
    output: str | os.PathLike,
    *,
    format: str = "saved_model",
) -> ExportReport:
    """Writes a style for other programs and compares it with the original.

    A SavedModel takes any batch, height and width. Signature
    `serving_default`: `image`, uint8 `(B, H, W, 3)`, to `stylized`, the same.
    Signature `serve_bytes`: `image_bytes`, `(B,)` JPEG or PNG files of any
    sizes, to `stylized_bytes`, `(B,)` PNG files.

    Args:
        style: Bundled name, workdir of a training or `.keras` file.
        output: Folder or file to write. An earlier export in a folder is replaced,
            once the new one has passed its check; a file must not exist.
        format: A name in `formats.registry.FORMATS`.

    Returns:
        Where it is and the largest difference, which `parity.json` in a folder holds
        too.

    Raises:
        FileNotFoundError: If there is no such style.
        ValueError: If `output` holds something else, the style is an export
            already, or there is no such format.
        RuntimeError: If the export does not give the same pictures.
    """
    output = check_path("output", output).resolve()
    spec = get_format(format)
    _check_output(output, spec)
    path = find_style(style)
    if name_format(path) != "keras":
        raise ValueError(
            "`style` must be a bundled style, a workdir or a `.keras` file. "
            f"Received: style={os.fspath(style)!r}, an export already."
        )
    generator = load_generator(path)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as folder:
        folder = pathlib.Path(folder)
        temporary = folder / f"export{spec.suffix}"
        module = load_module(spec)
        module.export(generator, temporary)
        max_difference = compare_in_new_process(
            generator, temporary, folder, module.RELOAD
        )
        _replace(output, temporary, folder / "earlier")
    return ExportReport(path=output, max_difference=max_difference)


def _check_output(output, spec):
    name = os.fspath(output)
    if spec.suffix and output.suffix != spec.suffix:
        raise ValueError(
            f"`output` must end in {spec.suffix}. Received: output={name!r}"
        )
    if not spec.suffix and output.suffix[1:].isalpha() and not output.is_dir():
        raise ValueError(
            "`output` is the name of a folder in this format, and must not end as a "
            f"file's name does. Received: output={name!r}"
        )
    if output.exists() and not _is_replaceable(output, spec):
        raise ValueError(
            f"`output` must be {_describe_allowed(spec)}. Received: output={name!r}"
        )


def _describe_allowed(spec):
    if spec.suffix:
        return "a file that does not exist"
    return "a new folder, an empty folder or an earlier export"


def _is_replaceable(output, spec: FormatSpec):
    # Nothing tells an exported file from the only copy of a trained style.
    if spec.suffix or not output.is_dir():
        return False
    # Not the folder above the versions, nor what someone put beside an export.
    names = {path.name for path in output.iterdir()}
    exported = {PARITY_FILE, *spec.contents}
    return not names or (PARITY_FILE in names and names <= exported)


def _replace(output, temporary, earlier):
    if output.exists():
        os.rename(output, earlier)
    os.rename(temporary, output)
