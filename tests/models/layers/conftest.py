"""How the tests of layers run them."""

import keras
import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture
def run_in_unknown_size_graph():
    """Calls a layer in a graph that knows no batch, height and width."""

    def run_layer(layer, *inputs):
        specs = [
            tf.TensorSpec((None, None, None, x.shape[-1]), x.dtype) for x in inputs
        ]

        @tf.function(input_signature=specs)
        def run(*tensors):
            return layer(tensors if len(tensors) > 1 else tensors[0])

        return run(*inputs).numpy()

    return run_layer


@pytest.fixture
def compute_gradients():
    """Returns the outputs of a layer, and the gradients of images and weights."""

    def compute(layer, images, **kwargs):
        with tf.GradientTape() as tape:
            tape.watch(images)
            outputs = layer(images, **kwargs)
            loss = tf.reduce_sum(tf.cos(outputs))
        weights = [variable.value for variable in layer.trainable_variables]
        return outputs, tape.gradient(loss, [images, *weights])

    return compute


@pytest.fixture
def check_saving(rng, tmp_path):
    """Saves a layer in a model, loads it, and compares shapes, numbers and config."""

    def check(layer):
        images = rng.normal(size=(1, 6, 9, 2)).astype("float32")
        inputs = keras.Input((None, None, 2))
        model = keras.Model(inputs, layer(inputs))
        model.save(tmp_path / "model.keras")

        loaded = keras.saving.load_model(tmp_path / "model.keras")

        np.testing.assert_array_equal(loaded(images), model(images))
        assert loaded.layers[-1].get_config() == layer.get_config()
        shape = layer.compute_output_shape((1, 6, 9, 2))
        assert tuple(model(images).shape) == tuple(shape)

    return check
