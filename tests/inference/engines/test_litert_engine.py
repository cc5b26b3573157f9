import numpy as np
import pytest

from fast_style.inference.engines import litert_engine
from fast_style.inference.export import export_style


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("FAST_STYLE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def stylize(style, cache):
    return litert_engine.load(style)


@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 33, 47, 3), (1, 130, 90, 3)])
def test_gives_the_pixels_of_keras(stylize, expect, rng, shape):
    images = rng.uniform(0, 255, shape).astype("float32")

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)


def test_threads_get_their_own_pictures(stylize, check_threads):
    check_threads(stylize)


def test_a_style_is_converted_once(stylize, style, cache, monkeypatch):
    from fast_style.inference import litert_graph

    monkeypatch.setattr(litert_graph, "make_litert_model", None)  # It would be needed.

    litert_engine.load(style)

    assert [path.suffix for path in cache.iterdir()] == [".tflite"]


def test_int8_is_near(style, expect, rng):
    images = rng.uniform(0, 255, (1, 64, 64, 3)).astype("float32")

    stylized = litert_engine.load(style, "int8")(images)

    difference = np.abs(stylized - expect(images))
    assert 0 < difference.mean() < 8  # Levels of 255.


def test_an_export_of_one_size_takes_no_other(trained_run, expect, rng, tmp_path):
    path = tmp_path / "style.tflite"
    export_style(trained_run, path, format="litert", size=(40, 60))
    stylize = litert_engine.load(path)
    images = rng.uniform(0, 255, (1, 40, 60, 3)).astype("float32")

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)
    with pytest.raises(ValueError, match="exported for one picture of 40x60 pixels"):
        stylize(images[:, :-1])


def test_what_is_no_model_is_named(tmp_path):
    (tmp_path / "style.tflite").write_text("no style")

    with pytest.raises(ValueError, match=r"a file that fast_style exp.*style\.tflite"):
        litert_engine.load(tmp_path / "style.tflite")
