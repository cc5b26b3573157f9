"""The files of the package, as the conventions see them."""

import ast
import pathlib

import pytest

import fast_style

PACKAGE = pathlib.Path(fast_style.__file__).parent


@pytest.fixture(scope="session")
def package():
    """Folder of the package."""
    return PACKAGE


@pytest.fixture(scope="session")
def project():
    """Folder of the project."""
    return PACKAGE.parent


@pytest.fixture(scope="session")
def trees():
    """Dict from each file of the package, relative to it, to its syntax tree."""
    return {
        path.relative_to(PACKAGE): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
