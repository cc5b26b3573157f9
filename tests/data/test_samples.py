import types

from PIL import Image
import pytest

from fast_style.data.samples import load_samples


def make_config(sample_images="", sample_image_size=32):
    return types.SimpleNamespace(
        sample_images=str(sample_images), sample_image_size=sample_image_size
    )


def find_colours(images):
    return [tuple(image[0, 0].astype(int)) for image in images]


@pytest.fixture
def paths(tmp_path):
    paths = []
    for number in range(10):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (64, 48), (20 * number, 0, 0)).save(path)
        paths.append(str(path))
    return paths


def test_the_first_three_training_photos_for_want_of_others(paths):
    samples = load_samples(make_config(), paths)

    assert find_colours(samples) == [(0, 0, 0), (20, 0, 0), (40, 0, 0)]
    assert {sample.shape for sample in samples} == {(24, 32, 3)}


def test_a_folder_gives_at_most_eight(paths, tmp_path):
    assert len(load_samples(make_config(tmp_path), [])) == 8


def test_one_picture(paths):
    (sample,) = load_samples(make_config(paths[4]), [])

    assert find_colours([sample]) == [(80, 0, 0)]


def test_a_damaged_one_is_left_out_with_a_warning(paths, caplog):
    with open(paths[0], "wb") as file:
        file.write(b"no picture")

    samples = load_samples(make_config(), paths)

    assert find_colours(samples) == [(20, 0, 0), (40, 0, 0), (60, 0, 0)]
    assert "No sample for the sheets" in caplog.text


def test_none_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="`sample_images` must be a picture"):
        load_samples(make_config(tmp_path), [])
