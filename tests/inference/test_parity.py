import numpy as np
import pytest

from fast_style.inference.export_options import ExportOptions
from fast_style.inference.formats import onnx_file
from fast_style.inference.parity import compare_in_new_process
from fast_style.inference.parity import make_images
from fast_style.models.generator import build_generator

RELOAD = onnx_file.RELOAD
# Gives what it is given, without its last row or some levels off.
ECHO = """
import sys
import numpy as np
with np.load(sys.argv[2]) as images:
    results = {n: images[n]%s for n in images.files}
np.savez(sys.argv[3], **results)
"""


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A generator, and its ONNX file."""
    generator = build_generator("tiny")
    path = tmp_path_factory.mktemp("parity") / "style.onnx"
    onnx_file.export(generator, path, ExportOptions())
    return generator, path


def echo(images):
    """The generator of a style that changes nothing."""
    return images


def test_the_same_weights_give_the_same_pictures(export, tmp_path):
    generator, path = export

    parity = compare_in_new_process(generator, path, tmp_path, RELOAD)

    assert parity.max_difference <= 1
    assert parity.mean_difference < 0.01
    assert parity.psnr > 60
    assert len(parity.images) == 8  # Four photos and four sizes.


def test_other_weights_are_an_error(export, tmp_path):
    _, path = export

    with pytest.raises(RuntimeError, match="must give the pictures of the Keras model"):
        compare_in_new_process(build_generator("tiny"), path, tmp_path, RELOAD)


def test_so_is_a_folder_that_cannot_be_loaded(export, tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(RuntimeError, match="could not be loaded again"):
        compare_in_new_process(export[0], tmp_path / "empty", tmp_path, RELOAD)


def test_pictures_that_are_the_same_have_no_noise(tmp_path):
    parity = compare_in_new_process(echo, tmp_path, tmp_path, ECHO % "")

    assert (parity.max_difference, parity.psnr) == (0, float("inf"))


def test_numbers_are_those_of_the_definition(tmp_path):
    program = ECHO % " // 4 * 4"

    parity = compare_in_new_process(
        echo, tmp_path, tmp_path, program, precision="bfloat16"
    )

    photo = make_images()["photo 2"].astype(float)
    error = photo - photo // 4 * 4
    measured = parity.images["photo 2"]
    assert measured["max_difference"] == 3
    assert measured["mean_difference"] == pytest.approx(error.mean())
    psnr = 20 * np.log10(255 / np.sqrt((error**2).mean()))
    assert measured["psnr"] == pytest.approx(psnr)


def test_each_precision_has_its_bound(tmp_path):
    program = ECHO % " // 8 * 8"  # 36 dB.

    compare_in_new_process(echo, tmp_path, tmp_path, program, precision="int8")
    with pytest.raises(RuntimeError, match=r"at least 38\.0 dB in bfloat16"):
        compare_in_new_process(echo, tmp_path, tmp_path, program, precision="bfloat16")


def test_a_small_area_of_another_colour_is_an_error(tmp_path):
    program = ECHO % ""
    spoilt = program.replace(
        "np.savez(",
        "for x in results.values(): x[:, :12, :40] ^= 64\nnp.savez(",
    )
    assert spoilt != program

    with pytest.raises(RuntimeError, match=r"within 40 levels.*dB, 64 levels"):
        compare_in_new_process(echo, tmp_path, tmp_path, spoilt, precision="int8")


def test_another_size_is_an_error(tmp_path):
    with pytest.raises(
        RuntimeError, match=r"pictures of their size, uint8.*\(1, 382, 384"
    ):
        compare_in_new_process(echo, tmp_path, tmp_path, ECHO % "[:, :-2]")


def test_of_one_size_all_images_are(tmp_path):
    images = make_images((20, 31))

    assert {image.shape for image in images.values()} == {(1, 20, 31, 3)}
    assert len(images) == 5
