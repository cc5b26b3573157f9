import pytest

from fast_style.models.catalog import find_config
from fast_style.models.catalog import find_painting
from fast_style.models.catalog import find_style
from fast_style.models.catalog import is_bundled
from fast_style.models.catalog import list_collections
from fast_style.models.catalog import list_styles
from fast_style.models.catalog import name_style
from fast_style.models.saving import load_generator
from fast_style.models.style_files import read_style


def test_bundled_styles_load_and_are_small():
    names = list_styles()

    assert "starry_night" in names
    for name in names:
        path = find_style(name)
        assert path.stat().st_size < 4_000_000
        assert load_generator(path).count_params() > 50_000


def test_collections_are_found_by_name_too():
    assert list_collections() == ["any", "paintings16"]
    path = find_style("paintings16")
    assert path.stat().st_size < 6_000_000
    assert len(load_generator(path).conditions.names) == 16
    assert find_config("paintings16") == path.with_suffix(".json")
    assert is_bundled("paintings16")
    path = find_style("any")
    assert path.stat().st_size < 6_000_000
    assert read_style(path).predictor is not None
    assert is_bundled("great_wave")
    assert not is_bundled("paintings")


def test_only_bundled_styles_have_stored_paintings(trained_run):
    for style in (trained_run, "any", "paintings16", "no_style", None):
        assert find_painting(style) is None
    for name in list_styles():
        path = find_painting(name)
        assert path is None or path == find_style(name).with_suffix(".npz")
        assert path is None or path.stat().st_size < 1_000_000


def test_a_workdir_and_its_file_are_the_same_style(trained_run):
    expected = trained_run / "style.keras"

    assert find_style(trained_run) == expected
    assert find_style(str(expected)) == expected


def test_a_training_that_has_not_finished_is_said_to_be_one(tmp_path):
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)

    with pytest.raises(FileNotFoundError, match="not finished; start it again"):
        find_style(tmp_path / "run")


@pytest.mark.parametrize("style", ["starry_knight", "nowhere/style.keras", "."])
def test_anything_else_lists_the_bundled_ones(style):
    with pytest.raises(FileNotFoundError, match=r"bundled style \(.*starry_night"):
        find_style(style)


def test_each_bundled_style_and_each_run_has_its_config(trained_run, tmp_path):
    for name in list_styles():
        assert find_config(name).name == f"{name}.json"
    assert find_config(trained_run) == trained_run / "config.json"

    (tmp_path / "lone.keras").touch()
    assert find_config(tmp_path / "lone.keras") is None


@pytest.mark.parametrize(
    "style",
    ["blue", "runs/blue", "runs/blue/style.keras", "blue.keras", "x/blue.keras"],
)
def test_a_style_is_named_without_its_folders(style):
    assert name_style(style) == "blue"
