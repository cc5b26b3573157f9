"""Imports go one way, and what must not be needed is not."""

import ast
import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

# A wing imports from those before its own row, and from itself.
ROWS = (
    ("io",),
    ("config",),
    ("data", "models", "losses"),
    ("inference", "training", "iterative"),
    ("evaluation",),
    ("cli",),
)
# Tables that import nothing of the library, so that the checks of a config can ask
# them, wherever they lie.
REGISTRIES = (
    "evaluation/metrics/registry.py",
    "inference/engines/registry.py",
    "inference/formats/registry.py",
    "losses/networks/registry.py",
    "models/architectures.py",
    "training/optimizers/registry.py",
)
# Beside the wings: what all of them use, and pictures that lie in the package.
COMMON = ("lazy", "samples")
WITHOUT_TENSORFLOW = (
    "io", "config", "models", "losses", "training", "iterative", "evaluation.metrics",
    "data.coco", "data.crops", "data.photo", "data.samples", "cli.app", "cli.commands",
)  # fmt: skip


def list_imports(tree):
    """Returns all that a file imports of the library, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def find_wings(tree, package):
    """Returns wing and file of each import of the library."""
    for name in list_imports(tree):
        parts = name.split(".")
        if parts[0] != "fast_style" or len(parts) == 1:
            continue
        path = pathlib.Path(*parts[1:])
        for candidate in (path, path.parent):
            if (package / f"{candidate}.py").is_file():
                yield parts[1], f"{candidate}.py"
                break
        else:
            yield parts[1], ""


def test_each_wing_has_its_row(package):
    folders = {path.parent.name for path in package.glob("*/__init__.py")}

    assert folders - {"samples"} == {wing for row in ROWS for wing in row}


def test_imports_go_one_way(trees, package):
    places = {wing: place for place, row in enumerate(ROWS) for wing in row}
    wrong = []
    for path, tree in trees.items():
        wing = path.parts[0]
        if wing not in places:
            continue
        for other, file in find_wings(tree, package):
            is_common = other in COMMON or file in REGISTRIES
            # `import fast_style` and its version, from anywhere.
            if is_common or other == wing or other.startswith("__"):
                continue
            if places[other] >= places[wing]:
                wrong.append(f"{path} imports {other}")

    assert not wrong


@pytest.mark.parametrize("path", REGISTRIES)
def test_registries_import_nothing_of_the_library(trees, path):
    imports = list(list_imports(trees[pathlib.Path(path)]))

    assert not [name for name in imports if name.startswith("fast_style")]
    assert not [
        name for name in imports if name.split(".")[0] in ("keras", "tensorflow")
    ]


def test_engines_that_report_to_their_makers_are_imported_silently(trees):
    wrong = [
        f"{path} imports {name}: use `import_silent`"
        for path, tree in trees.items()
        for name in list_imports(tree)
        if name.split(".")[0] in ("openvino", "onnxruntime")
    ]

    assert not wrong


def test_no_two_files_import_each_other(trees, package):
    graph = {
        os.fspath(path): {file for _, file in find_wings(tree, package) if file}
        for path, tree in trees.items()
    }

    def reach(start):
        seen, todo = set(), [start]
        while todo:
            for file in graph.get(todo.pop(), ()):
                if file not in seen:
                    seen.add(file)
                    todo.append(file)
        return seen

    assert not [path for path in graph if path in reach(path)]


def run_without(blocked, code):
    """Runs code in a process in which some packages are not installed."""
    block = f"""
        import importlib.machinery

        find_spec = importlib.machinery.PathFinder.find_spec

        def find_some(name, path=None, target=None):
            is_blocked = name.split(".")[0] in {tuple(blocked)!r}
            return None if is_blocked else find_spec(name, path, target)

        importlib.machinery.PathFinder.find_spec = find_some
    """
    return run(textwrap.dedent(block) + textwrap.dedent(code))


def run(code):
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3_000:]
    return process.stdout


def test_wings_of_other_backends_import_no_tensorflow(trees):
    """What Keras imports for its backend is its own; we must not, at module level.

    `tests/integration/test_jax.py` does the same where there is no TensorFlow.
    """
    modules = []
    for path in trees:
        name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        if path.name != "__main__.py" and name.startswith(WITHOUT_TENSORFLOW):
            modules.append(f"fast_style.{name}")
    code = f"""
        import builtins, importlib
        import keras

        plain_import = builtins.__import__

        def import_all_but_tensorflow(name, globals=None, *others):
            importer = (globals or {{}}).get("__name__", "")
            if name.split(".")[0] == "tensorflow" and importer.startswith("fast_style"):
                raise ImportError(f"{{importer}} imports tensorflow")
            return plain_import(name, globals, *others)

        builtins.__import__ = import_all_but_tensorflow
        for name in {modules!r}:
            importlib.import_module(name)
    """

    assert len(modules) > 80
    run(textwrap.dedent(code))


@pytest.mark.slow
def test_a_training_in_a_script_shows_its_steps(tmp_path):
    code = f"""
        import logging
        import fast_style
        from fast_style.config import read_config

        assert fast_style.train  # Importing leaves the root logger alone.
        assert logging.getLogger().handlers == []
        fast_style.train(read_config("smoke", []), {str(tmp_path / "run")!r})
    """
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Step 1 of 2: loss " in process.stderr
    assert "Step 2 of 2: loss " in process.stderr


@pytest.mark.slow
def test_stylizes_trains_and_exports_without_the_extras(tmp_path):
    code = """
        import pathlib, sys
        import numpy as np
        import fast_style
        from fast_style.config import read_config

        folder = pathlib.Path(FOLDER)
        image = np.full((20, 30, 3), 90, "uint8")
        assert fast_style.stylize(image, style="the_scream").shape == image.shape
        path = fast_style.train(read_config("smoke", []), folder / "run")
        assert fast_style.export_style(path, folder / "export").max_difference <= 1
        names = sorted(p.name for p in (folder / "run").iterdir())
        assert "history.csv" in names and "index.html" not in names, names
        for call in (
            lambda: fast_style.evaluate(path, folder, folder / "report"),
            lambda: fast_style.optimize(image, image),
        ):
            try:
                call()
            except ImportError as error:
                assert 'pip install "fast_style[report]"' in str(error), error
            else:
                raise AssertionError("scipy is not there")
    """
    run_without(
        ["jinja2", "matplotlib", "scipy", "tensorboard"],
        textwrap.dedent(code).replace("FOLDER", repr(os.fspath(tmp_path))),
    )


def test_photos_without_annotations_do_not_need_pycocotools():
    code = """
        from fast_style import samples
        from fast_style.data import photo_scan

        photos = photo_scan.find_photos(samples.FOLDER)
        assert len(photos.paths) == 2
    """
    run_without(["pycocotools", "tensorflow"], code)
