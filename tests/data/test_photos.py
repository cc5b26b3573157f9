import os

from fast_style.data.photos import list_images


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_pictures_of_all_folders_in_order_and_the_number_of_others(tmp_path):
    for name in ("b.JPG", "a/z.png", "a/notes.txt", ".hidden.png", ".git/c.png"):
        touch(tmp_path / name)

    paths, num_others = list_images(tmp_path)

    assert [os.path.relpath(path, tmp_path) for path in paths] == ["a/z.png", "b.JPG"]
    assert num_others == 1


def test_a_link_back_to_a_folder_above_ends(tmp_path):
    touch(tmp_path / "a" / "photo.png")
    (tmp_path / "a" / "again").symlink_to(tmp_path)

    paths, _ = list_images(tmp_path)

    assert len(paths) == 1
