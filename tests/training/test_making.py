import numpy as np
from PIL import Image
import pytest

from fast_style.config.config_files import read_config
from fast_style.models.catalog import find_style
from fast_style.models.saving import load_generator
from fast_style.training.making import make_trainer


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


class TestStyleImage:
    @pytest.mark.parametrize(("size", "is_told"), [(90, False), (200, True)])
    def test_a_painting_that_is_enlarged_is_told_of(
        self, tmp_path, rng, caplog, size, is_told
    ):
        pixels = rng.integers(0, 256, (60, 80, 3), dtype="uint8")
        Image.fromarray(pixels).save(tmp_path / "small.png")

        make_trainer(
            read_smoke(style_image=str(tmp_path / "small.png"), style_image_size=size)
        )

        assert ("style_image_size=80" in caplog.text) == is_told


def test_a_factor_of_a_style_that_is_not_there_is_an_error(tmp_path, rng):
    pixels = rng.integers(0, 256, (60, 80, 3), dtype="uint8")
    Image.fromarray(pixels).save(tmp_path / "wave.png")
    changes = {"style_image": "", "style_images": tmp_path, "style_factors": "night:2"}

    with pytest.raises(ValueError, match="`style_factors` must be of wave"):
        make_trainer(read_smoke(**changes))


class TestInitFrom:
    def test_begins_with_the_weights_of_another_style(self, trained_run):
        expected = load_generator(trained_run / "style.keras").get_weights()

        trainer = make_trainer(read_smoke(init_from=trained_run))

        for one, other in zip(trainer.generator.get_weights(), expected, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_a_bundled_style_is_found_by_name(self):
        expected = load_generator(find_style("starry_night")).get_weights()

        trainer = make_trainer(read_smoke(init_from="starry_night", generator="fast"))

        for one, other in zip(trainer.generator.get_weights(), expected, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_another_generator_is_refused(self):
        with pytest.raises(ValueError, match=r"generator 'tiny', .* which has 'fast'"):
            make_trainer(read_smoke(init_from="starry_night"))

    def test_so_is_what_is_not_there(self):
        with pytest.raises(FileNotFoundError, match="`init_from` cannot be read"):
            make_trainer(read_smoke(init_from="nowhere"))
