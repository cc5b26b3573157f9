import dataclasses

import numpy as np
import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.making import make_networks
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.perceptual import PerceptualLoss


@pytest.fixture
def pictures(rng):
    return rng.uniform(0, 255, (3, 32, 32, 3)).astype("float32")


def compute(loss, pictures):
    terms = loss(content=pictures[1:2], stylized=pictures[2:3])
    return [float(terms[name]) for name in loss.names]


class TestMakePerceptualLoss:
    @pytest.mark.parametrize("scaling", ["relative", "johnson2016", "gatys2016"])
    def test_is_the_loss_that_the_config_describes(self, pictures, scaling):
        weights = {"content_weight": 2.0, "style_weight": 3.0, "tv_weight": 5.0}
        vgg = {"network": "vgg16", "network_weights": "random", "pooling": "average"}
        terms = {
            "photo": ContentTerm(layers=("conv2_1",), **vgg),
            "strokes": StyleTerm(
                layers=("relu1_1", "relu2_1"),
                layer_weights=(0.3, 0.7),
                levels=(0.5, 0.5),
                statistics="gram",
                distance="squared",
                **vgg,
            ),
            "motifs": StyleTerm(layers="relu2_2", padding="zeros"),
        }
        config = LossConfig(terms=terms, scaling=scaling, **weights)
        shared = make_loss_network(
            "vgg16",
            ("relu1_1", "relu2_1", "conv2_1"),
            weights="random",
            padding="symmetric",
            pooling="average",
            seed=4,
        )
        networks = dict.fromkeys(("photo", "strokes"), shared)
        networks["motifs"] = make_loss_network("vgg16", ("relu2_2",))
        expected = PerceptualLoss(
            terms,
            networks,
            list(pictures[:2]),
            style_image_weights=(1.0, 2.0),
            scaling=scaling,
            **weights,
        )

        loss = make_perceptual_loss(
            config, list(pictures[:2]), style_image_weights=(1.0, 2.0), seed=4
        )

        assert loss.names == ("photo", "strokes", "motifs", "tv")
        assert compute(loss, pictures) == compute(expected, pictures)
        other = make_perceptual_loss(
            config, list(pictures[:2]), style_image_weights=(1.0, 2.0), seed=5
        )
        differs = np.not_equal(compute(other, pictures), compute(loss, pictures))
        assert differs.tolist() == [True, True, False, False]

    def test_the_default_needs_no_download(self, pictures):
        loss = make_perceptual_loss(LossConfig(), pictures[0])

        networks = {network.name for network in loss.networks.values()}
        assert networks == {"vgg16"}
        assert np.all(np.isfinite(compute(loss, pictures)))

    @pytest.mark.parametrize(
        "change", [{"weight": 0.0}, {"style_weight": 0.0}], ids=str
    )
    def test_terms_without_weight_need_neither_files_nor_pixels(self, pictures, change):
        unused = StyleTerm(
            network="resnet50",
            network_weights="nowhere.npz",
            layers="layer3.3",
            levels=(1.0,) * 4,
            weight=change.get("weight", 1.0),
        )
        terms = {"content": ContentTerm(layers="relu2_2"), "motifs": unused}
        style_weight = change.get("style_weight", 1.0)
        config = LossConfig(terms=terms, style_weight=style_weight)
        assert (config.num_levels, config.smallest_side) == (1, 2)

        loss = make_perceptual_loss(config, pictures[0])

        values = dict(zip(loss.names, compute(loss, pictures), strict=True))
        assert loss.names == ("content", "motifs", "tv")
        assert values["content"] > 0 == values["motifs"]

    def test_each_term_is_multiplied_by_its_weight_and_by_that_of_its_kind(
        self, pictures
    ):
        config = LossConfig()
        of_kinds = {"content": 2, "style": 3, "tv": 5}
        of_terms = dict(zip(config.terms, (7, 11), strict=True))
        changed = dataclasses.replace(
            config,
            terms={
                name: dataclasses.replace(term, weight=of_terms[name] * term.weight)
                for name, term in config.terms.items()
            },
            **{
                f"{kind}_weight": factor * getattr(config, f"{kind}_weight")
                for kind, factor in of_kinds.items()
            },
        )

        before, after = (
            compute(make_perceptual_loss(each, pictures[0]), pictures)
            for each in (config, changed)
        )

        expected = [
            of_terms[name] * of_kinds[term.kind] for name, term in config.terms.items()
        ]
        np.testing.assert_allclose(
            np.divide(after, before), [*expected, of_kinds["tv"]], rtol=1e-5
        )

    def test_layers_without_weights_count_alike(self, pictures):
        def make(**layer_weights):
            terms = {
                "style": StyleTerm(layers=("relu1_1", "relu1_2"), **layer_weights),
                "content": ContentTerm(layers="relu2_2"),
            }
            return make_perceptual_loss(LossConfig(terms=terms), pictures[0])

        alike, said = make(), make(layer_weights=(0.5, 0.5))

        assert alike.comparisons["style"].layers == {"relu1_1": 0.5, "relu1_2": 0.5}
        assert alike.comparisons["content"].layers == {"relu2_2": 1.0}
        assert compute(alike, pictures) == compute(said, pictures)
        assert compute(make(layer_weights=(0.9, 0.1)), pictures) != compute(
            said, pictures
        )


class TestMakeNetworks:
    def test_terms_of_the_same_network_share_one_as_deep_as_both_need(self):
        vgg = {"network": "vgg16", "network_weights": "random"}
        terms = {
            "deep": StyleTerm(layers=("relu2_1", "relu1_1"), **vgg),
            "shallow": ContentTerm(layers="conv1_2", **vgg),
            "bundled": StyleTerm(layers="relu1_1"),
        }

        for names in (sorted(terms), sorted(terms, reverse=True)):
            networks = make_networks({name: terms[name] for name in names})

            assert networks.keys() == terms.keys()
            assert networks["deep"] is networks["shallow"]
            kept = {"block1_conv1", "block1_conv2", "block2_conv1"}
            assert set(networks["deep"].weights) == kept
            assert networks["bundled"] is not networks["deep"]
            assert set(networks["bundled"].weights) == {"block1_conv1"}

    @pytest.mark.parametrize(
        "change",
        [
            {"padding": "zeros"},
            {"pooling": "average"},
            {"network": "vgg19"},
            {"network_weights": ""},
        ],
        ids=str,
    )
    def test_terms_of_which_the_network_differs_have_one_each(self, change):
        first = {"network": "vgg16", "network_weights": "random"}
        options = {"one": first, "other": first | change, "third": first}

        networks = make_networks(
            {name: StyleTerm(layers="relu1_1", **o) for name, o in options.items()}
        )

        assert networks["one"] is networks["third"] is not networks["other"]
        other = networks["other"]
        assert other.name == change.get("network", "vgg16")
        assert other.padding == change.get("padding", "symmetric")
        assert getattr(other, "pooling", "max") == change.get("pooling", "max")

    def test_files_of_weights_are_told_apart(self, rng, tmp_path):
        kernels = rng.normal(size=(2, 3, 3, 3, 64)).astype("float32")
        for name, kernel in zip("ab", kernels, strict=True):
            np.savez(
                tmp_path / f"{name}.npz",
                **{"block1_conv1/kernel": kernel, "block1_conv1/bias": np.zeros(64)},
            )

        networks = make_networks(
            {
                name: StyleTerm(
                    network="vgg16",
                    network_weights=str(tmp_path / f"{name}.npz"),
                    layers="relu1_1",
                )
                for name in "ab"
            }
        )

        for name, kernel in zip("ab", kernels, strict=True):
            found = networks[name].weights["block1_conv1"][0]
            np.testing.assert_array_equal(found, kernel)

    def test_all_have_the_dtype_and_the_seed(self):
        terms = {
            network: StyleTerm(network=network, network_weights=weights, layers=layer)
            for network, weights, layer in (
                ("vgg16", "random", "relu1_1"),
                ("resnet50", "random", "conv1"),
                ("squeezenet", "random", "fire2"),
                ("pocket", "", "relu1_1"),
            )
        }

        networks, others = (
            make_networks(terms, dtype="bfloat16", seed=seed) for seed in (1, 2)
        )

        for name, network in networks.items():
            assert network.dtype == "bfloat16"
            same = [
                np.array_equal(kernel, others[name].weights[key][0])
                for key, (kernel, _) in network.weights.items()
            ]
            assert set(same) == {name == "pocket"}

    def test_a_missing_file_is_named(self):
        terms = {
            "motifs": StyleTerm(
                network="resnet50", network_weights="nowhere.npz", layers="conv1"
            )
        }

        with pytest.raises(FileNotFoundError, match=r"resnet50.*nowhere\.npz"):
            make_networks(terms)
