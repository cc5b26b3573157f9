import functools

import numpy as np
from PIL import Image
import pytest

from fast_style.inference.arrays import Options
from fast_style.inference.arrays import stylize_array
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import load_style
from fast_style.inference.stylizer import Stylizer
from fast_style.models.style_files import read_style


def invert(images):
    return 255 - images


class TestScale:
    @pytest.mark.parametrize("scale", [0.5, 2, 3.3])
    def test_the_style_sees_another_size_and_the_result_has_the_old(self, rng, scale):
        seen = []

        def paint(images):
            seen.append(images.shape[1:3])
            return invert(images)

        array = np.full((33, 47, 3), 100, "uint8")
        stylized = stylize_array(
            array, LoadedStyle(function=paint), Options(scale=scale)
        )

        np.testing.assert_allclose(seen, [(33 / scale, 47 / scale)], atol=1)
        np.testing.assert_array_equal(stylized, np.full((33, 47, 3), 155))

    def test_batches_transparency_and_adjustments(self, rng):
        array = rng.integers(1, 256, (2, 33, 47, 4), "uint8")
        options = Options(scale=2, strength=0.0)

        stylized = stylize_array(array, LoadedStyle(function=invert), options)

        np.testing.assert_array_equal(stylized, array)

    @pytest.mark.parametrize("scale", [0, -1, 17, "2", None])
    def test_one_that_there_is_not_is_refused(self, scale):
        with pytest.raises(ValueError, match=r"`scale` must be at least 1/16"):
            Options(scale=scale)


class TestMaxSize:
    def test_a_larger_picture_is_reduced_and_a_smaller_is_not(self, rng):
        array = rng.integers(0, 256, (30, 60, 3), "uint8")

        small = stylize_array(array, LoadedStyle(function=invert), Options(max_size=20))
        same = stylize_array(array, LoadedStyle(function=invert), Options(max_size=60))

        assert small.shape == (10, 20, 3)
        np.testing.assert_array_equal(same, 255 - array)

    @pytest.mark.parametrize("size", [0, -5, 2.5, "9"])
    def test_one_that_there_is_not_is_refused(self, size):
        with pytest.raises(ValueError, match="`max_size` must be a number of pixels"):
            Options(max_size=size)


class TestMask:
    def test_says_how_much_each_pixel_gets(self, rng):
        array = rng.integers(0, 256, (4, 6, 3), "uint8")
        mask = np.zeros((4, 6), "uint8")
        mask[:, 2:4], mask[:, 4:] = 51, 255

        stylized = stylize_array(
            array, LoadedStyle(function=invert), Options(mask=mask)
        )

        expected = array + mask[..., None] / 255 * (255.0 - 2.0 * array)
        np.testing.assert_allclose(stylized, expected, atol=0.51)

    def test_may_be_a_file_of_any_size(self, rng, tmp_path):
        mask = np.zeros((10, 30, 3), "uint8")
        mask[:, 15:] = 255
        Image.fromarray(mask).save(tmp_path / "mask.png")
        array = rng.integers(1, 256, (2, 40, 60, 4), "uint8")
        options = Options(mask=tmp_path / "mask.png")

        stylized = stylize_array(array, LoadedStyle(function=invert), options)

        np.testing.assert_array_equal(stylized[:, :, :20], array[:, :, :20])
        np.testing.assert_array_equal(
            stylized[:, :, 40:, :3], 255 - array[:, :, 40:, :3]
        )
        np.testing.assert_array_equal(stylized[..., 3], array[..., 3])

    def test_of_several_pictures_is_refused(self):
        options = Options(mask=np.zeros((2, 4, 6, 3), "uint8"))

        with pytest.raises(ValueError, match="`mask` must be one picture"):
            stylize_array(
                np.zeros((4, 6, 3), "uint8"), LoadedStyle(function=invert), options
            )


def test_all_at_once_in_strips_too(trained_run, rng):
    stylizer = load_style(trained_run)
    array = rng.integers(0, 256, (50, 70, 4), "uint8")
    options = {
        "strength": 0.7, "preserve_color": True, "scale": 1.5, "max_size": 60,
        "mask": rng.integers(0, 256, (9, 9), "uint8"),
    }  # fmt: skip

    at_once = stylizer(array, tile=None, **options)
    in_strips = stylizer(array, tile=7, **options)

    assert at_once.shape == (43, 60, 4)
    assert np.abs(at_once.astype(int) - in_strips.astype(int)).max() <= 1


class TestTooLittleMemory:
    """That an engine finds out by itself."""

    @pytest.mark.parametrize(
        "error",
        [
            MemoryError(),
            RuntimeError("[ONNXRuntimeError] : 6 : Failed to allocate memory for"),
            RuntimeError("Exception from src/plugin.cpp: std::bad_alloc"),
        ],
    )
    def test_the_picture_is_done_in_strips_with_a_notice(self, trained_run, rng, error):
        array = rng.integers(0, 256, (20, 30, 3), "uint8")
        read = functools.partial(read_style, trained_run / "style.keras")

        def fail(images):
            raise error

        with pytest.warns(UserWarning, match="stylized in strips"):
            stylized = stylize_array(
                array, LoadedStyle(function=fail, read=read), Options()
            )

        expected = load_style(trained_run)(array)
        assert np.abs(stylized.astype(int) - expected.astype(int)).max() <= 1

    @pytest.mark.parametrize("options", [{"tile": None}, {}])
    def test_where_strips_are_not_wanted_or_possible_it_is_an_error(
        self, trained_run, options
    ):
        read = functools.partial(read_style, trained_run / "style.keras")

        def fail(images):
            raise MemoryError

        with pytest.raises(MemoryError):
            stylize_array(
                np.zeros((4, 4, 3), "uint8"),
                LoadedStyle(function=fail, read=read if options else None),
                Options(**options),
            )

    def test_another_error_stays_what_it_is(self):
        def fail(images):
            raise RuntimeError("the engine is broken")

        with pytest.raises(RuntimeError, match="is broken"):
            stylize_array(
                np.zeros((4, 4, 3), "uint8"),
                LoadedStyle(function=fail, read=dict),
                Options(),
            )


def test_what_is_no_option_is_named():
    with pytest.raises(TypeError, match="stregth"):
        Stylizer(LoadedStyle(function=invert))(
            np.zeros((4, 4, 3), "uint8"), stregth=0.5
        )
