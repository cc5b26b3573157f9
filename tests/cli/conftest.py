"""What tests of several commands need."""

from PIL import Image
import pytest

from fast_style.cli.app import main


@pytest.fixture
def run():
    """Runs a command line in this process; returns its exit code."""

    def run(*arguments):
        return main([str(argument) for argument in arguments])

    return run


@pytest.fixture
def pictures(tmp_path, rng):
    """A folder with three small pictures, one of them in a folder of its own."""
    folder = tmp_path / "pictures"
    (folder / "trip").mkdir(parents=True)
    for name in ("a.png", "b.jpg", "trip/a.png"):
        pixels = rng.integers(0, 256, (9, 14, 3), "uint8")
        Image.fromarray(pixels).save(folder / name)
    return folder
