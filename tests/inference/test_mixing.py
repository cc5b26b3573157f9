import numpy as np
from PIL import Image
import pytest

from fast_style.inference.arrays import Options
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.mixing import Mixer
from fast_style.inference.stylizer import load_style
from fast_style.inference.tensorflow_graph import make_array_function
from fast_style.io.arrays import to_uint8
from fast_style.models.saving import save_generator

NAMES = ("wave", "night", "scream")


@pytest.fixture(scope="module")
def generator(make_several):
    return make_several((0.5, 1.0), deviation=0.4)


@pytest.fixture(scope="module")
def stylizer(generator, tmp_path_factory):
    path = tmp_path_factory.mktemp("styles") / "three.keras"
    save_generator(generator, path)
    return load_style(path)


@pytest.fixture
def image(rng):
    return rng.integers(0, 256, (24, 20, 3), "uint8")


@pytest.fixture
def expect(generator):
    def paint(image, styles, strength=1.0):
        shares = generator.conditions.mix(styles, strength)[None]
        stylized = generator([np.float32(image[None]), shares])
        return to_uint8(np.asarray(stylized)[0]).astype(int)

    return paint


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_that_style_of_keras(stylizer, expect, image, name):
    stylized = stylizer(image, name=name)

    np.testing.assert_allclose(stylized, expect(image, {name: 1}), atol=1)
    np.testing.assert_array_equal(stylized, stylizer(image, styles={name: 0.3}))


def test_a_mixture_and_a_strength_are_mixtures_of_rows(stylizer, expect, image):
    styles = {"wave": 0.7, "scream": 0.3}

    stylized = stylizer(image, styles=styles, strength=0.7)

    np.testing.assert_allclose(stylized, expect(image, styles, 0.7), atol=1)
    assert np.abs(stylized - expect(image, styles)).mean() > 1


def test_below_the_least_strength_it_is_blended_with_the_photo(stylizer, expect, image):
    weakest = expect(image, {"wave": 1}, 0.5)

    stylized = stylizer(image, name="wave", strength=0.2)

    np.testing.assert_allclose(stylized, 0.4 * weakest + 0.6 * image, atol=1.5)
    np.testing.assert_array_equal(stylizer(image, name="wave", strength=0), image)


def test_maps_say_where(stylizer, expect, image):
    left = np.zeros((12, 10), "uint8")
    left[:, :5] = 255
    pictures = [expect(image, {name: 1}) for name in ("wave", "night")]

    styles = {"wave": left, "night": Image.fromarray(255 - left)}
    stylized = stylizer(image, styles=styles).astype(int)

    np.testing.assert_allclose(stylized[:, :6], pictures[0][:, :6], atol=1)
    np.testing.assert_allclose(stylized[:, -6:], pictures[1][:, -6:], atol=1)


def test_the_file_says_its_names(stylizer):
    assert stylizer.names == NAMES


def test_several_styles_want_a_name(stylizer, image):
    with pytest.raises(ValueError, match=r"say which style.*wave, night, scream"):
        stylizer(image)
    with pytest.raises(ValueError, match="must be of wave, night, scream"):
        stylizer(image, name="day")
    with pytest.raises(ValueError, match="`styles` must be a dict"):
        stylizer(image, styles="wave")
    with pytest.raises(ValueError, match="name and styles"):
        stylizer(image, name="wave", styles={"wave": 1})


def test_one_style_has_no_name(trained_run, image):
    with pytest.raises(ValueError, match="which has one"):
        load_style(trained_run)(image, name="wave")


def test_each_mixture_is_compiled_once(generator, image):
    from fast_style.models.style_files import to_trained_style

    compiled = []

    def load(style):
        compiled.append(style)
        return LoadedStyle(function=make_array_function(style))

    mixer = Mixer(to_trained_style(generator), load)
    for name in ("wave", "night", "wave", "wave"):
        mixer.stylize(image, Options(name=name))

    assert len(compiled) == 2


def test_strips_and_scale_go_with_names(stylizer, expect, image):
    expected = expect(image, {"night": 1})

    np.testing.assert_allclose(stylizer(image, name="night", tile=8), expected, atol=1)
    assert stylizer(image, name="night", scale=0.5).shape == image.shape
