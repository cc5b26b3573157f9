import threading

import numpy as np
import pytest

from fast_style.inference.strips.sweeping import Sweeper


class Given:
    def __init__(self, array):
        self._array = array
        self.height, self.width, self.channels = array.shape

    def rows(self, begin, end):
        return self._array[begin:end].copy()


@pytest.fixture
def array(rng):
    # Far from 0, where a variance from squares alone would have lost its digits.
    return (1000 + rng.normal(size=(50, 9, 3))).astype("float32")


@pytest.mark.parametrize("rows", [None, 1, 7, 50, 99])
def test_moments_are_those_of_the_whole(array, rows):
    mean, variance = Sweeper(strip_rows=rows).measure(Given(array))

    exact = array.astype("float64")
    np.testing.assert_allclose(mean, exact.mean(axis=(0, 1)), rtol=1e-6)
    np.testing.assert_allclose(variance, exact.var(axis=(0, 1)), rtol=1e-4)


def test_what_is_kept_is_read_again(array, tmp_path):
    sweeper = Sweeper(strip_rows=7, folder=tmp_path)

    kept, moments = sweeper.keep(Given(array))

    np.testing.assert_array_equal(kept.rows(13, 31), array[13:31])
    np.testing.assert_array_equal(kept.rows(0, 50), array)
    np.testing.assert_array_equal(moments, sweeper.measure(Given(array)))
    del kept
    assert not list(tmp_path.iterdir())


def test_each_strip_reports_its_share(array):
    shares = []
    sweeper = Sweeper(strip_rows=20, on_strip=shares.append)

    begins = [begin for begin, _ in sweeper.strips(Given(array), height=45)]

    assert begins == [0, 20, 40]
    np.testing.assert_allclose(shares, [20 / 45, 20 / 45, 5 / 45])


def test_strips_are_of_a_few_megabytes_and_not_too_low():
    heights = []
    for width in (10, 1000, 20_000):
        layer = Given(np.broadcast_to(np.float32(0), (5000, width, 16)))
        _, rows = next(Sweeper().strips(layer))
        heights.append(len(rows))

    assert heights == [5000, 65, 32]


def test_strips_come_in_order_from_several_threads():
    are_done = [threading.Event() for _ in range(12)]

    class Slow:
        height, width, channels = 12, 2, 1

        def rows(self, begin, end):
            if begin % 3 == 0:  # Comes after the next one.
                assert are_done[begin + 1].wait(600)
            are_done[begin].set()
            return np.full((end - begin, 2, 1), begin, "float32")

    strips = list(Sweeper(strip_rows=1, num_threads=3).strips(Slow()))

    assert [begin for begin, _ in strips] == list(range(12))
    assert [rows[0, 0, 0] for _, rows in strips] == list(range(12))


def test_an_error_in_a_thread_comes_out():
    class Broken:
        height, width, channels = 12, 2, 1

        def rows(self, begin, end):
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        list(Sweeper(strip_rows=1, num_threads=2).strips(Broken()))
