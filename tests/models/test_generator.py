import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator


@pytest.fixture(scope="module", params=["johnson", "fast", "tiny"])
def any_generator(request):
    return build_generator(request.param)


def count_convolution_weights(model):
    return sum(int(np.prod(w.shape)) for w in model.weights if len(w.shape) == 4)


def make_images(rng, *shape):
    return rng.uniform(0, 255, shape).astype("float32")


@pytest.mark.parametrize(
    ("name", "count"), [("johnson", 1_674_432), ("fast", 419_904), ("tiny", 69_984)]
)
def test_has_the_documented_number_of_convolution_weights(name, count):
    assert count_convolution_weights(build_generator(name)) == count


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 50), (17, 64)])
def test_output_has_the_size_and_range_of_the_input(any_generator, rng, size):
    images = make_images(rng, 2, *size, 3)

    stylized = np.asarray(any_generator(images))

    assert stylized.shape == images.shape
    assert stylized.dtype == np.float32
    assert stylized.min() >= 0
    assert stylized.max() <= 255


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 500), (338, 640)])
def test_any_size_in_one_graph(tiny, rng, size):
    spec = tf.TensorSpec((None, None, None, 3))
    run = tf.function(lambda images: tiny(images), input_signature=[spec])
    images = make_images(rng, 1, *size, 3)

    np.testing.assert_allclose(run(images), tiny(images), atol=1e-2)


def test_a_picture_is_stylized_the_same_alone_and_in_a_batch(any_generator, rng):
    images = make_images(rng, 3, 20, 30, 3)

    together = np.asarray(any_generator(images))
    alone = np.asarray(any_generator(images[1:2]))

    np.testing.assert_allclose(together[1:2], alone, atol=1e-2)


def test_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="one of johnson, fast, tiny"):
        build_generator("large")


class TestNames:
    @pytest.mark.parametrize("name", ARCHITECTURES)
    def test_are_the_same_for_each_generator_of_a_process(self, name):
        first, second = (build_generator(name) for _ in range(2))

        for name_all in (
            lambda generator: [layer.name for layer in generator.layers],
            lambda generator: [variable.path for variable in generator.variables],
        ):
            names = name_all(first)
            assert name_all(second) == names
            assert len(set(names)) == len(names)

    def test_of_variables_tell_their_place(self):
        own = dataclasses.replace(ARCHITECTURES["tiny"], num_residual_blocks=1)
        generator = build_generator("tiny", architecture=own)

        kernels = [v.path for v in generator.variables if v.path.endswith("/kernel")]

        assert kernels == [
            "down1_conv/kernel",
            "down2_conv/kernel",
            "residual1_conv1/kernel",
            "residual1_conv2/kernel",
            "up1_conv/kernel",
            "up2_conv/kernel",
            "refine1_conv/kernel",
            "end_conv/kernel",
        ]
        others = {v.path.split("/")[-1] for v in generator.variables} - {"kernel"}
        assert others == {"gamma", "beta", "bias"}

    def test_do_not_change_with_the_dtype(self):
        plain, mixed = (
            build_generator("tiny"),
            build_generator("tiny", dtype="bfloat16"),
        )

        assert [v.path for v in plain.variables] == [v.path for v in mixed.variables]


def test_residual_blocks_add_nothing_at_first_if_initialized_with_zeros(rng):
    own = dataclasses.replace(ARCHITECTURES["tiny"], zero_init_residual=True)
    generator = build_generator("tiny", architecture=own)
    one_less = dataclasses.replace(own, num_residual_blocks=2)
    shorter = build_generator("tiny", architecture=one_less)
    weights = {v.path: v.numpy() for v in generator.variables}
    for variable in shorter.variables:
        variable.assign(weights[variable.path])
    images = make_images(rng, 1, 18, 21, 3)

    np.testing.assert_allclose(generator(images), shorter(images), atol=1e-3)
