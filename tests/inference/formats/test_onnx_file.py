import json
import subprocess
import sys

import numpy as np
import onnx
import pytest

from fast_style import samples
from fast_style.inference.export import export_style
from fast_style.inference.formats import onnx_file
from fast_style.inference.stylizer import load_style
from fast_style.io import extras
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator


@pytest.fixture(scope="module")
def path(tmp_path_factory, trained_run):
    path = tmp_path_factory.mktemp("exports") / "style.onnx"
    report = export_style(trained_run, path, format="onnx")
    assert report.path == path
    assert report.max_difference <= 1
    return path


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 7, 3), (3, 50, 3), (2, 33, 47, 3)])
def test_any_size_comes_out_as_from_keras(path, trained_run, rng, shape):
    image = rng.integers(0, 256, shape, "uint8")

    stylized = load_style(path)(image)

    expected = load_style(load_generator(trained_run / "style.keras"))(image)
    assert stylized.shape == shape
    assert np.abs(stylized.astype(int) - expected.astype(int)).max() <= 1


def test_a_picture_needs_neither_tensorflow_nor_keras(path, photo_path, tmp_path):
    program = (
        "import sys; from fast_style.cli.app import main; code = main(sys.argv[1:]);"
        "import json; print(json.dumps([code, [m for m in "
        "('tensorflow', 'keras', 'onnx') if m in sys.modules]]))"
    )
    output = tmp_path / "out.png"

    process = subprocess.run(
        [sys.executable, "-c", program, "stylize", photo_path, f"--style={path}",
         f"--output={output}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(process.stdout.splitlines()[-1]) == [0, []]
    assert output.is_file()


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_what_is_missing_is_named_with_its_command(
    package, trained_run, tmp_path, monkeypatch
):
    monkeypatch.setattr(extras, "is_installed", lambda name: name != package)

    with pytest.raises(ImportError, match=rf"needs {package}, .*fast_style\[onnx\]"):
        export_style(trained_run, tmp_path / "style.onnx", format="onnx")

    assert not list(tmp_path.iterdir())


def test_what_is_no_onnx_file_is_named(tmp_path):
    (tmp_path / "style.onnx").write_text("no style")

    with pytest.raises(ValueError, match=r"a file that fast_style.*style\.onnx"):
        load_style(tmp_path / "style.onnx")


def test_the_model_of_others_is_refused(path, tmp_path):
    model = onnx.load(path)
    model.graph.input[0].name = model.graph.node[0].input[0] = "pixels"
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            if name == "image":
                node.input[index] = "pixels"
    onnx.save(model, tmp_path / "other.onnx")

    with pytest.raises(ValueError, match=r"its inputs are \{'pixels'"):
        load_style(tmp_path / "other.onnx")


def test_an_export_that_paints_otherwise_is_refused(
    tmp_path, monkeypatch, trained_run, rng
):
    other = build_generator("tiny")
    save_generator(other, tmp_path / "other.keras")
    export = onnx_file.export
    monkeypatch.setattr(
        onnx_file,
        "export",
        lambda generator, *args: export(
            load_generator(tmp_path / "other.keras"), *args
        ),
    )

    with pytest.raises(RuntimeError, match="must give the pictures of the Keras model"):
        export_style(trained_run, tmp_path / "style.onnx", format="onnx")

    assert not (tmp_path / "style.onnx").exists()


def test_metadata_is_in_the_file(path):
    properties = {each.key: each.value for each in onnx.load(path).metadata_props}

    assert properties["style"] == "smoke"
    assert properties["pixels"] == "RGB, 0 to 255"


def test_of_one_size_it_takes_no_other(trained_run, tmp_path, rng):
    report = export_style(
        trained_run,
        tmp_path / "a.onnx",
        format="onnx",
        size=(41, 60),
        precision="float16",
        license="CC0-1.0",
    )

    (shape,) = [
        each.type.tensor_type.shape for each in onnx.load(report.path).graph.input
    ]
    assert [each.dim_value for each in shape.dim] == [1, 41, 60, 3]
    assert report.metadata["license"] == "CC0-1.0"
    stylize = load_style(report.path, engine="onnxruntime")
    assert stylize(rng.integers(0, 256, (41, 60, 3), "uint8")).shape == (41, 60, 3)
    with pytest.raises(ValueError, match="exported for one picture of 41x60 pixels"):
        stylize(rng.integers(0, 256, (40, 60, 3), "uint8"))


def test_int8_takes_its_ranges_from_photos(trained_run, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("astronaut.jpg", "coffee.jpg", "rocket.jpg"):
        (folder / name).write_bytes((samples.PHOTOS / name).read_bytes())

    reports = [
        export_style(
            trained_run,
            tmp_path / f"{photos}.onnx",
            format="onnx",
            precision="int8",
            calibration=folder if photos else None,
        )
        for photos in (0, 1)
    ]

    assert all(report.parity.psnr > 33 for report in reports)
    files = [report.path.read_bytes() for report in reports]
    assert files[0] != files[1]
