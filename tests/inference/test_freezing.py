import numpy as np
import pytest
import tensorflow as tf

from fast_style.inference.freezing import freeze
from fast_style.models.saving import load_generator


class TestFreeze:
    @pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 9, 30, 3)])
    def test_changes_nothing(self, trained_run, rng, shape):
        generator = load_generator(trained_run / "style.keras")
        images = rng.uniform(0, 255, shape).astype("float32")

        frozen = freeze(generator)(tf.constant(images))

        np.testing.assert_allclose(frozen, generator(images), atol=1e-2)
