import pathlib

import pytest

from fast_style.io.files import check_path
from fast_style.io.files import check_writable
from fast_style.io.files import remove_temporaries
from fast_style.io.files import replacing
from fast_style.io.files import write_text


def test_takes_the_place_of_the_file_when_all_is_written(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("old")

    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"

    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_keeps_the_old_file_if_writing_fails(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("old")

    def write():
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        write()

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("letter", ["n", "東", "😀"])
def test_the_longest_names_are_written_too(tmp_path, letter):
    length = 255 // len(letter.encode())
    paths = [tmp_path / (letter * (length - 1) + end) for end in "ab"]

    for path in paths:
        check_writable("report", path)
    with replacing(paths[0]) as first, replacing(paths[1]) as second:
        first.write_text("first")
        second.write_text("second")
        left = tmp_path / f"{first.name}"
        assert left.is_file()
    remove_temporaries(tmp_path)

    assert [path.read_text() for path in paths] == ["first", "second"]
    left.touch()  # As a killed process leaves it.
    remove_temporaries(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    (tmp_path / "samples").mkdir()
    with replacing(tmp_path / "samples" / "step-00000002.png") as temporary:
        temporary.touch()
        left = temporary.with_name(temporary.name)
    left.touch()
    others = [tmp_path / ".lock", tmp_path / ".notes.txt", tmp_path / "a.1-2"]
    for path in others:
        path.touch()

    remove_temporaries(tmp_path)

    assert not left.exists()
    assert all(path.exists() for path in others)


@pytest.mark.parametrize("path", ["", " ", "\t\n"])
def test_an_empty_path_is_not_the_current_folder(path):
    message = r"`workdir` must be a path\. Received: workdir="
    with pytest.raises(ValueError, match=message):
        check_path("workdir", path)
    with pytest.raises(ValueError, match=message):
        check_writable("workdir", path)
    with pytest.raises(ValueError, match="must be a path"), replacing(path):
        pass
    with pytest.raises(ValueError, match="must be a path"):
        remove_temporaries(path)


@pytest.mark.parametrize("path", ["runs/one", pathlib.Path("runs"), "."])
def test_other_paths_come_back(path):
    assert check_path("workdir", path) == pathlib.Path(path)


def test_what_can_be_written_is_not_written_yet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert check_writable("report", "new/report.md") == pathlib.Path("new/report.md")
    assert [path.name for path in tmp_path.rglob("*")] == ["new"]


def test_names_of_files_that_are_no_text_are_written_into_reports(tmp_path):
    name = b"a\xff\xe6\x9d\xb1.jpg".decode(errors="surrogateescape")

    write_text(f"worst: {name}\n", tmp_path / "report.md")

    written = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert written == "worst: a\\udcff東.jpg\n"
