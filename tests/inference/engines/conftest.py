"""What the tests of engines share."""

import concurrent.futures

import numpy as np
import pytest

from fast_style.inference.export import export_style
from fast_style.models.saving import load_generator
from fast_style.models.style_files import read_style


@pytest.fixture(scope="package")
def onnx_path(tmp_path_factory, trained_run):
    path = tmp_path_factory.mktemp("exports") / "style.onnx"
    export_style(trained_run, path, format="onnx")
    return path


@pytest.fixture(scope="package")
def style(trained_run):
    return read_style(trained_run / "style.keras")


@pytest.fixture(scope="package")
def expect(trained_run):
    """What Keras itself makes of a batch of RGB in [0, 255]."""
    generator = load_generator(trained_run / "style.keras")
    return lambda images: np.asarray(generator(np.asarray(images, "float32")))


@pytest.fixture(scope="package")
def check_threads(expect):
    """Checks that eight threads get the pictures of Keras, each its own."""

    def check(stylize):
        rng = np.random.default_rng(0)
        images = [rng.uniform(0, 255, (1, 8 + n, 30 - n, 3)) for n in range(12)]
        images = [image.astype("float32") for image in images]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = list(pool.map(stylize, images * 2))
        for image, stylized in zip(images * 2, results, strict=True):
            np.testing.assert_allclose(stylized, expect(image), atol=0.05)

    return check
