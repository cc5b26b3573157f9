import pathlib

from PIL import Image
import pytest

from fast_style.cli.outputs import plan_outputs


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    (folder / "trip").mkdir(parents=True)
    for name in ("a.png", "trip/b.JPG", "trip/2024.05.17", "trip/c.tar.jp2"):
        Image.new("RGB", (4, 3)).save(folder / name, "PNG")
    return folder


def list_targets(jobs, folder):
    return {str(pathlib.Path(target).relative_to(folder)) for _, target in jobs}


@pytest.mark.parametrize("name", ["x.jp2", "x.png", "x.jfif", "x.TGA"])
def test_a_name_with_a_pictures_suffix_is_a_picture(photos, tmp_path, name):
    jobs = plan_outputs([str(photos / "a.png")], str(tmp_path / name))

    assert jobs == [(str(photos / "a.png"), tmp_path / name)]


@pytest.mark.parametrize(
    "name", ["film.mp4", "x.ico", "x.icns", "x.blp", "x.onnx", "x.7z", "x.mp3"]
)
def test_a_name_with_another_suffix_is_no_folder(photos, tmp_path, name):
    for inputs in ([str(photos / "a.png")], [str(photos)]):
        with pytest.raises(ValueError, match="`--output` must end as a picture does"):
            plan_outputs(inputs, str(tmp_path / name))


@pytest.mark.parametrize(
    "name", ["v1.2", "2024.05.17", "out", "film.mp4/", "there.mp4"]
)
def test_versions_dates_and_what_is_one_are_folders(photos, tmp_path, name):
    (tmp_path / "there.mp4").mkdir()

    jobs = plan_outputs([str(photos / "a.png")], f"{tmp_path}/{name}")

    assert jobs[0][1] == tmp_path / name / "a.png"


class TestFormat:
    def test_takes_the_place_of_suffixes_of_pictures_only(self, photos, tmp_path):
        jobs = plan_outputs([str(photos)], str(tmp_path / "out"), suffix=".webp")

        assert list_targets(jobs, tmp_path / "out") == {
            "a.webp", "trip/b.webp", "trip/2024.05.17.webp", "trip/c.tar.webp",
        }  # fmt: skip

    def test_of_single_pictures_too(self, photos, tmp_path):
        inputs = [str(photos / "a.png"), str(photos / "trip" / "b.JPG")]
        for some in (inputs, inputs[:1]):
            jobs = plan_outputs(some, str(tmp_path), suffix=".avif")

            assert jobs[0][1] == tmp_path / "a.avif"

    def test_two_that_would_become_one_are_refused(self, photos, tmp_path):
        Image.new("RGB", (4, 3)).save(photos / "a.jpg")

        with pytest.raises(ValueError, match=r"both become .*a\.webp.*`--format` out"):
            plan_outputs([str(photos)], str(tmp_path / "out"), suffix=".webp")

    def test_that_of_the_output_and_another_do_not_agree(self, photos, tmp_path):
        inputs, output = [str(photos / "a.png")], str(tmp_path / "x.jpg")

        assert plan_outputs(inputs, output, suffix=".jpeg")[0][1] == tmp_path / "x.jpg"
        with pytest.raises(ValueError, match="`--format` must be that of `--output`"):
            plan_outputs(inputs, output, suffix=".webp")
