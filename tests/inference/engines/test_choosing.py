import pytest

from fast_style.inference.engines.choosing import choose_engine
from fast_style.io import extras
from fast_style.io import processor


@pytest.fixture
def install(monkeypatch):
    def install_only(*packages):
        monkeypatch.setattr(
            "fast_style.inference.engines.choosing.is_installed",
            lambda name: name in packages,
        )
        monkeypatch.setattr(extras, "is_installed", lambda name: name in packages)

    return install_only


def test_auto_is_the_first_that_is_installed_with_all_it_needs(install):
    install("openvino", "onnx", "onnxruntime", "tensorflow")
    assert choose_engine("style.keras") == ("openvino", "float32")

    install("openvino", "onnxruntime", "tensorflow")  # None that converts.
    assert choose_engine("style.keras") == ("tensorflow", "float32")
    assert choose_engine("style.onnx") == ("openvino", "float32")

    install("onnx", "onnxruntime", "tensorflow")
    assert choose_engine("style.keras") == ("onnxruntime", "float32")


def test_auto_takes_one_that_has_the_precision(install):
    install("onnx", "onnxruntime", "tensorflow")

    assert choose_engine("a.keras", "auto", "bfloat16") == ("tensorflow", "bfloat16")


class TestPrecisionThatTheProcessorHas:
    @pytest.fixture(autouse=True)
    def has_it(self, monkeypatch, install):
        monkeypatch.setattr(processor, "has_bfloat16", lambda: True)
        install("openvino", "onnx", "onnxruntime", "tensorflow")

    def test_auto_takes_it(self):
        assert choose_engine("a.keras") == ("openvino", "bfloat16")
        assert choose_engine("a.keras", "openvino") == ("openvino", "bfloat16")

    def test_float32_is_one_word_away(self):
        assert choose_engine("a.keras", precision="float32")[1] == "float32"

    def test_engines_that_gain_little_and_exports_stay_exact(self):
        assert choose_engine("a.keras", "onnxruntime")[1] == "float32"
        assert choose_engine("a.keras", "tensorflow")[1] == "float32"
        assert choose_engine("a.onnx")[1] == "float32"


def test_a_folder_is_known_by_what_lies_in_it(install, tmp_path):
    install("openvino", "onnx", "onnxruntime", "tensorflow")
    for name, engine in (("saved_model.pb", "tensorflow"), ("style.xml", "openvino")):
        folder = tmp_path / engine
        folder.mkdir()
        (folder / name).touch()

        assert choose_engine(folder) == (engine, "float32")


@pytest.mark.parametrize(
    ("path", "engine", "message"),
    [
        ("a.keras", "torch", r"must be auto, openvino.*engine='torch'"),
        ("a.onnx", "tensorflow", r"one of openvino, onnxruntime, which run.* onnx"),
    ],
)
def test_an_engine_that_cannot_is_refused(path, engine, message):
    with pytest.raises(ValueError, match=message):
        choose_engine(path, engine)


def test_a_precision_that_there_is_not_is_refused(install):
    install("openvino", "onnx", "onnxruntime", "tensorflow")

    with pytest.raises(ValueError, match="must be auto, float32 with engine='onnxru"):
        choose_engine("a.keras", "onnxruntime", "bfloat16")
    with pytest.raises(ValueError, match="must be auto, bfloat16, float32, int8 wi"):
        choose_engine("a.keras", "auto", "int4")


@pytest.mark.parametrize(
    ("engine", "installed", "missing"),
    [
        ("openvino", ("onnx",), r"openvino.*fast_style\[openvino\]"),
        ("openvino", ("openvino",), r"onnx.*fast_style\[onnx\]"),
        ("onnxruntime", ("tensorflow",), r"onnxruntime.*fast_style\[onnx\]"),
    ],
)
def test_what_is_missing_is_named_with_its_command(install, engine, installed, missing):
    install(*installed)

    with pytest.raises(ImportError, match=rf"The engine {engine} needs {missing}"):
        choose_engine("a.keras", engine)
