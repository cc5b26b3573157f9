"""Weights that are here, in files, folders and the library."""

import pytest

from fast_style.evaluation.available_weights import find_weights
from fast_style.evaluation.available_weights import say_what_to_pass


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """An empty folder in place of the user's, in which Keras keeps its downloads."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


class TestFindWeights:
    def test_of_a_file_are_here_if_it_is(self, tmp_path):
        path = tmp_path / "vgg.npz"

        assert find_weights("vgg19", str(path)) is None
        path.touch()
        assert find_weights("vgg19", str(path)) == str(path)

    @pytest.mark.parametrize("weights", ["", "imagenet"])
    @pytest.mark.parametrize("network", ["vgg19", "resnet50"])
    def test_of_imagenet_are_here_once_keras_has_them(
        self, network, weights, keras_home
    ):
        assert find_weights(network, weights) is None

        name = f"{network}_weights_tf_dim_ordering_tf_kernels_notop.h5"
        (keras_home / "models").mkdir()
        (keras_home / "models" / name).touch()

        assert find_weights(network, weights) == "imagenet"

    def test_that_are_bundled_are_here(self, keras_home):
        assert find_weights("pocket") == "bundled"
        assert find_weights("pocket", "bundled") == "bundled"

    def test_random_ones_are_to_be_had_only_by_name(self, keras_home):
        assert find_weights("vgg19", "random") == "random"
        assert find_weights("vgg19") is None


def test_only_what_keras_has_can_be_downloaded():
    ways = say_what_to_pass("vgg19", "--x")

    assert ways == "--x=FILE, or --x=imagenet, which downloads them"
    assert say_what_to_pass("squeezenet", "--x") == "--x=FILE"
