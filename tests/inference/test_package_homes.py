import os
import pathlib
import sys
import tempfile

import pytest

from fast_style.inference.package_homes import keep_in_cache

VARIABLES = ("KERAS_HOME", "MPLCONFIGDIR")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home in a process that has imported nothing yet."""
    for variable in (*VARIABLES, "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, "")  # So that it is put back.
        monkeypatch.delenv(variable)
    for module in ("keras", "matplotlib"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FAST_STYLE_CACHE", str(tmp_path / "cache"))
    return tmp_path


def read_variables():
    return [os.environ.get(variable) for variable in VARIABLES]


def test_who_has_no_folder_gets_one_in_the_cache(home):
    keep_in_cache()

    assert read_variables() == [
        str(home / "cache" / "keras"),
        str(home / "cache" / "matplotlib"),
    ]


@pytest.mark.parametrize(
    "folders", [(".keras", ".config/matplotlib"), (".keras", ".cache/matplotlib")]
)
def test_settings_that_are_there_stay_in_force(home, folders):
    for folder in folders:
        (home / folder).mkdir(parents=True)

    keep_in_cache()

    assert read_variables() == [None, None]


def test_so_do_those_elsewhere(home, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    (home / "settings" / "matplotlib").mkdir(parents=True)

    keep_in_cache()

    assert read_variables() == ["/somewhere", None]


def test_what_is_imported_already_has_chosen(home, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", os)

    keep_in_cache()

    assert read_variables()[0] is None


@pytest.mark.parametrize("place", ["a file", "/proc/nowhere/cache"])
def test_where_the_cache_cannot_be_they_are_temporary(home, place, monkeypatch):
    (home / "a file").touch()
    monkeypatch.setenv("FAST_STYLE_CACHE", str(home / place))
    monkeypatch.setattr(tempfile, "tempdir", str(home))

    keep_in_cache()

    for variable in read_variables():
        assert pathlib.Path(variable).parent.parent == home
        assert pathlib.Path(variable).parent.is_dir()
