import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.inference.export_options import check_options
from fast_style.inference.export_options import load_photos


class TestCheckOptions:
    @pytest.mark.parametrize("name", ["saved_model", "onnx", "openvino", "litert"])
    def test_all_but_a_generator_have_sizes(self, name):
        check_options(name, "float16", (480, 640))

    def test_a_precision_that_the_format_has_not_is_refused(self):
        with pytest.raises(
            ValueError, match="float32, float16, int8 with format='onnx"
        ):
            check_options("onnx", "bfloat16")

    @pytest.mark.parametrize("size", [(480,), (0, 640), (4.5, 3), "12"])
    def test_a_size_is_two_numbers(self, size):
        with pytest.raises(ValueError, match="a height and a width in pixels"):
            check_options("onnx", size=size)

    def test_a_generator_is_of_any_size(self):
        with pytest.raises(ValueError, match="must be None with format='keras'"):
            check_options("keras", size=(480, 640))

    @pytest.mark.parametrize("name", ["litert", "saved_model"])
    def test_photos_that_nobody_would_look_at_are_refused(self, name):
        with pytest.raises(
            ValueError, match="is for precision='int8' with onnx and op"
        ):
            check_options(name, calibration="photos")


class TestLoadPhotos:
    def test_bundled_ones_are_real_pictures(self):
        photos = load_photos(samples.PHOTOS)

        assert len(photos) == 4
        assert all(p.shape[0] == 1 and p.std() > 30 for p in photos)

    def test_all_get_the_size_that_is_asked_for(self, photos):
        loaded = load_photos(photos, (33, 47))

        assert [photo.shape for photo in loaded] == [(1, 33, 47, 3)] * 6
        assert {photo.dtype for photo in loaded} == {np.dtype("uint8")}

    def test_large_ones_are_reduced_and_many_are_not_read(self, tmp_path):
        for number in range(40):
            Image.new("L", (700, 350)).save(tmp_path / f"{number}.png")

        loaded = load_photos(tmp_path)

        assert [photo.shape for photo in loaded] == [(1, 256, 512, 3)] * 32

    def test_none_are_an_error(self, tmp_path):
        with pytest.raises(ValueError, match="Expected a folder with photos"):
            load_photos(tmp_path)
