import dataclasses

import numpy as np
import pytest

from fast_style.inference import tiling as module
from fast_style.inference.adjusting import Adjustment
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import load_style
from fast_style.inference.tiling import estimate_bytes_per_pixel
from fast_style.inference.tiling import stylize_large
from fast_style.inference.tiling import Tiling
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.style_files import read_style


@pytest.fixture
def loaded(trained_run):
    return LoadedStyle(
        function=None, read=lambda: read_style(trained_run / "style.keras")
    )


class TestTiling:
    def test_auto_goes_by_what_is_free(self, loaded, monkeypatch):
        monkeypatch.setattr(module, "get_available_memory", lambda: 10**9)

        assert not Tiling().is_in_strips(500_000, loaded)
        assert Tiling().is_in_strips(50_000_000, loaded)

    def test_small_pictures_need_no_look_at_the_style(self):
        def read():
            raise AssertionError

        loaded = LoadedStyle(function=None, read=read)

        assert not Tiling(memory_limit=10**9).is_in_strips(500_000, loaded)

    def test_a_limit_and_a_number_of_rows(self, loaded):
        assert Tiling(memory_limit=10**6).is_in_strips(5_000, loaded)
        assert Tiling(tile=100).is_in_strips(5, loaded)
        assert not Tiling(tile=None, memory_limit=1).is_in_strips(10**12, loaded)

    def test_what_has_no_strips_is_an_error_that_says_what_to_do(self):
        with pytest.raises(MemoryError, match=r"12\.0 megapixels.*Take one of them"):
            Tiling(memory_limit=10**9).is_in_strips(
                12_000_000, LoadedStyle(function=None)
            )

    def test_more_than_the_engine_does_rightly_is_in_strips(self, loaded):
        loaded = dataclasses.replace(loaded, most_pixels=1000)

        assert not Tiling().is_in_strips(1000, loaded, batch=8)
        assert Tiling().is_in_strips(1001, loaded)

    @pytest.mark.parametrize("options", [{"tile": None}, {}])
    def test_without_strips_it_warns_and_refuses_what_is_wrong(self, loaded, options):
        loaded = dataclasses.replace(
            loaded,
            read=loaded.read if options else None,
            engine="openvino",
            most_pixels=4_000,
            wrong_pixels=8_000,
        )
        tiling = Tiling(**options)

        with pytest.warns(UserWarning, match=r"some levels above 0\.004 mega"):
            assert not tiling.is_in_strips(5_000, loaded)
        with pytest.raises(ValueError, match=r"openvino paints wrong .*0\.008 mega"):
            tiling.is_in_strips(9_000, loaded)

    @pytest.mark.parametrize(
        "options",
        [
            {"tile": 0}, {"tile": "rows"}, {"tile": 2.5}, {"memory_limit": 0},
            {"memory_limit": "2GB"}, {"statistics": "none"},
        ],
    )  # fmt: skip
    def test_what_is_no_option_is_refused(self, options):
        (name,) = options

        with pytest.raises(ValueError, match=rf"`{name}` must be .*Received: {name}="):
            Tiling(**options)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_bound_for_all_is_above_each(name):
    estimate = estimate_bytes_per_pixel(ARCHITECTURES[name])

    assert 100 < estimate <= module._MOST_BYTES


def test_a_stylizer_gives_the_same_picture_in_strips(trained_run, rng):
    stylizer = load_style(trained_run)
    for shape, dtype, level in (
        ((33, 47, 3), "uint8", 1), ((2, 20, 30, 4), "uint16", 257),
    ):  # fmt: skip
        image = rng.integers(0, 256, shape).astype(dtype)
        options = {"strength": 0.7, "preserve_color": True}

        at_once = stylizer(image, tile=None, **options)
        in_strips = stylizer(image, tile=8, **options)
        by_limit = stylizer(image, memory_limit=1, **options)

        assert in_strips.dtype == at_once.dtype
        assert np.abs(in_strips.astype(int) - at_once.astype(int)).max() <= level
        # Strips of other heights sum in another order.
        np.testing.assert_allclose(in_strips, by_limit, atol=1)


def test_statistics_of_a_thumbnail_are_near_and_not_the_same(loaded, photo_path):
    from fast_style.io.images import load_image

    image = load_image(photo_path).astype("uint8")

    large = np.tile(image, (2, 3, 1))
    whole = Tiling(tile=99)
    reduced = Tiling(tile=99, statistics="thumbnail")

    def difference(array):
        exact, other = (
            stylize_large(loaded, array, tiling, Adjustment()).astype(int)
            for tiling in (whole, reduced)
        )
        return np.abs(exact - other)

    assert difference(image).max() <= 1  # It is its own thumbnail.
    assert 0.1 < difference(large).mean() < 20


def test_progress_is_shown_up_to_the_end(loaded, rng, monkeypatch):
    shown = []
    monkeypatch.setattr(
        module.ProgressBar, "update", lambda bar, completed: shown.append(completed)
    )
    image = rng.integers(0, 256, (20, 30, 3), "uint8")

    stylize_large(loaded, image, Tiling(tile=9, shows_progress=True), Adjustment())

    assert shown == sorted(shown)
    assert shown[-1] == 100
