from PIL import Image
import pytest

from fast_style.iterative.tracker import Tracker


@pytest.fixture
def paint(run, tmp_path, rng):
    """Runs `optimize` on small pictures, with options added."""
    for name in ("photo.png", "one.png", "two.png"):
        pixels = rng.integers(0, 256, (40, 32, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / name)
    paths = [tmp_path / name for name in ("photo.png", "one.png", "two.png")]
    quick = ("--terms.content.weight=0", "--terms.style.layers=relu1_1,relu2_1")
    quick += ("--terms.style.levels=0.5,0.5", "--image_size=40", "--num_steps=3")

    def paint(*options):
        return run("optimize", *paths, *quick, *options)

    return paint


def test_writes_picture_losses_and_steps(paint, tmp_path, capsys):
    output = tmp_path / "out" / "painted.png"

    code = paint(
        f"--output={output}",
        "--style_image_weights=2,1",
        "--terms.style.layers=relu1_1,relu1_2",
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


def test_losses_are_those_of_the_terms_by_name(paint, tmp_path):
    new = ("kind=style", "network=pocket", "layers=relu1_2", "levels=0,1")

    code = paint(
        f"--output={tmp_path / 'painted.png'}",
        *(f"--terms.coarse.{field}" for field in new),
    )

    assert code == 0
    header, *rows = (tmp_path / "painted_losses.csv").read_text().splitlines()
    names = header.split(",")
    terms = ["content", "style", "coarse", "tv"]
    assert names == ["step", "loss", *terms, "seconds"]
    for row in rows:
        losses = dict(zip(names, map(float, row.split(",")), strict=True))
        without = {name for name in terms if losses[name] == 0}
        assert without == {"content"}


def test_a_style_paints_the_start(paint, run, tmp_path):
    painted, start, again = (tmp_path / f"{x}.png" for x in ("a", "start", "b"))
    weights = "--style_image_weights=2,1"
    mixture = f"--styles={tmp_path / 'one.png'}:2,{tmp_path / 'two.png'}:1"

    assert paint(f"--output={painted}", "--start=any", weights) == 0

    run("stylize", tmp_path / "photo.png", "--style=any", mixture, f"--output={start}")
    paint(f"--output={again}", f"--start={start}", weights)
    assert painted.read_bytes() == again.read_bytes()


def test_words_are_no_folders(paint, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()

    assert paint("--output=a.png", "--start=content", "--style_image_weights=1") == 1
    assert "a number for each" in capsys.readouterr().err


def test_of_a_style_with_several_a_picture_is_wanted(paint, tmp_path, capsys):
    assert paint(f"--output={tmp_path / 'a.png'}", "--start=paintings16") == 1

    assert "--style=paintings16 --name=NAME" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output=out.xyz"], "must end as a picture does"),
        (["--output=out.png", "--style_weight=much"], "`style_weight` must be a num"),
        (["--output=out.png", "--num_steps=1.5"], "`num_steps` must be a whole number"),
        (["--output=out.png", "--terms.style.layers=conv9"], "Received: 'conv9'"),
        (["--output=out.png", "--terms.styl.weight=2"], "Did you mean 'style'?"),
        (["--output=out.png", "--terms.style.wieght=2"], "Did you mean 'weight'?"),
        (["--output=out.png", "--terms.style.weight=x"], "`weight` must be a number"),
        (["--output=out.png", "--terms.NAME.weight=2"], "There is no term 'NAME'"),
        (["--output=out.png", "--terms.style.weight"], "--terms.NAME.FIELD=VALUE"),
        (["--output=out.png", "--terms=3"], "--terms.NAME.FIELD=VALUE"),
        (["--output=out.png", "--start=nothing.png"], "nothing.png"),
        (["--output=out.png", "--start=."], "`start` is no style."),
        (
            ["--output=out.png", "--start=starry_night", "--image_size=-1"],
            "`image_size` must be",
        ),
        (["--output=out.png", "--style_image_weights=2,x"], "such as 2,1"),
        (["--output=out.png", "--image_size=1000000"], "must be at most"),
    ],
)
def test_mistakes_are_one_line(paint, options, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert paint(*options) == 1

    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert error.startswith("fast-style optimize: ")


def test_an_unknown_field_is_answered_with_the_nearest(run, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("optimize", "a.png", "b.png", "--output=out.png", "--style_wieght=3")

    assert "Did you mean --style_weight?" in capsys.readouterr().err


def test_an_original_is_never_replaced(paint, tmp_path, capsys):
    before = (tmp_path / "two.png").read_bytes()

    assert paint(f"--output={tmp_path / 'two.png'}") == 1
    assert "would replace an original" in capsys.readouterr().err
    assert (tmp_path / "two.png").read_bytes() == before


def test_ctrl_c_writes_the_best_and_exits_with_130(
    paint, tmp_path, monkeypatch, capsys
):
    finish_step = Tracker.finish_step

    def interrupt(self, terms):
        finish_step(self, terms)
        if len(self.losses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Tracker, "finish_step", interrupt)

    assert paint(f"--output={tmp_path / 'best.png'}") == 130
    assert (tmp_path / "best.png").is_file()
    assert "interrupted" in capsys.readouterr().err


def test_help_names_presets_with_their_sources_and_all_fields(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("optimize", "--help")

    shown = capsys.readouterr().out
    assert "gatys2016: Gatys, Ecker" in shown
    assert shown.count("\n  --terms.NAME.layer_weights X,X\n") == 1
    assert shown.count("\n  --terms.NAME.layers NAME,NAME\n") == 1
    assert "Slow method:" in shown
    assert "Of Adam, in grey levels of [0, 255] (default: 5.0)" in shown
