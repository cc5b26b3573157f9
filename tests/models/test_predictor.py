import numpy as np
import pytest

from fast_style.models.layers.style_predictor import StylePredictor
from fast_style.models.predictor import list_predictor_shapes
from fast_style.models.predictor import NUM_STATISTICS
from fast_style.models.predictor import Predictor


def make_predictor(**options):
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(0, 0.1, shape).astype("float32")
        for name, shape in list_predictor_shapes(5, 4).items()
    }
    return Predictor(**arrays, **options)


def test_is_a_network_of_two_layers(rng):
    predictor = make_predictor()
    statistics = rng.normal(0, 30, NUM_STATISTICS)

    seen = predictor.predict(statistics)

    x = np.clip((statistics - predictor.offset) * predictor.scale, -5, 5)
    x = x / np.sqrt(NUM_STATISTICS) @ predictor.hidden_kernel + predictor.hidden_bias
    expected = np.maximum(x, 0) @ predictor.kernel + predictor.bias
    np.testing.assert_allclose(seen, [1, *expected], rtol=1e-4, atol=1e-5)


def test_the_layer_that_is_trained_does_the_same(rng):
    predictor = make_predictor()
    layer = StylePredictor(4, num_hidden=5)
    statistics = rng.normal(0, 30, (3, NUM_STATISTICS)).astype("float32")
    layer.adapt(statistics)

    layer.take(predictor)

    expected = [predictor.predict(each) for each in statistics]
    np.testing.assert_allclose(layer(statistics), expected, rtol=1e-3, atol=1e-4)
    again = layer.to_predictor().to_arrays()
    for name, array in predictor.to_arrays().items():
        np.testing.assert_array_equal(again[name], array)


def test_adapts_to_the_statistics_that_it_sees(rng):
    layer = StylePredictor(4)
    statistics = rng.normal(7, 3, (200, NUM_STATISTICS)).astype("float32")

    layer.adapt(statistics)

    scaled = (statistics - np.asarray(layer.offset)) * np.asarray(layer.scale)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=0.02)


def test_rows_of_strength_1_are_whole():
    predictor = make_predictor(strengths=(0.4, 1.0))
    seen = np.float32([1, 2, -3, 0.5, 4])

    rows = predictor.mix(seen, 0.7).reshape(5, 2)

    np.testing.assert_allclose(rows[:, 1], seen)
    np.testing.assert_allclose(rows[:, 0], seen / 2, rtol=1e-6)
    assert predictor.num_rows == 10


@pytest.mark.parametrize(
    "options", [{"strengths": (0.0, 1.0)}, {"strengths": ()}, {"painting_size": -1}]
)
def test_refuses_what_is_impossible(options):
    with pytest.raises(ValueError, match="Received"):
        make_predictor(**options)


def test_learns_what_it_is_to_see_by_ridge_regression(rng):
    layer = StylePredictor(4, num_hidden=30)
    statistics = rng.normal(0, 3, (400, NUM_STATISTICS)).astype("float32")
    layer.adapt(statistics)
    before = np.asarray(layer(statistics))
    hidden = (statistics - np.asarray(layer.offset)) * np.asarray(layer.scale)
    hidden = np.clip(hidden, -5, 5) / np.sqrt(NUM_STATISTICS)
    hidden = np.maximum(hidden @ np.asarray(layer.hidden_kernel), 0)
    wanted = 3 + hidden @ rng.normal(0, 1, (30, 2))

    layer.fit(statistics, wanted)

    seen = np.asarray(layer(statistics))
    np.testing.assert_array_equal(seen[:, 3:], before[:, 3:])
    error = seen[:, 1:3] - wanted
    np.testing.assert_allclose(error.mean(axis=0), 0, atol=1e-3)
    # The penalty draws it towards the mean, but not far.
    assert (error.var(axis=0) < 0.1 * wanted.var(axis=0)).all()
