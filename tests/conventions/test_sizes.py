"""Files and functions stay short enough to be read at once."""

import ast
import statistics

MAX_LINES = 250
MAX_MEDIAN = 150
MAX_FUNCTION_LINES = 40


def count_lines(package):
    return {
        path.relative_to(package): len(path.read_text(encoding="utf-8").splitlines())
        for path in package.rglob("*.py")
    }


def test_files(package):
    lines = count_lines(package)

    assert not {path: count for path, count in lines.items() if count > MAX_LINES}
    faces = [count for path, count in lines.items() if path.name != "__init__.py"]
    assert statistics.median(faces) <= MAX_MEDIAN


def test_functions(trees):
    long = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            first = node.body[0]
            # The docstring is for the reader who does not read the code.
            start = first.end_lineno if ast.get_docstring(node) else node.lineno
            if (count := node.end_lineno - start) > MAX_FUNCTION_LINES:
                long[f"{path}:{node.name}"] = count

    assert not long


def test_no_file_is_named_after_nothing(trees):
    empty = {"utils", "helpers", "common", "misc"}

    assert not [path for path in trees if path.stem in empty]
