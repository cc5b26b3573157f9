"""A style that paints like any picture."""

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.app import main
from fast_style.inference import looking
from fast_style.inference.stylizer import load_style
from fast_style.inference.stylizing import stylize
from fast_style.io.arrays import to_uint8
from fast_style.models.saving import load_generator


@pytest.fixture(scope="module")
def paintings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paintings")
    rng = np.random.default_rng(1)
    for name, high in (("dark", 90), ("bright", 256)):
        pixels = rng.integers(0, high, (80, 90, 3), "uint8")
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def image(rng):
    return rng.integers(0, 256, (24, 20, 3), "uint8")


@pytest.fixture
def expect(any_path, image):
    """By Keras, from what is seen in paintings."""
    generator = load_generator(any_path)
    predictor = generator.make_predictor()

    def paint(weights, strength=1.0):
        seen = sum(
            weight * predictor.predict(looking.look_at(painting))
            for painting, weight in weights.items()
        )
        shares = predictor.mix(seen, strength)[None]
        painted = generator([np.float32(image[None]), shares])
        return to_uint8(np.asarray(painted)[0]).astype(int)

    return paint


def test_paints_like_the_picture(any_path, paintings, image, expect):
    dark, bright = paintings / "dark.png", paintings / "bright.png"

    stylized = stylize(image, any_path, style_image=dark)

    np.testing.assert_allclose(stylized, expect({dark: 1}), atol=1)
    other = stylize(image, any_path, style_image=bright).astype(int)
    assert np.abs(other - stylized).mean() > 1


def test_mixes_pictures_and_has_strengths(any_path, paintings, image, expect):
    weights = {paintings / "dark.png": 0.25, paintings / "bright.png": 0.75}
    stylizer = load_style(any_path)

    stylized = stylizer(image, styles=weights, strength=0.7)

    np.testing.assert_allclose(stylized, expect(weights, 0.7), atol=1)
    np.testing.assert_array_equal(stylizer(image, styles=weights, strength=0), image)
    assert stylizer.names == ()
    assert stylizer.strengths == (0.5, 1.0)


def test_a_file_is_looked_at_once_until_it_is_another(
    any_path, paintings, image, monkeypatch, tmp_path
):
    looked = []
    look_at = looking.look_at
    monkeypatch.setattr(
        looking, "look_at", lambda x, size: looked.append(x) or look_at(x, size)
    )
    stylizer, painting = load_style(any_path), tmp_path / "mine.png"
    painting.write_bytes((paintings / "dark.png").read_bytes())

    first = stylizer(image, style_image=painting)
    stylizer(image, style_image=str(painting))

    assert len(looked) == 1
    painting.write_bytes((paintings / "bright.png").read_bytes())
    assert np.abs(stylizer(image, style_image=painting).astype(int) - first).max() > 0
    assert len(looked) == 2


def test_the_command(any_path, paintings, image, tmp_path):
    Image.fromarray(image).save(tmp_path / "photo.png")
    painting = paintings / "dark.png"
    expected = load_style(any_path)(image, style_image=painting)

    code = main(
        [
            "stylize",
            str(tmp_path / "photo.png"),
            f"--style={any_path}",
            f"--style_image={painting}",
            f"--output={tmp_path / 'a.png'}",
        ]
    )

    assert code == 0
    with Image.open(tmp_path / "a.png") as stylized:
        np.testing.assert_array_equal(np.asarray(stylized), expected)


def test_what_is_missing_or_too_much_is_said(any_path, trained_run, image, paintings):
    stylizer = load_style(any_path)
    with pytest.raises(ValueError, match="`style_image` must be the picture to paint"):
        stylizer(image)
    with pytest.raises(ValueError, match="This one paints like any picture"):
        stylizer(image, name="wave")
    with pytest.raises(FileNotFoundError, match=r"nowhere\.png"):
        stylizer(image, style_image="nowhere.png")
    with pytest.raises(ValueError, match="which has one style"):
        load_style(trained_run)(image, style_image=paintings / "dark.png")


def test_a_damaged_predictor_is_refused(any_path, tmp_path):
    import zipfile

    damaged = tmp_path / "damaged.keras"
    with zipfile.ZipFile(any_path) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[:500] if name == "predictor.npz" else data)

    with pytest.raises(ValueError, match=r"Expected a `\.keras` file"):
        load_style(damaged)
