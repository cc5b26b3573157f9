import importlib
import pathlib

import pytest

from fast_style.inference.engines import registry
from fast_style.inference.formats.registry import FORMATS
from fast_style.io.extras import EXTRAS

FOLDER = pathlib.Path(registry.__file__).parent


def test_each_file_has_its_entry_and_each_entry_its_file():
    others = {"__init__", "registry", "choosing"}
    files = {path.stem for path in FOLDER.glob("*.py")} - others

    assert {spec.module for spec in registry.ENGINES.values()} == files


@pytest.mark.parametrize("name", registry.ENGINES)
def test_each_engine_can_be_had_and_has_formats(name):
    spec = registry.ENGINES[name]

    assert set(spec.formats) <= FORMATS.keys()
    assert "keras" in spec.formats
    assert {*spec.packages, *spec.converter_packages} <= EXTRAS.keys()
    for package in spec.packages:
        pytest.importorskip(package)
    module = importlib.import_module(f"fast_style.inference.engines.{spec.module}")
    assert module.load.__doc__


def test_each_format_has_an_engine():
    assert {kind for x in registry.ENGINES.values() for kind in x.formats} == set(
        FORMATS
    )
