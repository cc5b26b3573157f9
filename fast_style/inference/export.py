"""A trained style to files that other programs run, each one checked."""

import dataclasses
import json
import os
import pathlib
import tempfile

import fast_style
from fast_style import samples
from fast_style.inference.export_options import check_options
from fast_style.inference.export_options import ExportOptions
from fast_style.inference.export_options import load_photos
from fast_style.inference.formats.registry import FormatSpec
from fast_style.inference.formats.registry import get_format
from fast_style.inference.formats.registry import load_module
from fast_style.inference.formats.registry import name_format
from fast_style.inference.parity import compare_in_new_process
from fast_style.inference.parity_report import Parity
from fast_style.inference.parity_report import PARITY_FILE
from fast_style.inference.parity_report import write_report
from fast_style.io.files import check_path
from fast_style.models.catalog import find_style
from fast_style.models.catalog import is_bundled
from fast_style.models.catalog import name_style
from fast_style.models.saving import to_generator
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style
from fast_style.models.style_files import read_thumbnails
from fast_style.models.style_files import to_trained_style

# Of the project, whose trainings they are.
_BUNDLED_LICENSE = "Apache-2.0"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportReport:
    """What an export wrote and how near it is to the original.

    Attributes:
        path: Of the export.
        format: A name in `formats.registry.FORMATS`.
        num_bytes: Of the file, or of all files in the folder.
        metadata: What the file says of itself, such as its precision.
        parity: Differences from the Keras model.
    """

    path: pathlib.Path
    format: str
    num_bytes: int
    metadata: dict[str, str]
    parity: Parity

    @property
    def max_difference(self) -> int:
        """The largest difference, in levels of 0 to 255, over all images."""
        return self.parity.max_difference

    def to_dict(self) -> dict:
        """Returns what `parity.json` holds."""
        about = {"format": self.format, "bytes": self.num_bytes, **self.metadata}
        return {**about, **dataclasses.asdict(self.parity)}


def export_style(
    style: str | os.PathLike,
    output: str | os.PathLike,
    *,
    format: str = "saved_model",
    precision: str = "float32",
    size: tuple[int, int] | None = None,
    calibration: str | os.PathLike | None = None,
    license: str = "",
    name: str | None = None,
) -> ExportReport:
    """Writes a style for other programs and compares it with the original.

    A SavedModel takes any batch, height and width. Signature
    `serving_default`: `image`, uint8 `(B, H, W, 3)`, to `stylized`, the same.
    Signature `serve_bytes`: `image_bytes`, `(B,)` JPEG or PNG files of any
    sizes, to `stylized_bytes`, `(B,)` PNG files. The other formats have the first of
    them; LiteRT in float32, [0, 255].

    Args:
        style: Bundled name, workdir of a training or `.keras` file.
        output: Folder or file to write. An earlier export in a folder is replaced,
            once the new one has passed its check; a file must not exist.
        format: A name in `formats.registry.FORMATS`.
        precision: One of the format's: `"float32"`; `"float16"`, half the size;
            `"bfloat16"`; `"int8"`, a quarter of the size, some levels off.
        size: `(H, W)` of the one picture that the export takes; None: any batch and
            size.
        calibration: Folder with photos, like those to be stylized, from which ONNX and
            OpenVINO take their ranges in int8; None: four bundled ones.
        license: Under which the style may be used, for the metadata of the file; that
            of a bundled style is known.
        name: Of one style, of a file that has several. None: all of them; the export
            then also takes `style_weights`, float32 `(B, number of styles)`, whose sum
            counts as 1, and `strength`, float32 `(B,)`, 0 to 1; `style_names` of a
            SavedModel, and the metadata of others, have the order of the styles. The
            export of a style that paints like any picture takes `style_image`,
            `(1 or B, h, w, 3)`, and `strength`; a SavedModel can be called as
            TensorFlow Hub's arbitrary-image-stylization-v1-256 is, too.

    Returns:
        Where it is, how large, and the differences, which `parity.json` in a folder
        holds too.

    Raises:
        FileNotFoundError: If there is no such style.
        ImportError: If a package of the format is not installed.
        ValueError: If `output` holds something else, the style is an export
            already, or the format has no such precision, size or calibration.
        RuntimeError: If the export does not give the same pictures.
    """
    output = check_path("output", output).resolve()
    spec = get_format(format)
    _check_output(output, spec)
    check_options(format, precision, size, calibration)
    path = find_style(style)
    if name_format(path) != "keras":
        raise ValueError(
            "`style` must be a bundled style, a workdir or a `.keras` file. "
            f"Received: style={os.fspath(style)!r}, an export already."
        )
    generator = _load_generator(path, name)
    has_photos = precision in spec.calibrated
    options = ExportOptions(
        precision=precision,
        size=size,
        photos=load_photos(calibration or samples.PHOTOS, size) if has_photos else (),
        metadata=_describe(style, name, precision, license, generator),
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as folder:
        folder = pathlib.Path(folder)
        temporary = folder / f"export{spec.suffix}"
        parity = _write(generator, temporary, spec, options)
        report = ExportReport(
            path=output,
            format=format,
            num_bytes=_count_bytes(temporary),
            metadata=options.metadata,
            parity=parity,
        )
        if temporary.is_dir():
            write_report(temporary / PARITY_FILE, report.to_dict())
        _replace(output, temporary, folder / "earlier")
    return report


def _load_generator(path, name):
    style = read_style(path)
    names = style.conditions.names if style.conditions else ()
    if name not in (None, *names):
        expected = f"one of {', '.join(names)}" if names else "None: there is one style"
        raise ValueError(f"`name` must be {expected}. Received: name={name!r}")
    if name is not None:
        style = fold(style, style.conditions.mix({name: 1.0}))
    generator = to_generator(style)
    generator.thumbnails = read_thumbnails(path) if generator.conditions else {}
    return generator


def _describe(style, name, precision, license, generator):
    trained = to_trained_style(generator)
    names = trained.conditions.names if trained.conditions else ()
    choice = trained.conditions or trained.predictor
    if is_bundled(style):
        license = license or _BUNDLED_LICENSE
    described = {
        "style": name or name_style(style),
        "precision": precision,
        "pixels": "RGB, 0 to 255",
        "fast_style": fast_style.__version__,
        "license": license,
        "styles": json.dumps(names) if names else "",
        "least_strength": f"{choice.strengths[0]:g}" if choice else "",
    }
    return {key: text for key, text in described.items() if text}


def _write(generator, path, spec, options):
    module = load_module(spec)
    module.export(generator, path, options)
    return compare_in_new_process(
        generator,
        path,
        path.parent,
        module.RELOAD,
        precision=options.precision,
        size=options.size,
    )


def _count_bytes(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


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
