import json
import subprocess
import sys

import numpy as np
import pytest

from fast_style.inference.export import export_style
from fast_style.inference.stylizer import load_style
from fast_style.io import extras


@pytest.fixture(scope="module")
def path(tmp_path_factory, trained_run):
    path = tmp_path_factory.mktemp("exports") / "style.tflite"
    report = export_style(trained_run, path, format="litert")
    assert report.max_difference <= 1
    return path


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 50, 3), (2, 33, 47, 3)])
def test_any_size_comes_out_as_from_keras(path, trained_run, rng, shape):
    image = rng.integers(0, 256, shape, "uint8")

    stylizer = load_style(path)

    assert stylizer.engine == "litert"
    expected = load_style(trained_run, engine="tensorflow")(image)
    assert np.abs(stylizer(image).astype(int) - expected.astype(int)).max() <= 1


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


def test_what_is_missing_is_named_with_its_command(trained_run, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda name: name != "ai_edge_litert")

    with pytest.raises(
        ImportError, match=r"needs ai_edge_litert.*fast_style\[litert\]"
    ):
        export_style(trained_run, tmp_path / "style.tflite", format="litert")

    assert not list(tmp_path.iterdir())
