import json

import numpy as np
import pytest

from fast_style.inference.export import export_style
from fast_style.inference.stylizer import load_style
from fast_style.io import extras

openvino = pytest.importorskip("openvino")


@pytest.fixture(scope="module")
def whole(trained_run, tmp_path_factory):
    """The report of an export in float32."""
    folder = tmp_path_factory.mktemp("exports") / "whole"
    return export_style(trained_run, folder, format="openvino")


def test_a_folder_for_openvino(trained_run, whole, rng):
    image = rng.integers(0, 256, (33, 47, 3), "uint8")

    names = {path.name for path in whole.path.iterdir()}
    assert names == {"style.xml", "style.bin", "parity.json"}
    parity = json.loads((whole.path / "parity.json").read_text())
    assert parity["max_difference"] == whole.max_difference <= 1
    stylizer = load_style(whole.path)
    assert stylizer.engine == "openvino"
    expected = load_style(trained_run, engine="tensorflow")(image)
    assert np.abs(stylizer(image).astype(int) - expected.astype(int)).max() <= 1


def test_normalizations_are_single_operators(whole):
    model = openvino.Core().read_model(whole.path / "style.xml")
    compiled = openvino.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    def count(graph, kind):
        key = "layerType"
        infos = [node.get_rt_info() for node in graph.get_ordered_ops()]
        return sum(key in info and info[key].astype(str) == kind for info in infos)

    runtime = compiled.get_runtime_model()
    assert count(runtime, "MVN") == 11  # Of `tiny`.
    assert count(runtime, "Convolution") == 12
    assert not count(runtime, "Reduce")


def test_an_earlier_export_is_replaced_and_another_folder_is_not(trained_run, tmp_path):
    folder = tmp_path / "exported"
    for _ in range(2):
        export_style(trained_run, folder, format="openvino")
    (folder / "notes.txt").write_text("mine")

    with pytest.raises(ValueError, match="new folder, an empty folder or an earlier"):
        export_style(trained_run, folder, format="openvino")


def test_what_is_missing_is_named_with_its_command(trained_run, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda name: name != "openvino")

    with pytest.raises(ImportError, match=r"needs openvino, .*fast_style\[openvino\]"):
        export_style(trained_run, tmp_path / "exported", format="openvino")


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_smaller_ones_are_near(trained_run, whole, tmp_path, precision):
    report = export_style(
        trained_run, tmp_path / "small", format="openvino", precision=precision
    )

    sizes = [(each.path / "style.bin").stat().st_size for each in (report, whole)]
    assert sizes[0] < 0.6 * sizes[1]
    model = openvino.Core().read_model(report.path / "style.xml")
    assert model.get_rt_info(["fast_style", "precision"]).astype(str) == precision


def test_of_one_size_it_takes_no_other(trained_run, tmp_path, rng):
    report = export_style(
        trained_run, tmp_path / "exported", format="openvino", size=(40, 61)
    )

    stylize = load_style(report.path)
    assert stylize(rng.integers(0, 256, (40, 61, 3), "uint8")).shape == (40, 61, 3)
    with pytest.raises(ValueError, match="exported for one picture of 40x61 pixels"):
        stylize(rng.integers(0, 256, (40, 60, 3), "uint8"))
