"""What the tests of engines share."""

import numpy as np
import pytest

from fast_style.inference.export import export_style
from fast_style.models.saving import load_generator


@pytest.fixture(scope="package")
def onnx_path(tmp_path_factory, trained_run):
    path = tmp_path_factory.mktemp("exports") / "style.onnx"
    export_style(trained_run, path, format="onnx")
    return path


@pytest.fixture(scope="package")
def expect(trained_run):
    """What Keras itself makes of a batch of RGB in [0, 255]."""
    generator = load_generator(trained_run / "style.keras")
    return lambda images: np.asarray(generator(np.asarray(images, "float32")))
