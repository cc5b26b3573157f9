import subprocess
import sys

import pytest

from fast_style import lazy


def test_a_name_is_loaded_from_its_module():
    load, _, _ = lazy.attach("email", {"Message": "message"})
    import email.message

    assert load("Message") is email.message.Message


def test_names_are_listed_and_others_are_errors():
    load, list_names, names = lazy.attach("email", {"b": "x", "a": "y"})

    assert list_names() == ["a", "b"]
    assert names == ["b", "a"]
    with pytest.raises(AttributeError, match="module 'email' has no attribute 'c'"):
        load("c")


def test_importing_the_package_loads_neither_tensorflow_nor_keras():
    code = (
        "import sys, fast_style; from fast_style import io, models, training;"
        "print({'keras', 'tensorflow', 'numpy'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert answer.stdout == "set()\n"
