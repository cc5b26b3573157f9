import os

from PIL import Image

from fast_style.data.photos import list_images
from fast_style.data.photos import name_some


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_pictures_of_all_folders_in_order_and_the_others(tmp_path):
    for name in ("b.JPG", "a/z.png", "a/notes.txt", ".hidden.png", ".git/c.png"):
        touch(tmp_path / name)

    paths, others = list_images(tmp_path)

    assert [os.path.relpath(path, tmp_path) for path in paths] == ["a/z.png", "b.JPG"]
    assert [os.path.relpath(path, tmp_path) for path in others] == ["a/notes.txt"]


def test_the_content_decides_where_the_name_does_not(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "IMG_0001", "JPEG")
    Image.new("RGB", (4, 3)).save(tmp_path / "a.jfif")
    Image.new("RGB", (4, 3)).save(tmp_path / "a.jpg_large", "PNG")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0")

    paths, others = list_images(tmp_path)

    assert [os.path.basename(p) for p in paths] == ["IMG_0001", "a.jfif", "a.jpg_large"]
    assert [os.path.basename(p) for p in others] == ["film.mp4"]


def test_some_names_stand_for_a_long_list():
    paths = [os.path.join("photos", "trip", f"{number}.txt") for number in range(7)]

    assert name_some(paths[:2], "photos") == "trip/0.txt, trip/1.txt"
    assert name_some(paths, "photos").endswith("trip/4.txt and 2 more")


def test_a_folder_and_a_link_to_it_are_both_searched(tmp_path):
    touch(tmp_path / "real" / "a.png")
    (tmp_path / "album").symlink_to(tmp_path / "real")
    (tmp_path / "x").symlink_to("album")

    paths, _ = list_images(tmp_path)

    names = [os.path.relpath(path, tmp_path) for path in paths]
    assert names == ["album/a.png", "real/a.png", "x/a.png"]


def test_links_to_each_other_end(tmp_path):
    for name, other in (("a", "b"), ("b", "a")):
        touch(tmp_path / name / "photo.png")
        (tmp_path / name / "again").symlink_to(tmp_path / other)

    paths, _ = list_images(tmp_path)

    names = [os.path.relpath(path, tmp_path) for path in paths]
    assert names == [
        "a/again/photo.png", "a/photo.png", "b/again/photo.png", "b/photo.png"
    ]  # fmt: skip


def test_a_link_back_to_a_folder_above_ends(tmp_path):
    touch(tmp_path / "a" / "photo.png")
    (tmp_path / "a" / "again").symlink_to(tmp_path)

    paths, _ = list_images(tmp_path)

    assert len(paths) == 1
