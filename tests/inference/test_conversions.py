import copy
import os

import numpy as np
import pytest

from fast_style.inference import conversions
from fast_style.inference.conversions import convert_once
from fast_style.inference.conversions import find_cache_folder
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.style_files import TrainedStyle


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FAST_STYLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def style():
    weights = {"end_conv/bias": np.zeros(3, "float32")}
    architecture = ARCHITECTURES["tiny"]
    return TrainedStyle(name="tiny", architecture=architecture, weights=weights)


@pytest.fixture
def convert():
    def convert():
        convert.times += 1
        return b"converted %d" % convert.times

    convert.times = 0
    return convert


def ask(style, convert, kind="tflite", packages=("numpy",)):
    return convert_once(style, convert, kind=kind, packages=packages)


def test_the_folder_is_where_the_system_keeps_such(monkeypatch, tmp_path):
    monkeypatch.delenv("FAST_STYLE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_cache_folder() == tmp_path / "fast_style"

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_cache_folder() == tmp_path / ".cache" / "fast_style"


def test_the_same_is_converted_once(style, convert):
    assert [ask(style, convert) for _ in range(3)] == [b"converted 1"] * 3


def test_something_else_is_converted_again(style, convert, monkeypatch):
    ask(style, convert)
    ask(style, convert, kind="int8.tflite")
    monkeypatch.setattr(conversions, "_read_version", lambda package: "another")
    ask(style, convert)
    style.weights["end_conv/bias"][1] = 1

    assert ask(style, convert) == b"converted 4"


def test_a_copy_of_the_style_is_the_same(style, convert):
    ask(style, convert)

    assert ask(copy.deepcopy(style), convert) == b"converted 1"


def test_a_package_that_is_not_installed_is_no_error(style, convert):
    assert ask(style, convert, packages=("no-such-package",)) == b"converted 1"


def test_the_oldest_goes_when_there_is_too_much(style, convert, cache, monkeypatch):
    monkeypatch.setattr(conversions, "_MAX_BYTES", 100)
    for age, kind in ((30, "a"), (20, "b")):
        ask(style, convert, kind=kind)
        (file,) = cache.glob(f"*.{kind}")
        os.utime(file, (file.stat().st_mtime - age,) * 2)
    ask(style, convert, kind="a")  # Used again.

    ask(style, convert, kind="c")

    assert sorted(path.suffix for path in cache.iterdir()) == [".a", ".c"]


@pytest.mark.parametrize("damage", [lambda x: x[:5], lambda x: b"", lambda x: x + b"1"])
def test_what_is_damaged_is_converted_anew_once(style, convert, cache, damage, caplog):
    ask(style, convert)
    (file,) = cache.iterdir()
    file.write_bytes(damage(file.read_bytes()))

    assert [ask(style, convert) for _ in range(2)] == [b"converted 2"] * 2
    assert "is damaged, and is converted anew" in caplog.text


def test_folders_of_others_in_it_stay(style, convert, cache, monkeypatch):
    monkeypatch.setattr(conversions, "_MAX_BYTES", 0)
    (cache / "keras").mkdir(parents=True)

    ask(style, convert)

    assert (cache / "keras").is_dir()


def test_without_a_home_there_is_none(style, convert, monkeypatch, caplog):
    monkeypatch.delenv("FAST_STYLE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 54_321)  # Whom no one knows.

    assert find_cache_folder() is None
    assert ask(style, convert) == b"converted 1"
    assert "no home" in caplog.text


def test_without_a_place_it_works_and_says_so(style, convert, cache, caplog):
    cache.write_text("a file")

    assert [ask(style, convert) for _ in range(2)] == [b"converted 1", b"converted 2"]
    assert "could not be kept" in caplog.text
