import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.commands import stylize as command
from fast_style.inference import pipeline
from fast_style.inference.stylizing import stylize


def test_one_picture_to_one_file(run, pictures, trained_run, tmp_path, capsys):
    output = tmp_path / "new" / "out.png"

    code = run(
        "stylize", pictures / "a.png", "--style", trained_run, "--output", output
    )

    assert code == 0
    with Image.open(output) as stylized:
        expected = np.asarray(stylize(pictures / "a.png", style=trained_run))
        np.testing.assert_array_equal(np.asarray(stylized), expected)
    assert f"{output} (14x9, " in capsys.readouterr().out


def test_one_picture_to_a_folder(run, pictures, trained_run, tmp_path):
    code = run(
        "stylize", pictures / "b.jpg", "--style", trained_run,
        "--output", tmp_path / "out",
    )  # fmt: skip

    assert code == 0
    assert (tmp_path / "out" / "b.jpg").is_file()


def test_a_folder_keeps_its_subfolders(run, pictures, trained_run, tmp_path):
    output = tmp_path / "out"

    assert run("stylize", pictures, "--style", trained_run, "--output", output) == 0

    names = {p.relative_to(output) for p in output.rglob("*.*")}
    assert names == {pathlib.Path(n) for n in ("a.png", "b.jpg", "trip/a.png")}


def test_a_bad_file_is_reported_and_the_rest_go_on(
    run, pictures, trained_run, tmp_path, capsys
):
    (pictures / "aa.jpg").write_text("not a picture")
    output = tmp_path / "out"

    code = run("stylize", pictures, "--style", trained_run, "--output", output)

    assert code == 1
    assert len(list(output.rglob("*.*"))) == 3
    message = capsys.readouterr().err
    assert "aa.jpg" in message
    assert "1 of 4 pictures failed" in message


def test_a_missing_file_is_reported_and_the_rest_go_on(
    run, pictures, trained_run, tmp_path, capsys
):
    code = run(
        "stylize", pictures / "nowhere.png", pictures / "a.png",
        "--style", trained_run, "--output", tmp_path / "out",
    )  # fmt: skip

    assert code == 1
    assert (tmp_path / "out" / "a.png").is_file()
    assert "nowhere.png" in capsys.readouterr().err


def test_several_pictures_into_one_file_is_refused(run, pictures, trained_run, capsys):
    code = run(
        "stylize", pictures / "a.png", pictures / "b.jpg",
        "--style", trained_run, "--output", "out.png",
    )  # fmt: skip

    assert code == 1
    assert "must be a folder for several pictures" in capsys.readouterr().err


def test_two_pictures_of_one_name_are_refused(run, pictures, trained_run, capsys):
    code = run(
        "stylize", pictures / "a.png", pictures / "trip" / "a.png",
        "--style", trained_run, "--output", pictures / "out",
    )  # fmt: skip

    assert code == 1
    assert "would both become" in capsys.readouterr().err
    assert not (pictures / "out").exists()


@pytest.mark.parametrize("output", ["", "a.png"])
def test_originals_are_never_replaced(run, pictures, trained_run, capsys, output):
    before = (pictures / "a.png").read_bytes()

    code = run(
        "stylize", pictures / "a.png", "--style", trained_run,
        "--output", pictures / output,
    )  # fmt: skip

    assert code == 1
    assert "would replace an original" in capsys.readouterr().err
    assert (pictures / "a.png").read_bytes() == before


def test_nor_is_another_original_or_a_result_stylized_again(
    run, pictures, trained_run, capsys
):
    code = run("stylize", pictures / "trip", pictures / "a.png", "--output", pictures)

    assert code == 1
    assert "would replace an original" in capsys.readouterr().err
    for _ in range(2):
        code = run(
            "stylize", pictures, "--style", trained_run, "--output", pictures / "out"
        )
        assert code == 0
        assert len(list((pictures / "out").rglob("*.*"))) == 3


def test_an_unknown_style_is_one_line(run, pictures, capsys):
    code = run("stylize", pictures / "a.png", "--style=nope", "--output=out.png")

    assert code == 1
    message = capsys.readouterr().err
    assert "`style` must be a bundled style" in message
    assert "Traceback" not in message


def test_an_output_of_no_format_is_said_before_anything_is_lost(
    run, pictures, trained_run, tmp_path, capsys
):
    shutil.copy(pictures / "a.png", pictures / "a.psd")

    code = run(
        "stylize", pictures / "a.psd", "--style", trained_run,
        "--output", tmp_path / "out",
    )  # fmt: skip

    assert code == 1
    assert "`output` must end as a picture does" in capsys.readouterr().err


def test_strength_and_colour(run, pictures, trained_run, tmp_path):
    outputs = [tmp_path / "plain.png", tmp_path / "none.png", tmp_path / "colour.png"]
    for output, options in zip(
        outputs, ([], ["--strength=0"], ["--preserve_color"]), strict=True
    ):
        assert run(
            "stylize", pictures / "a.png", "--style", trained_run, "--output", output,
            *options,
        ) == 0  # fmt: skip

    plain, none, colour = (np.asarray(Image.open(output)) for output in outputs)
    np.testing.assert_array_equal(none, np.asarray(Image.open(pictures / "a.png")))
    assert np.any(colour != plain)


class TestBeforeTheWork:
    """What can be known to fail does so before a style is loaded."""

    @pytest.fixture(autouse=True)
    def no_tensorflow(self, monkeypatch):
        def load(**options):
            raise AssertionError("TensorFlow was loaded")

        monkeypatch.setattr(command, "load_tensorflow", load)

    @pytest.mark.parametrize("name", ["out.xyz", "out.pdf", "out.onnx", "new/out.XYZ"])
    def test_a_suffix_of_no_picture_makes_no_folder(
        self, run, pictures, tmp_path, capsys, name
    ):
        output = tmp_path / name

        assert run("stylize", pictures / "a.png", "--output", output) == 1

        message = capsys.readouterr().err
        assert f"Received: --output='{output}'" in message
        assert "A folder of this name wants a `/` at its end" in message
        assert not output.exists()

    def test_an_impossible_strength(self, run, pictures, tmp_path, capsys):
        output = tmp_path / "out.png"

        code = run("stylize", pictures / "a.png", "--strength=2", "--output", output)

        assert code == 1
        assert "`strength` must be at least 0 and at most 1" in capsys.readouterr().err

    def test_a_missing_picture(self, run, tmp_path, capsys):
        path = tmp_path / "nowhere.png"

        assert run("stylize", path, "--output", tmp_path / "out.png") == 1

        assert "No such file or directory" in capsys.readouterr().err

    def test_an_output_that_cannot_be_written(self, run, pictures, tmp_path, capsys):
        (tmp_path / "file.txt").touch()
        output = tmp_path / "file.txt" / "out.png"

        assert run("stylize", pictures / "a.png", "--output", output) == 1

        assert "Not a directory" in capsys.readouterr().err

    def test_an_unknown_style(self, run, pictures, tmp_path, capsys):
        output = tmp_path / "out.png"

        code = run("stylize", pictures / "a.png", "--style=nope", "--output", output)

        assert code == 1
        assert "`style` must be a bundled style" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["out.xyz/", "v1.2"])
def test_a_folder_may_have_a_point_in_its_name(
    run, pictures, trained_run, tmp_path, name
):
    output = f"{tmp_path}/{name}"

    assert (
        run("stylize", pictures / "a.png", "--style", trained_run, "--output", output)
        == 0
    )

    assert (tmp_path / name / "a.png").is_file()


def test_files_of_a_folder_that_are_passed_over_are_named(
    run, pictures, trained_run, tmp_path, capsys
):
    (pictures / "trip" / "notes.txt").write_text("sunny")

    code = run("stylize", pictures, "--style", trained_run, "--output", tmp_path / "b")

    assert code == 0
    printed = capsys.readouterr().err
    assert "1 files in" in printed
    assert "passed over: trip/notes.txt." in printed


def test_a_picture_without_a_name_of_one_wants_a_format(
    run, pictures, trained_run, tmp_path, capsys
):
    shutil.copy(pictures / "a.png", pictures / "scan0001")
    words = ("stylize", pictures, "--style", trained_run, "--output", tmp_path / "b")

    assert run(*words) == 1
    assert "scan0001'. Choose another format: `--format`" in capsys.readouterr().err
    assert run(*words, "--format=webp") == 0
    with Image.open(tmp_path / "b" / "scan0001.webp") as file:
        assert file.format == "WEBP"
    assert (tmp_path / "b" / "trip" / "a.webp").is_file()


@pytest.mark.filterwarnings("default")  # Elsewhere pytest makes errors of them.
def test_the_lost_frames_of_an_animation_are_said(
    run, pictures, trained_run, tmp_path, capsys
):
    frames = [Image.new("RGB", (9, 14), colour) for colour in ("red", "blue")]
    path = pictures / "film.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])

    code = run("stylize", path, "--style", trained_run, "--output", tmp_path / "a.png")

    assert code == 0
    assert f"{path} has 2 frames or pages; only the first" in capsys.readouterr().err


class TestManyPictures:
    def test_the_rate_is_said(self, run, pictures, trained_run, tmp_path, capsys):
        output = tmp_path / "out"

        code = run("stylize", pictures, "--style", trained_run, "--output", output)

        assert code == 0
        *lines, last = capsys.readouterr().out.splitlines()
        assert len(lines) == 3
        assert re.match(r"3 pictures in [\d.]+ s \([\d.]+ per second, ", last)

    def test_what_is_there_is_left_out(
        self, run, pictures, trained_run, tmp_path, capsys
    ):
        output = tmp_path / "out"
        output.mkdir()
        (output / "a.png").write_text("mine")

        code = run(
            "stylize", pictures, "--style", trained_run, "--output", output,
            "--skip_existing",
        )  # fmt: skip

        assert code == 0
        assert (output / "a.png").read_text() == "mine"
        assert (output / "b.jpg").is_file()
        assert "1 of 3 results are there already" in capsys.readouterr().out

    def test_inner_folders_may_be_left_out(self, run, pictures, trained_run, tmp_path):
        output = tmp_path / "out"

        code = run(
            "stylize", pictures, "--style", trained_run, "--output", output,
            "--no-recursive",
        )  # fmt: skip

        assert code == 0
        names = {path.name for path in output.iterdir()}
        assert names == {"a.png", "b.jpg"}

    def test_no_workers_are_an_error(self, run, pictures, tmp_path, capsys):
        code = run("stylize", pictures, "--workers=0", "--output", tmp_path / "out")

        assert code == 1
        assert "`workers` must be at least 1" in capsys.readouterr().err


class TestErrors:
    """Of one picture among several."""

    def test_too_little_memory_is_said_and_the_rest_go_on(
        self, run, pictures, trained_run, tmp_path, capsys, monkeypatch
    ):
        save_image = pipeline.save_image

        def save(stylized, target, **options):
            if target.name == "b.jpg":
                raise MemoryError
            save_image(stylized, target, **options)

        monkeypatch.setattr(pipeline, "save_image", save)

        code = run(
            "stylize", pictures, "--style", trained_run, "--output", tmp_path / "out"
        )

        assert code == 1
        assert len(list((tmp_path / "out").rglob("*.*"))) == 2
        first, second = capsys.readouterr().err.splitlines()
        assert "b.jpg: There is too little memory for this" in first
        assert second == "fast-style stylize: 1 of 3 pictures failed."

    def test_a_bug_is_no_mistake_of_the_user(
        self, run, pictures, trained_run, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.setattr(pipeline, "save_image", None)  # A TypeError, once called.

        code = run(
            "stylize", pictures / "a.png", "--style", trained_run,
            "--output", tmp_path / "out",
        )  # fmt: skip

        assert code == 70
        error = capsys.readouterr().err
        assert "Traceback" in error
        assert "This is a bug in fast_style" in error


@pytest.mark.parametrize("name", ["--output", "--style", "inputs"])
def test_an_empty_path_is_not_the_current_folder(run, name, capsys):
    arguments = {"inputs": "a.png", "--style": "starry_night", "--output": "out.png"}
    words = [
        value if key == "inputs" else f"{key}={value}"
        for key, value in {**arguments, name: ""}.items()
    ]

    with pytest.raises(SystemExit, match="2"):
        run("stylize", *words)

    expected = f"fast-style stylize: `{name}` must be a path. Received: {name}=''\n"
    assert capsys.readouterr().err == expected


@pytest.mark.slow
class TestInItsOwnProcess:
    def run(self, *arguments, code="", **environment):
        command = ["-c", code] if code else ["-m", "fast_style.cli"]
        hidden = ("TF_CPP_MIN_LOG_LEVEL",)
        inherited = {k: v for k, v in os.environ.items() if k not in hidden}
        return subprocess.run(
            [sys.executable, *command, "stylize", *map(str, arguments)],
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_nothing_but_the_result_is_printed(self, pictures, tmp_path):
        process = self.run(pictures / "a.png", f"--output={tmp_path / 'out.png'}")

        assert process.returncode == 0
        assert process.stderr == ""
        assert process.stdout.count("\n") == 1

    def test_a_folder_needs_neither_extras_nor_the_downloader(self, pictures, tmp_path):
        missing = ["jinja2", "matplotlib", "pycocotools", "scipy", "tensorboard"]
        code = (
            "import sys\n"
            f"sys.modules.update(dict.fromkeys({missing}))\n"
            "from fast_style.cli import main\n"
            "code = main(sys.argv[1:])\n"
            "assert 'fast_style.data.photos' in sys.modules\n"
            "assert 'fast_style.data.coco_download' not in sys.modules\n"
            "sys.exit(code)\n"
        )

        process = self.run(pictures, f"--output={tmp_path / 'out'}", code=code)

        assert process.returncode == 0, process.stderr
        assert len(list((tmp_path / "out").rglob("*.*"))) == 3
