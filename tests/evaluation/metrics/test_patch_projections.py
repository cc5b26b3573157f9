import numpy as np

from fast_style.evaluation.metrics.patch_projections import project_patches
from fast_style.evaluation.metrics.patch_projections import reduce_projections


def test_a_projection_of_a_plain_picture_is_its_colour_times_a_direction():
    (first, *_), (second, *_) = (
        project_patches(np.full((9, 9, 3), value), seed=0) for value in (1.0, 3.0)
    )

    np.testing.assert_allclose(second, 3 * first)
    # Of unit directions, 147 numbers long, whose sum has deviation 1.
    assert 0.5 < np.abs(first[0]).mean() < 1.2


def test_each_resolution_that_has_a_patch_is_projected():
    counts = {side: len(project_patches(np.zeros((side, 40, 3)), 0)) for side in (6, 7)}

    assert counts == {6: 0, 7: 1}
    assert len(project_patches(np.zeros((40, 40, 3)), 0)) == 3


def test_they_ascend_and_the_seed_draws_other_patches(rng):
    image = rng.uniform(0, 255, (40, 40, 3))
    one, same, other = (project_patches(image, seed)[0] for seed in (0, 0, 1))

    assert np.all(np.diff(one, axis=0) >= 0)
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_means_of_neighbours_are_as_many_as_asked():
    column = np.arange(6.0)[:, None]

    np.testing.assert_array_equal(reduce_projections(column, 3), [[0.5], [2.5], [4.5]])
    np.testing.assert_array_equal(reduce_projections(column, 6), column)
