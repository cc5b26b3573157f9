import subprocess
import sys

import numpy as np
import pytest

openvino = pytest.importorskip("openvino")

from fast_style import samples  # noqa: E402
from fast_style.inference.engines import openvino_engine  # noqa: E402
from fast_style.inference.export import export_style  # noqa: E402
from fast_style.inference.export_options import load_photos  # noqa: E402
from fast_style.io import processor  # noqa: E402
from fast_style.models.catalog import find_style  # noqa: E402
from fast_style.models.catalog import list_styles  # noqa: E402
from fast_style.models.style_files import read_style  # noqa: E402


@pytest.fixture(scope="module")
def stylize(style):
    return openvino_engine.load(style)


@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 33, 47, 3), (1, 130, 90, 3)])
def test_gives_the_pixels_of_keras(stylize, expect, rng, shape):
    images = rng.uniform(0, 255, shape).astype("float32")

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)


def test_a_view_of_an_array_is_read_in_its_own_order(stylize, expect, rng):
    images = rng.uniform(0, 255, (1, 40, 30, 6)).astype("float32")[:, ::-1, :, ::2]

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)


def test_threads_get_their_own_pictures(stylize, check_threads):
    check_threads(stylize)


def test_other_formats_give_whole_levels(trained_run, onnx_path, expect, rng, tmp_path):
    images = rng.integers(0, 256, (1, 20, 30, 3)).astype("float32")
    folder = tmp_path / "exported"
    export_style(trained_run, folder, format="openvino")

    for path in (onnx_path, folder):
        stylized = openvino_engine.load(path)(images)

        np.testing.assert_array_equal(stylized, np.rint(stylized))
        np.testing.assert_allclose(stylized, expect(images), atol=0.55)


def test_bfloat16_is_near_or_refused(style, expect, rng):
    able = openvino.Core().get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    )  # fmt: skip
    if "BF16" not in able:
        with pytest.raises(ValueError, match="needs a CPU that computes in bfloat16"):
            openvino_engine.load(style, "bfloat16")
        return
    images = rng.uniform(0, 255, (1, 64, 64, 3)).astype("float32")

    stylized = openvino_engine.load(style, "bfloat16")(images)

    difference = np.abs(stylized - expect(images))
    assert 0 < difference.mean() < 4  # Levels of 255.


@pytest.mark.skipif(
    not processor.has_bfloat16(), reason="the processor has no bfloat16"
)
@pytest.mark.parametrize("name", list_styles())
def test_what_auto_takes_is_within_its_bound(name):
    style = read_style(find_style(name))
    exact, near = (openvino_engine.load(style, p) for p in ("float32", "bfloat16"))

    for photo in load_photos(samples.PHOTOS):
        photo = photo.astype("float32")
        difference = np.rint(near(photo)) - np.rint(exact(photo))
        assert np.abs(difference).mean() < 1
        assert 20 * np.log10(255 / np.sqrt((difference**2).mean())) > 40


@pytest.mark.parametrize("name", ["style.onnx", "folder"])
def test_what_is_no_model_is_named(tmp_path, name):
    if name == "folder":
        (tmp_path / name).mkdir()
        (tmp_path / name / "style.xml").write_text("no style")
    else:
        (tmp_path / name).write_text("no style")

    with pytest.raises(ValueError, match=rf"a file that fast_style exp.*{name}"):
        openvino_engine.load(tmp_path / name)


def test_ctrl_c_works_when_styles_have_been_deleted(trained_run):
    program = (
        "import gc, os, signal, sys\n"
        "from fast_style.models.style_files import read_style\n"
        "from fast_style.inference.engines import openvino_engine\n"
        "style = read_style(sys.argv[1])\n"
        "first, second = (openvino_engine.load(style) for _ in range(2))\n"
        "del first\n"
        "gc.collect()\n"
        "del second\n"
        "gc.collect()\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )

    process = subprocess.run(
        [sys.executable, "-c", program, trained_run / "style.keras"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (process.stdout, process.returncode) == ("interrupted\n", 0)
