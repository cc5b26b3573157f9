import numpy as np
import pytest

from fast_style.inference.engines import onnxruntime_engine


@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 33, 47, 3), (1, 130, 90, 3)])
def test_gives_the_pixels_of_keras(style, expect, rng, shape):
    images = rng.uniform(0, 255, shape).astype("float32")
    stylize = onnxruntime_engine.load(style)

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)


def test_an_export_gives_whole_levels(onnx_path, expect, rng):
    images = rng.integers(0, 256, (1, 20, 30, 3)).astype("float32")

    stylized = onnxruntime_engine.load(onnx_path)(images)

    np.testing.assert_array_equal(stylized, np.rint(stylized))
    np.testing.assert_allclose(stylized, expect(images), atol=0.55)


def test_what_is_no_model_is_named(tmp_path):
    (tmp_path / "style.onnx").write_text("no style")

    with pytest.raises(ValueError, match=r"a file that fast_style exp.*style\.onnx"):
        onnxruntime_engine.load(tmp_path / "style.onnx")


def test_threads_get_their_own_pictures(style, check_threads):
    check_threads(onnxruntime_engine.load(style))
