"""Checked against VGG and each source's formulas, written once more in NumPy."""

import numpy as np
import pytest
import skimage.data

from fast_style.iterative.optimization import make_config
from fast_style.iterative.optimization import optimize
from fast_style.iterative.presets import PRESETS
from fast_style.iterative.solvers import make_value_and_grad
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.vgg_weights import load_weights

RANDOM = {"terms.all.network_weights": "random"}
CLASSIC = [name for name in PRESETS if name != "fast_style"]
# Simonyan & Zisserman, 2015, table 1, columns D and E.
NUM_CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}


def compute_vgg(weights, counts, image, pooling):
    """All features before (`conv`) and after (`relu`) the ReLUs, in float64."""
    x = image[..., ::-1].astype("float64") - (103.939, 116.779, 123.68)
    features = {}
    for block, count in enumerate(counts, start=1):
        if block > 1:
            height, width = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
            x = x[:height, :width].reshape(height // 2, 2, width // 2, 2, -1)
            x = x.max(axis=(1, 3)) if pooling == "max" else x.mean(axis=(1, 3))
        for number in range(1, count + 1):
            kernel, bias = weights[f"block{block}_conv{number}"]
            padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
            x = bias + sum(
                padded[i : i + x.shape[0], j : j + x.shape[1]] @ kernel[i, j]
                for i in range(3)
                for j in range(3)
            )
            features[f"conv{block}_{number}"] = x
            x = np.maximum(x, 0)
            features[f"relu{block}_{number}"] = x
    return features


def gram(features):
    flat = features.reshape(-1, features.shape[-1])
    return flat.T @ flat


def gatys2016(x, c, s):
    content = ((x["relu4_2"] - c["relu4_2"]) ** 2).sum() / 2
    style = 0
    for number in range(1, 6):
        layer = f"relu{number}_1"
        (m_x, m_s), n = (f[layer][..., 0].size for f in (x, s)), x[layer].shape[-1]
        squares = (gram(x[layer]) / m_x - gram(s[layer]) / m_s) ** 2
        style += squares.sum() / (4 * n**2) / 5
    return 1e-3 * content + style, 1e3


def vgg16_adam(x, c, s):
    content = sum(np.mean((x[n] - c[n]) ** 2) for n in ("relu1_2", "relu2_2"))
    grams = [gram(f["relu4_3"]) / f["relu4_3"].size for f in (x, s)]
    return 0.1 * content + 500 * np.mean((grams[0] - grams[1]) ** 2), 1


def keras_vgg19(x, c, s):
    content = np.mean((x["relu5_2"] - c["relu5_2"]) ** 2)
    style = 0
    for number in range(1, 6):
        layer = f"relu{number}_1"
        grams = [gram(f[layer]) / f[layer][..., 0].size for f in (x, s)]
        style += np.mean((grams[0] - grams[1]) ** 2)
    return 1e3 * content + 1e-2 * style / 5, 1


def pytorch_tutorial(x, c, s):
    x, c, s = ({k: v / (255 * 0.226) for k, v in f.items()} for f in (x, c, s))
    content = np.mean((x["conv2_2"] - c["conv2_2"]) ** 2)
    style = 0
    for layer in ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"):
        grams = [gram(f[layer]) / f[layer].size for f in (x, s)]
        style += np.mean((grams[0] - grams[1]) ** 2)
    return content + 1e6 * style, 1


FORMULAS = (gatys2016, vgg16_adam, keras_vgg19, pytorch_tutorial)
# Content and style of the mean of a cat and a cup, by the formulas above in float64,
# with the weights of ImageNet.
FIGURES = {
    "gatys2016": (1.2664e9, 5.60872e11),
    "vgg16_adam": (10241.2, 26956.3),
    "keras_vgg19": (5.89412e6, 3.40344e8),
    "pytorch_tutorial": (27.0291, 74985.7),
}


class TestPresets:
    def test_each_classic_one_is_checked(self):
        assert [formula.__name__ for formula in FORMULAS] == CLASSIC

    @pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.__name__)
    def test_loss_and_gradient_are_those_of_the_source(
        self, formula, rng, make_picture
    ):
        config = make_config(formula.__name__, **RANDOM)
        network = config.terms["style"].network
        weights = load_weights("random", name=network, seed=0)
        counts = NUM_CONVOLUTIONS[network]
        content, style = make_picture(18, 23), make_picture(21, 16)
        picture = make_picture(18, 23).astype("float64")

        def look(image):
            return compute_vgg(weights, counts, image, config.terms["style"].pooling)

        content_features, style_features = look(content), look(style)

        def compute(image):
            loss, factor = formula(look(image), content_features, style_features)
            return loss * factor

        loss = make_perceptual_loss(config, style.astype("float32"))
        targets = loss.content_features(content[None].astype("float32"))
        value_and_grad = make_value_and_grad(
            lambda images: loss.compare(targets, images)
        )
        terms, gradient = value_and_grad(picture)
        np.testing.assert_allclose(sum(terms.values()), compute(picture), rtol=1e-4)

        for _ in range(3):
            direction = rng.normal(size=picture.shape)
            ahead, behind = (compute(picture + h * direction) for h in (1e-4, -1e-4))
            expected = (ahead - behind) / 2e-4
            np.testing.assert_allclose(
                (gradient * direction).sum(),
                expected,
                atol=0.01 * np.linalg.norm(gradient),
            )

    @pytest.mark.data
    @pytest.mark.parametrize("preset", CLASSIC)
    def test_with_the_real_weights_have_the_losses_that_they_have(self, preset, data):
        network = PRESETS[preset].config.terms["style"].network
        weights = str(data / network / f"{network}_conv.npz")
        cat = skimage.data.chelsea()[100:164, 150:230].astype("float32")
        cup = skimage.data.coffee()[150:214, 250:330].astype("float32")
        config = make_config(preset, **{"terms.all.network_weights": weights})
        loss = make_perceptual_loss(config, cup)

        terms = loss(cat[None], (cat + cup)[None] / 2)

        found = [float(terms[name]) for name in ("content", "style")]
        assert found == pytest.approx(FIGURES[preset], rel=2e-3)

    @pytest.mark.parametrize("preset", PRESETS)
    def test_lower_the_loss_in_a_few_steps_on_random_features(
        self, preset, make_picture
    ):
        # The default loss has a second level of relu5_1, which needs 32 pixels.
        size = 40 if preset == "fast_style" else 32
        result = optimize(
            make_picture(40, 32),
            make_picture(48, 40),
            preset=preset,
            image_size=size,
            style_image_size=size,
            num_steps=24,
            is_verbose=False,
            # The bundled networks have no random weights.
            **({} if preset == "fast_style" else RANDOM),
        )

        losses = [row["loss"] for row in result.losses]
        # Roots fall more slowly than squares, and those of deep features last.
        factor = 0.95 if preset == "fast_style" else 0.5
        assert min(losses) < factor * losses[0]
        assert result.image.size == (round(0.8 * size), size)

    @pytest.mark.parametrize("preset", CLASSIC)
    def test_name_the_layers_that_a_file_lacks(self, preset, make_picture, tmp_path):
        arrays = {
            f"conv1_{n}/{kind}": array
            for n in (1, 2)
            for kind, array in zip(
                ("kernel", "bias"),
                load_weights("random", name="vgg19")[f"block1_conv{n}"],
                strict=True,
            )
        }
        np.savez(tmp_path / "shallow.npz", **arrays)

        with pytest.raises(ValueError, match="lack block2_conv1"):
            optimize(
                make_picture(64, 64),
                make_picture(64, 64),
                preset=preset,
                **{"terms.all.network_weights": str(tmp_path / "shallow.npz")},
            )

    def test_say_where_they_are_from(self):
        for preset in PRESETS.values():
            assert len(preset.source) > 40
            assert preset.start in ("content", "noise")
