"""The registry, the files beside it and the docs agree."""

import ast
import inspect
import pathlib

import numpy as np
import pytest

from fast_style.evaluation import metrics
from fast_style.evaluation.metrics import registry
from fast_style.evaluation.metrics.computing import load_metric
from fast_style.evaluation.metrics.registry import METRICS

FOLDER = pathlib.Path(registry.__file__).parent
DOCS = FOLDER.parents[2] / "docs" / "evaluation.md"
# Not metrics, but what they share and what finds them.
OTHERS = {"__init__", "registry", "computing", "luminance"}
OTHERS |= {"patch_projections", "surface", "texture"}


def read_docs_row(name):
    rows = [x for x in DOCS.read_text().splitlines() if x.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    return rows[0]


@pytest.fixture
def inputs(rng):
    picture = rng.uniform(0, 255, (70, 80, 3))
    return {
        "photo": picture,
        "stylized": 255 - picture,
        "painting": picture[::-1],
        "stylize": lambda image: 255 - image,
    }


@pytest.mark.parametrize("name", METRICS)
class TestEntry:
    def test_names_a_function_that_says_what_it_computes(self, name):
        assert inspect.getdoc(load_metric(name))

    def test_has_the_functions_inputs(self, name):
        parameters = inspect.signature(load_metric(name)).parameters.values()
        needed = [p.name for p in parameters if p.default is p.empty]

        assert tuple(needed) == METRICS[name].inputs

    def test_has_a_value_that_is_finite_or_nan(self, name, inputs):
        value = load_metric(name)(**{key: inputs[key] for key in METRICS[name].inputs})

        assert isinstance(value, float)
        assert np.isfinite(value) or np.isnan(value)

    def test_has_a_direction_and_short_texts(self, name):
        spec = METRICS[name]

        assert spec.direction in ("higher", "lower")
        for text in (spec.formula, spec.meaning):
            assert 0 < len(text) < 80
            assert "|" not in spec.meaning  # A cell of a table.

    def test_is_in_the_docs_with_its_direction_and_unit(self, name):
        _, better, formula = read_docs_row(name).strip("| ").split(" | ", 2)

        assert better.startswith(METRICS[name].direction)
        assert METRICS[name].unit in formula


def test_every_file_of_a_metric_has_an_entry():
    files = {path.stem for path in FOLDER.glob("*.py")} - OTHERS

    assert files == {spec.module for spec in METRICS.values()}


def test_every_public_function_of_these_files_has_an_entry():
    defined = {
        node.name
        for spec in METRICS.values()
        for node in ast.parse((FOLDER / f"{spec.module}.py").read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert defined == set(METRICS)


def test_imports_nothing_of_the_library():
    assert "fast_style" not in pathlib.Path(registry.__file__).read_text()


def test_the_package_has_it():
    assert metrics.METRICS is METRICS
