"""What several test files need."""

import pathlib

from absl import logging
import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.config.config_files import read_config
from fast_style.io import processor

DATA = pathlib.Path(__file__).parent.parent / "data"


def pytest_collection_modifyitems(items):
    if DATA.exists():
        return
    skip = pytest.mark.skip(reason="needs data/, see docs/training.md")
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def quiet_log():
    logging.set_verbosity(logging.INFO)


@pytest.fixture(scope="session")
def data():
    """Folder of the photos, paintings and weights that tests marked `data` need."""
    return DATA


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def photo_path():
    """A real photo, 400 x 600 pixels."""
    return samples.find_sample_photos() / "coffee.png"


@pytest.fixture(autouse=True, scope="session")
def processor_without_bfloat16():
    """Tests compare pixels, on any machine; what "auto" does with it has its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor, "has_bfloat16", lambda: False)
        yield


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory):
    """The workdir of a finished `smoke` training."""
    from fast_style.training.run import train

    workdir = tmp_path_factory.mktemp("runs") / "smoke"
    train(read_config("smoke", []), workdir)
    return workdir


@pytest.fixture(scope="session")
def exported_run(trained_run, tmp_path_factory):
    """The report of an export of `trained_run`."""
    from fast_style.inference.export import export_style

    return export_style(trained_run, tmp_path_factory.mktemp("exports") / "smoke")


@pytest.fixture
def photos(tmp_path, rng):
    """A folder with six photos of one colour each, known by it."""
    folder = tmp_path / "photos"
    for number in range(6):
        path = folder / f"part{number % 2}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        colour = (40 * number, 255 - 40 * number, 128)
        Image.new("RGB", (64 + number, 48), colour).save(path)
    return folder
