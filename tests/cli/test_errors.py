import os
import subprocess
import sys

import pytest

from fast_style.cli.errors import Failures
from fast_style.cli.errors import is_user_error
from fast_style.cli.errors import report_error
from fast_style.config.train_config import TrainConfig
from fast_style.io.images import open_image
from fast_style.losses.networks.registry import get_spec
import fast_style.models


def catch(function, *arguments, **options):
    """Returns the error of a call, with its traceback."""
    try:
        function(*arguments, **options)
    except Exception as error:
        return error
    raise AssertionError("There is no error.")


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's."""


def fail(error):
    raise error


@pytest.mark.parametrize(
    "error",
    [
        catch(get_spec, "alexnet"),  # A `raise` of our own.
        catch(TrainConfig, style_image="", train_images=""),
        catch(open_image, b"no picture"),  # Raised from another.
        catch(open, "nowhere"),
        catch(fail, PermissionError("from any code")),
        catch(fail, MemoryError()),
        catch(fail, ResourceExhaustedError("while a tensor was made")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_user_can_mend(error):
    assert is_user_error(error)


@pytest.mark.parametrize(
    "error",
    [
        catch(get_spec, []),  # A TypeError of Python's, in a line of ours.
        catch(TrainConfig),  # Likewise.
        catch(fail, ValueError("of other code, such as this")),
        catch(subprocess.run, [sys.executable, "-c", "1 / 0"], check=True),
        catch(getattr, fast_style.models, "nope"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_a_bug(error):
    assert not is_user_error(error)


def test_a_lack_of_memory_says_what_to_do(capsys):
    assert report_error(catch(fail, MemoryError()), "fast-style stylize") == 1
    assert capsys.readouterr().err == (
        "fast-style stylize: There is too little memory for this. Take a smaller "
        "picture, or for a training a smaller `image_size` or `batch_size`.\n"
    )


def test_an_error_without_a_message_has_its_name(capsys):
    assert report_error(catch(fail, OSError()), "fast-style runs") == 1
    assert capsys.readouterr().err == "fast-style runs: OSError\n"


def test_an_error_of_the_system_has_no_number(capsys):
    assert report_error(catch(open, "nowhere"), "fast-style coco") == 1
    expected = "fast-style coco: No such file or directory: 'nowhere'\n"
    assert capsys.readouterr().err == expected


class TestFailures:
    def test_counts_and_keeps_the_worst_code(self, capsys):
        failures = Failures("program")

        assert failures.survives(lambda source: None, "good.png")
        assert not failures.survives(os.stat, "/none/a.png")
        assert (failures.number, failures.exit_code) == (1, 1)
        assert not failures.survives(lambda source: source + 1, "b.png")

        assert (failures.number, failures.exit_code) == (2, 70)
        assert capsys.readouterr().err.startswith("program: /none/a.png: ")
