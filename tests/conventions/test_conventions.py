"""The project keeps the promises of its own style."""

import ast
import importlib
import pathlib
import re

import pytest

import fast_style

PACKAGE = pathlib.Path(fast_style.__file__).parent
DOCS = PACKAGE.parent / "docs"
ORDER = (
    "config", "files", "images", "coco", "photos", "photo_scan", "data", "layers",
    "trained_layers", "generator", "loss_weights", "pocket", "loss_network", "losses",
    "perceptual_loss", "distribution", "precision", "memory", "optimizers", "styles",
    "trainer", "checkpoints", "guards", "metrics", "callbacks", "workdir", "figures",
    "reports", "run_pages", "training", "distillation", "presets", "minimization",
    "optimization", "exporting", "inference", "measurements", "evaluation_photos",
    "evaluation", "samples", "demo", "config_files", "commands", "cli",
)  # fmt: skip
WITHOUT_TENSORFLOW = (
    "config", "files", "images", "photos", "photo_scan", "layers", "trained_layers",
    "generator", "loss_weights", "pocket", "loss_network", "losses", "perceptual_loss",
    "distribution", "precision", "memory", "optimizers", "trainer", "checkpoints",
    "guards", "metrics", "callbacks", "styles", "workdir", "training", "run_pages",
    "samples", "presets", "minimization", "optimization", "figures", "reports",
    "config_files", "commands", "cli",
)  # fmt: skip
IMPORT = re.compile(r"^ *(?:from|import) fast_style(?:\.| import )(\w+)", re.M)


def find_source(name):
    path = PACKAGE / f"{name}.py"
    return path if path.is_file() else PACKAGE / name / "__init__.py"


def list_public_definitions():
    for name in ORDER:
        tree = ast.parse(find_source(name).read_text())
        for node in tree.body:
            is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_definition and not node.name.startswith("_"):
                yield pytest.param(node, id=f"{name}.{node.name}")


def test_every_module_has_its_place():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert modules | packages == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_modules_import_only_those_before_them(name):
    imported = set(IMPORT.findall(find_source(name).read_text()))

    assert imported <= set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize("name", WITHOUT_TENSORFLOW)
def test_modules_of_other_backends_do_not_import_tensorflow(name):
    tree = ast.parse(find_source(name).read_text())
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]

    assert not any("tensorflow" in ast.unparse(node) for node in imports)


@pytest.mark.parametrize("node", list(list_public_definitions()))
def test_public_definitions_have_a_docstring(node):
    assert ast.get_docstring(node)


@pytest.mark.parametrize("name", fast_style.__all__)
def test_public_names_are_there_and_in_the_api_docs(name):
    assert getattr(fast_style, name)
    assert f"`{name}" in (DOCS / "api.md").read_text()


def test_every_config_field_is_documented():
    config = importlib.import_module("fast_style.config").TrainConfig

    for field in config.__dataclass_fields__:
        # Python 3.13 takes the indentation away.
        documented = config.__doc__ + config.__base__.__doc__
        assert re.search(rf"^ +{field}: ", documented, re.M), field


def test_unknown_attributes_are_errors():
    with pytest.raises(AttributeError, match="no attribute 'stylise'"):
        _ = fast_style.stylise


def test_the_package_imports_neither_tensorflow_nor_keras_by_itself():
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]

    assert [ast.unparse(node) for node in imports] == ["import importlib"]
