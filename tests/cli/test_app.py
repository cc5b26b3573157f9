import pathlib
import shutil

import numpy as np
from PIL import Image
import pytest

import fast_style
from fast_style.cli.app import main
from fast_style.inference.stylizer import stylize


@pytest.fixture
def photos(tmp_path, rng):
    folder = tmp_path / "photos"
    (folder / "trip").mkdir(parents=True)
    for name in ("a.png", "b.jpg", "trip/a.png"):
        pixels = rng.integers(0, 256, (9, 14, 3), "uint8")
        Image.fromarray(pixels).save(folder / name)
    return folder


def run(*arguments):
    return main([str(argument) for argument in arguments])


class TestStylize:
    def test_one_picture_to_one_file(self, photos, trained_run, tmp_path, capsys):
        output = tmp_path / "new" / "out.png"

        code = run(
            "stylize", photos / "a.png", "--style", trained_run, "--output", output
        )

        assert code == 0
        with Image.open(output) as stylized:
            expected = np.asarray(stylize(photos / "a.png", style=trained_run))
            np.testing.assert_array_equal(np.asarray(stylized), expected)
        assert f"{output} (14x9, " in capsys.readouterr().out

    def test_one_picture_to_a_folder(self, photos, trained_run, tmp_path):
        code = run(
            "stylize", photos / "b.jpg", "--style", trained_run,
            "--output", tmp_path / "out",
        )  # fmt: skip

        assert code == 0
        assert (tmp_path / "out" / "b.jpg").is_file()

    def test_a_folder_keeps_its_subfolders(self, photos, trained_run, tmp_path):
        output = tmp_path / "out"

        assert run("stylize", photos, "--style", trained_run, "--output", output) == 0

        names = {p.relative_to(output) for p in output.rglob("*.*")}
        assert names == {pathlib.Path(n) for n in ("a.png", "b.jpg", "trip/a.png")}

    def test_a_bad_file_is_reported_and_the_rest_go_on(
        self, photos, trained_run, tmp_path, capsys
    ):
        (photos / "aa.jpg").write_text("not a picture")
        output = tmp_path / "out"

        code = run("stylize", photos, "--style", trained_run, "--output", output)

        assert code == 1
        assert len(list(output.rglob("*.*"))) == 3
        message = capsys.readouterr().err
        assert "aa.jpg" in message
        assert "1 of 4 pictures failed" in message

    def test_a_missing_file_is_reported_and_the_rest_go_on(
        self, photos, trained_run, tmp_path, capsys
    ):
        code = run(
            "stylize", photos / "nowhere.png", photos / "a.png",
            "--style", trained_run, "--output", tmp_path / "out",
        )  # fmt: skip

        assert code == 1
        assert (tmp_path / "out" / "a.png").is_file()
        assert "nowhere.png" in capsys.readouterr().err

    def test_several_pictures_into_one_file_is_refused(
        self, photos, trained_run, capsys
    ):
        code = run(
            "stylize", photos / "a.png", photos / "b.jpg",
            "--style", trained_run, "--output", "out.png",
        )  # fmt: skip

        assert code == 1
        assert "must be a folder for several pictures" in capsys.readouterr().err

    def test_two_pictures_of_one_name_are_refused(self, photos, trained_run, capsys):
        code = run(
            "stylize", photos / "a.png", photos / "trip" / "a.png",
            "--style", trained_run, "--output", photos / "out",
        )  # fmt: skip

        assert code == 1
        assert "would both become" in capsys.readouterr().err
        assert not (photos / "out").exists()

    @pytest.mark.parametrize("output", ["", "a.png"])
    def test_originals_are_never_replaced(self, photos, trained_run, capsys, output):
        before = (photos / "a.png").read_bytes()

        code = run(
            "stylize", photos / "a.png", "--style", trained_run,
            "--output", photos / output,
        )  # fmt: skip

        assert code == 1
        assert "would replace an original" in capsys.readouterr().err
        assert (photos / "a.png").read_bytes() == before

    def test_nor_is_another_original_or_a_result_stylized_again(
        self, photos, trained_run, capsys
    ):
        code = run("stylize", photos / "trip", photos / "a.png", "--output", photos)

        assert code == 1
        assert "would replace an original" in capsys.readouterr().err
        for _ in range(2):
            code = run(
                "stylize", photos, "--style", trained_run, "--output", photos / "out"
            )
            assert code == 0
            assert len(list((photos / "out").rglob("*.*"))) == 3

    def test_an_unknown_style_is_one_line(self, photos, capsys):
        code = run("stylize", photos / "a.png", "--style=nope", "--output=out.png")

        assert code == 1
        message = capsys.readouterr().err
        assert "`style` must be a bundled style" in message
        assert "Traceback" not in message

    def test_an_output_of_no_format_is_said_before_anything_is_lost(
        self, photos, trained_run, tmp_path, capsys
    ):
        shutil.copy(photos / "a.png", photos / "a.heic")

        code = run(
            "stylize", photos / "a.heic", "--style", trained_run,
            "--output", tmp_path / "out",
        )  # fmt: skip

        assert code == 1
        assert "`path` must end as a picture does" in capsys.readouterr().err


@pytest.fixture
def paint(tmp_path, rng):
    """Runs `optimize` on small pictures, with options added."""
    for name in ("photo.png", "one.png", "two.png"):
        pixels = rng.integers(0, 256, (40, 32, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / name)
    paths = [tmp_path / name for name in ("photo.png", "one.png", "two.png")]
    quick = ("--loss_network_weights=random", "--image_size=40", "--num_steps=3")
    quick += ("--style_levels=0.5,0.5", "--content_levels=0,1")

    def paint(*options):
        return run("optimize", *paths, *quick, *options)

    return paint


class TestOptimize:
    def test_writes_picture_losses_and_steps(self, paint, tmp_path, capsys):
        output = tmp_path / "out" / "painted.png"

        code = paint(
            f"--output={output}",
            "--style_image_weights=2,1",
            "--style_layers=relu1_1,relu2_1",
            "--style_weight=3",
            "--save_every=2",
        )

        assert code == 0
        names = {str(p.relative_to(output.parent)) for p in output.parent.rglob("*.*")}
        assert names == {
            "painted.png",
            "painted_losses.csv",
            "painted_losses.png",
            "painted_steps/step-00000002.png",
        }
        with Image.open(output) as image:
            assert image.size == (32, 40)
        assert f"{output}: loss " in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--output=out.xyz"], "must end as a picture does"),
            (
                ["--output=out.png", "--style_weight=much"],
                "`style_weight` must be float",
            ),
            (["--output=out.png", "--num_steps=1.5"], "`num_steps` must be int"),
            (["--output=out.png", "--style_layers=conv9"], "such as relu1_2"),
            (["--output=out.png", "--start=nothing.png"], "nothing.png"),
            (["--output=out.png", "--style_image_weights=2,x"], "such as 2,1"),
        ],
    )
    def test_mistakes_are_one_line(self, paint, options, message, capsys):
        assert paint(*options) == 1

        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1

    def test_an_original_is_never_replaced(self, paint, tmp_path, capsys):
        before = (tmp_path / "two.png").read_bytes()

        assert paint(f"--output={tmp_path / 'two.png'}") == 1
        assert "would replace an original" in capsys.readouterr().err
        assert (tmp_path / "two.png").read_bytes() == before

    def test_ctrl_c_writes_the_best_and_exits_with_130(
        self, paint, tmp_path, monkeypatch, capsys
    ):
        from fast_style.iterative.tracker import Tracker

        finish_step = Tracker.finish_step

        def interrupt(self, terms):
            finish_step(self, terms)
            if len(self.losses) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(Tracker, "finish_step", interrupt)

        assert paint(f"--output={tmp_path / 'best.png'}") == 130
        assert (tmp_path / "best.png").is_file()
        assert "interrupted" in capsys.readouterr().err

    def test_help_names_presets_with_their_sources(self, capsys):
        with pytest.raises(SystemExit):
            run("optimize", "--help")

        shown = capsys.readouterr().out
        assert "gatys2016: Gatys, Ecker" in shown
        assert "style_layer_weights" in shown


class TestOthers:
    def test_styles_lists_the_bundled_ones(self, capsys):
        assert run("styles") == 0
        assert capsys.readouterr().out.split() == fast_style.list_styles()

    def test_version(self, capsys):
        with pytest.raises(SystemExit, match="0"):
            run("--version")
        assert capsys.readouterr().out.strip() == fast_style.__version__

    def test_train_passes_on_the_style(self, trained_run, capsys):
        # Finished already, so this only says where the style is.
        assert run("train", "--config=smoke", "--workdir", trained_run) == 0
        assert str(trained_run / "style.keras") in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--config.style_wieght=3"], "Did you mean 'style_weight'"),
            (["--config.style_image=nowhere.jpg"], "`style_image` must be a file"),
            (["--config.image_size=30"], "multiple of 4"),
            (["--nonsense"], "nonsense"),
        ],
    )
    def test_train_explains_mistakes_in_one_line(
        self, tmp_path, capsys, arguments, message
    ):
        code = run("train", "--config=smoke", "--workdir", tmp_path, *arguments)

        assert code == 1
        printed = capsys.readouterr().err
        assert printed.startswith("fast-style train: ")
        assert message in printed
        assert "Traceback" not in printed

    def test_other_commands_refuse_unknown_flags(self, capsys):
        with pytest.raises(SystemExit, match="2"):
            run("styles", "--nonsense")
        assert "unrecognized arguments: --nonsense" in capsys.readouterr().err

    def test_export_prints_the_difference(self, trained_run, tmp_path, capsys):
        code = run("export", "--run", trained_run, "--output", tmp_path / "export")

        assert code == 0
        assert "largest difference from the Keras model:" in capsys.readouterr().out
        assert (tmp_path / "export" / "saved_model.pb").is_file()

    def test_export_of_nothing_is_one_line(self, tmp_path, capsys):
        assert run("export", "--run", tmp_path, "--output", tmp_path / "export") == 1
        assert "`style` must be" in capsys.readouterr().err
