import numpy as np
import pytest
import tensorflow as tf

from fast_style.inference.formats import keras_file
from fast_style.models.generator import build_generator


def test_what_was_written_paints_as_the_generator(rng, tmp_path):
    generator = build_generator("tiny")
    images = rng.uniform(0, 255, (1, 20, 33, 3)).astype("float32")
    path = tmp_path / "style.keras"

    keras_file.export(generator, path)

    stylized = keras_file.load(path)(tf.constant(images))
    np.testing.assert_allclose(stylized, generator(images), atol=1e-2)


def test_another_file_is_an_error(tmp_path):
    path = tmp_path / "style.keras"
    path.write_text("no style")

    with pytest.raises(ValueError, match=r"Expected a `\.keras` file"):
        keras_file.load(path)
