import numpy as np

from fast_style.inference.export_options import ExportOptions
from fast_style.inference.formats import keras_file
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator


def test_what_was_written_is_the_generator(rng, tmp_path):
    generator = build_generator("tiny")
    images = rng.uniform(0, 255, (1, 20, 33, 3)).astype("float32")
    path = tmp_path / "style.keras"

    keras_file.export(generator, path, ExportOptions())

    np.testing.assert_array_equal(load_generator(path)(images), generator(images))
