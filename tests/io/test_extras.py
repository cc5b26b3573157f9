import configparser
import pathlib
import re
import sys

import pytest

from fast_style.io.extras import check_installed
from fast_style.io.extras import EXTRAS
from fast_style.io.extras import is_installed


def test_an_installed_package_passes_without_being_imported():
    assert is_installed("numpy")
    check_installed("numpy", "Everything")
    assert "antigravity" not in sys.modules
    assert is_installed("antigravity")  # Importing it would open a browser.
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize("package", EXTRAS)
def test_a_missing_one_is_named_with_the_command_that_installs_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)  # As if it were not there.

    assert not is_installed(package)
    extra = EXTRAS[package]
    command = rf'pip install "fast_style\[{extra}\]"' if extra else "pip install .*"
    message = rf"^The plot needs {package}, .* Install it with: {command}$"
    with pytest.raises(ImportError, match=message):
        check_installed(package, "The plot")


def test_the_named_extra_has_the_package():
    setup = configparser.ConfigParser()
    setup.read(pathlib.Path(__file__).parents[2] / "setup.cfg")
    for package, extra in EXTRAS.items():
        if not extra:  # A part of the core.
            assert package in setup["options"]["install_requires"]
            continue
        lines = setup["options.extras_require"][extra].split("\n")
        installed = [re.split(r"[\[ ]", line)[0] for line in lines]
        assert package.replace("_", "-") in installed
