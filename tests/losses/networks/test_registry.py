import importlib

import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import check_layers
from fast_style.losses.networks.registry import find_smallest_side
from fast_style.losses.networks.registry import find_stride
from fast_style.losses.networks.registry import get_spec
from fast_style.losses.networks.registry import NETWORKS
from fast_style.losses.pyramid import gaussian_pyramid


def make_any(name, layers, **options):
    # Without a download: the names of weights are tried from the last.
    return make_loss_network(
        name, layers, weights=NETWORKS[name].weights[-1], **options
    )


@pytest.mark.parametrize("name", NETWORKS)
class TestEachNetwork:
    def test_has_the_channels_and_strides_of_its_entry(self, name, rng):
        layers = get_spec(name).layers
        images = rng.uniform(0, 255, (2, 32, 48, 3)).astype("float32")

        network = make_any(name, tuple(layers), padding="symmetric")
        features = network(images, tuple(layers))

        assert set(features) == set(layers)
        for layer, (channels, stride, _) in layers.items():
            shape = (2, 32 // stride, 48 // stride, channels)
            assert tuple(features[layer].shape) == shape, layer
            assert np.asarray(features[layer]).dtype == np.float32

    def test_has_a_pixel_more_for_each_stride_of_a_larger_image(self, name, rng):
        layers = get_spec(name).layers
        network = make_any(name, tuple(layers), padding="zeros")

        small, large = (
            network(rng.uniform(0, 255, (1, *size, 3)), tuple(layers))
            for size in ((32, 48), (64, 64))
        )

        for layer, (channels, stride, _) in layers.items():
            growth = np.subtract(large[layer].shape, small[layer].shape)
            assert tuple(growth) == (0, 32 // stride, 16 // stride, 0), layer
            assert small[layer].shape[-1] == channels

    def test_has_a_file_that_loads_it_and_takes_its_poolings(self, name):
        spec = get_spec(name)
        layer = next(iter(spec.layers))

        assert importlib.import_module(f"fast_style.losses.networks.{spec.module}").load
        for pooling in spec.poolings:
            assert make_any(name, (layer,), pooling=pooling).name == name

    def test_refuses_other_poolings(self, name):
        with pytest.raises(ValueError, match=f"`pooling` of {name} must be one of max"):
            make_any(name, (next(iter(get_spec(name).layers)),), pooling="median")

    def test_refuses_other_layers_and_suggests_the_nearest(self, name):
        first, last = list(get_spec(name).layers)[:: len(get_spec(name).layers) - 1]

        with pytest.raises(
            ValueError, match=f"{name} are {first}.*{last}.*Did you mean '{first}'"
        ):
            make_any(name, (f"_{first}",))
        with pytest.raises(ValueError, match=f"{name} are {first}.*{last}.*: conv9_9"):
            check_layers(name, ("conv9_9",))

    @pytest.mark.parametrize("padding", ["zeros", "symmetric"])
    def test_sees_a_pixel_of_the_smallest_side_at_the_last_level(
        self, name, rng, padding
    ):
        every = tuple(get_spec(name).layers)
        network = make_any(name, every, padding=padding)
        sides = {layer: find_smallest_side(name, (layer,), 3) for layer in every}
        for side in set(sides.values()):
            images = rng.uniform(0, 255, (1, side, side, 3)).astype("float32")
            layers = tuple(layer for layer in every if sides[layer] == side)

            features = network(gaussian_pyramid(images, 3)[-1], layers)

            for layer in layers:
                assert min(features[layer].shape[1:3]) >= 1, layer
                assert np.all(np.isfinite(features[layer])), layer


def test_other_names_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"pocket, vgg16, vgg19.*mean 'vgg\d\d'\?"):
        get_spec("vgg61")
    with pytest.raises(ValueError, match="one of pocket, vgg16, vgg19"):
        make_loss_network("alexnet", ("relu1_1",))


def test_the_stride_is_that_of_the_deepest_layer():
    assert find_stride("vgg16", ("relu1_1", "relu4_2", "relu2_2")) == 8
    assert find_stride("vgg19", ("conv5_4",)) == 16
    assert find_stride("pocket", ("relu1_1",)) == 1
    assert find_stride("squeezenet", ("conv1", "fire8")) == 8
    assert find_stride("resnet50", ("layer1.0", "layer3.2")) == 16


@pytest.mark.parametrize(
    ("name", "layers", "num_levels", "side"),
    [
        ("pocket", ("relu1_1",), 1, 2),
        ("vgg16", ("relu1_1", "relu4_1"), 2, 16),
        ("squeezenet", ("conv1",), 1, 7),
        ("squeezenet", ("fire2", "fire8"), 3, 52),
        ("squeezenet", ("fire9",), 1, 21),
        ("resnet50", ("conv1",), 1, 3),
        ("resnet50", ("conv1", "layer2.1"), 1, 8),
    ],
)
def test_the_smallest_side_is_that_of_the_deepest_layer(name, layers, num_levels, side):
    assert find_smallest_side(name, layers, num_levels) == side
