"""What lies in the package is what is installed.

`tests/integration/test_path_to_picture.py` builds the wheel and looks into it.
"""

import configparser
import fnmatch
import pathlib

import pytest


@pytest.fixture(scope="module")
def setup(project):
    config = configparser.ConfigParser()
    config.read(project / "setup.cfg")
    return config


def split(text):
    return [line.strip() for line in text.strip().splitlines()]


def test_all_packages_are_listed(setup, package):
    found = {
        ".".join(("fast_style", *path.parent.relative_to(package).parts))
        for path in package.rglob("__init__.py")
    }

    listed = set(split(setup["options"]["packages"]))
    assert listed == found | {"fast_style.configs"}


def test_all_data_files_are_listed(setup, package):
    patterns = []
    for name, globs in setup["options.package_data"].items():
        folder = pathlib.PurePath(*name.split(".")[1:])
        patterns += [str(folder / glob.strip()) for glob in globs.split(",")]
    others = [
        path.relative_to(package)
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]

    assert len(others) > 10
    for path in others:
        assert any(fnmatch.fnmatch(str(path), pattern) for pattern in patterns), path


def test_extras_that_messages_name_are_there(setup):
    from fast_style.io.extras import EXTRAS

    for package, extra in EXTRAS.items():
        if not extra:
            assert package in setup["options"]["install_requires"]
            continue
        requirement = package.replace("_", "-")
        assert requirement in setup["options.extras_require"][extra]
        assert package not in setup["options"]["install_requires"]
