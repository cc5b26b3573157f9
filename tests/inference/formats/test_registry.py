import importlib
import pathlib

import pytest

from fast_style.inference.formats import registry

FOLDER = pathlib.Path(registry.__file__).parent


def test_each_file_has_its_entry_and_each_entry_its_file():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "registry"}

    assert {spec.module for spec in registry.FORMATS.values()} == files


@pytest.mark.parametrize("name", registry.FORMATS)
def test_each_format_can_be_written_and_checked(name):
    spec = registry.FORMATS[name]
    module = importlib.import_module(f"fast_style.inference.formats.{spec.module}")

    assert module.export.__doc__
    assert "sys.argv[3]" in module.RELOAD


def test_a_path_is_of_the_format_that_its_suffix_says(tmp_path):
    (tmp_path / "saved_model.pb").touch()

    assert registry.name_format("a/style.keras") == "keras"
    assert registry.name_format("a/style.onnx") == "onnx"
    assert registry.name_format(tmp_path) == "saved_model"
    # Its reader then says what is wrong with it.
    assert registry.name_format("photo.jpg") == "keras"
    assert registry.name_format(tmp_path / "saved_model.pb") == "keras"


def test_an_unknown_format_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="must be one of keras, saved_model, onnx"):
        registry.get_format("pdf")
