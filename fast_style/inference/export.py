"""A trained style to files that other programs run, each one checked."""

import dataclasses
import os
import pathlib
import tempfile

from fast_style.inference.formats import saved_model
from fast_style.inference.parity import compare_in_new_process
from fast_style.inference.parity import PARITY_FILE
from fast_style.io.files import check_path
from fast_style.models.catalog import find_style
from fast_style.models.saving import load_generator

_EXPORTED = {PARITY_FILE, "assets", "fingerprint.pb", "saved_model.pb", "variables"}


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """What an export wrote and how near it is to the original.

    Attributes:
        path: Folder of the SavedModel.
        max_difference: Largest difference from the Keras model, in levels of
            0 to 255, over all signatures and test images.
    """

    path: pathlib.Path
    max_difference: int


def export_style(style: str | os.PathLike, output: str | os.PathLike) -> ExportReport:
    """Writes a style as a SavedModel and compares it with the original.

    The SavedModel takes any batch, height and width. Signature
    `serving_default`: `image`, uint8 `(B, H, W, 3)`, to `stylized`, the same.
    Signature `serve_bytes`: `image_bytes`, `(B,)` JPEG or PNG files of any
    sizes, to `stylized_bytes`, `(B,)` PNG files.

    Args:
        style: Bundled name, workdir of a training or `.keras` file.
        output: Folder to write. An earlier export there is replaced, once the
            new one has passed its check.

    Returns:
        Where it is and the largest difference, which `parity.json` holds too.

    Raises:
        FileNotFoundError: If there is no such style.
        ValueError: If `output` holds something else, or if the style is a
            SavedModel already.
        RuntimeError: If the SavedModel does not give the same pictures.
    """
    output = check_path("output", output).resolve()
    if output.exists() and not _is_replaceable(output):
        raise ValueError(
            "`output` must be a new folder, an empty one or an earlier export. "
            f"Received: output={os.fspath(output)!r}"
        )
    path = find_style(style)
    if path.is_dir():
        raise ValueError(
            "`style` must be a bundled style, a workdir or a `.keras` file. "
            f"Received: style={os.fspath(style)!r}, a SavedModel already."
        )
    generator = load_generator(path)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as folder:
        temporary = pathlib.Path(folder) / "saved_model"
        saved_model.export(generator, temporary)
        max_difference = compare_in_new_process(
            generator, temporary, pathlib.Path(folder)
        )
        _replace(output, temporary, pathlib.Path(folder) / "earlier")
    return ExportReport(path=output, max_difference=max_difference)


def _is_replaceable(output):
    if not output.is_dir():
        return False
    # Not the folder above the versions, nor what someone put beside an export.
    names = {path.name for path in output.iterdir()}
    return not names or (PARITY_FILE in names and names <= _EXPORTED)


def _replace(output, temporary, earlier):
    if output.exists():
        os.rename(output, earlier)
    os.rename(temporary, output)
