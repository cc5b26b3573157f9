import numpy as np
from PIL import Image
import pytest

from fast_style.data.crops import load_crop


class TestCrops:
    def write_ramps(self, tmp_path, width, height):
        # Red says how far right a pixel is, green how far down.
        x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
        pixels = np.stack([x, y, np.zeros_like(x)], axis=-1).astype("uint8")
        Image.fromarray(pixels).save(tmp_path / "ramps.png")
        return (str(tmp_path / "ramps.png"),)

    @pytest.mark.parametrize("size", [(200, 100), (100, 200)])
    def test_are_never_squashed(self, tmp_path, size):
        paths = self.write_ramps(tmp_path, *size)

        for number in range(20):
            crop = load_crop(paths, number, image_size=32).astype(float)
            # A square of the photo spans pixels in proportion to its sides.
            right = abs(crop[16, -1, 0] - crop[16, 0, 0]) / 255 * size[0]
            down = abs(crop[-1, 16, 1] - crop[0, 16, 1]) / 255 * size[1]
            np.testing.assert_allclose(right, down, rtol=0.1)

    def test_have_all_the_sizes_allowed_and_both_directions(self, tmp_path):
        paths = self.write_ramps(tmp_path, 200, 200)
        crops = np.array(
            [
                load_crop(paths, n, image_size=32, min_crop_scale=0.25)
                for n in range(200)
            ],
            float,
        )

        spans = (crops[:, -1, 16, 1] - crops[:, 0, 16, 1]) / 255
        is_mirrored = crops[:, 16, 0, 0] > crops[:, 16, -1, 0]
        assert 0.2 < spans.min() < 0.35
        assert 0.9 < spans.max() <= 1.0
        assert 60 < is_mirrored.sum() < 140

    def test_of_a_photo_turned_by_its_exif_are_upright(self, tmp_path):
        picture = Image.new("RGB", (40, 20), "red")
        picture.paste("blue", (0, 0, 20, 20))
        exif = picture.getexif()
        exif[0x0112] = 6  # The left side of the file is the top of the photo.
        picture.save(tmp_path / "turned.png", exif=exif)

        crops = [
            load_crop(
                (str(tmp_path / "turned.png"),), n, image_size=8, min_crop_scale=1.0
            )
            for n in range(30)
        ]

        # Blue lies above red; unturned, it would lie beside it.
        crops = np.array(crops, float)[..., 2]
        assert crops.std(axis=2).max() < 1
        assert crops.std(axis=1).max() > 50

    @pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16"])
    def test_work_in_every_colour_mode(self, tmp_path, photo_path, mode):
        with Image.open(photo_path) as photo:
            if mode == "I;16":
                deep = np.asarray(photo.convert("L"), "uint16") * 257
                picture = Image.fromarray(deep)
            else:
                picture = photo.convert(mode)
            expected = np.asarray(photo.convert("L"), float).mean()
        path = tmp_path / ("photo.jpg" if mode == "CMYK" else "photo.png")
        picture.save(path)

        crops = [load_crop((str(path),), n, image_size=64) for n in range(8)]

        assert abs(np.mean(crops) - expected) < 25
