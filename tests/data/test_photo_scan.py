import io
import os
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image
import pytest

from fast_style.data.crops import load_crop
from fast_style.data.photo_scan import find_photos
from fast_style.data.photo_scan import Photos


class TestFindPhotos:
    def test_searches_folders_in_folders(self, photos):
        found = find_photos(photos)

        assert len(found.paths) == 6
        assert found.skipped == {}
        assert list(found.paths) == sorted(found.paths)

    def test_says_which_files_it_skips_and_why(self, photos, photo_path):
        whole = photo_path.read_bytes()
        (photos / "short.png").write_bytes(whole[: len(whole) // 2])
        (photos / "text.jpg").write_text("not a picture")
        (photos / "empty.webp").touch()
        (photos / "gone.png").symlink_to(photos / "nowhere.png")
        Image.new("RGB", (500, 5)).save(photos / "flat.png")
        (photos / "notes.txt").write_text("no picture by its name either")
        (photos / ".hidden.png").write_text("what a file manager left")

        found = find_photos(photos, min_image_size=32)

        reasons = {path.split("/")[-1]: why for path, why in found.skipped.items()}
        assert set(reasons) == {
            "short.png", "text.jpg", "empty.webp", "gone.png", "flat.png",
        }  # fmt: skip
        assert "damaged or cut short" in reasons["short.png"]
        assert "Pillow can read" in reasons["text.jpg"]
        assert reasons["gone.png"] == "no such file"
        assert "below 32 pixels" in reasons["flat.png"]
        assert len(found.paths) == 6
        assert "6 used, 5 skipped" in found.report()

    def test_a_link_to_a_folder_above_does_not_go_round_for_ever(self, photos):
        (photos / "part0" / "back").symlink_to(photos)

        assert len(find_photos(photos).paths) == 6

    def test_a_pipe_among_them_is_skipped_and_not_waited_for(self, photos):
        os.mkfifo(photos / "pipe.png")

        found = find_photos(photos)

        assert found.skipped == {str(photos / "pipe.png"): "not a regular file"}
        assert len(found.paths) == 6

    def test_a_long_list_of_skipped_files_is_shortened(self):
        skipped = {f"{n}.jpg": "it is empty" for n in range(50)}

        report = Photos(paths=("a.jpg",), skipped=skipped).report()

        assert report.count("\n") < 15
        assert "40 more" in report
        assert "it is empty (50)" in report

    def test_small_photos_are_counted_and_damaged_ones_listed(self, photos):
        for number in range(20):
            Image.new("RGB", (500, 5)).save(photos / f"flat{number}.png")
        (photos / "text.jpg").write_text("not a picture")

        first, *others = find_photos(photos, min_image_size=32).report().splitlines()

        assert first == "Photos: 6 used, 21 skipped."
        assert others[0] == "  skipped 20: the shorter side is below 32 pixels"
        assert len(others) == 2
        assert f"skipped {photos / 'text.jpg'}: not a picture" in others[1]

    def test_an_empty_folder_is_an_error_that_counts_what_is_there(self, tmp_path):
        (tmp_path / "notes.txt").touch()

        with pytest.raises(ValueError, match=r"at least one picture .* holds 1 other"):
            find_photos(tmp_path)

    def test_a_folder_of_bad_photos_is_an_error_with_the_reasons(self, tmp_path):
        (tmp_path / "text.jpg").write_text("not a picture")

        with pytest.raises(ValueError, match=r"usable photo.*\n.*text\.jpg"):
            find_photos(tmp_path)

    def test_a_missing_folder_is_an_error(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="`train_images` must be a folder"):
            find_photos(tmp_path / "nowhere")


class TestFilesAsTheyAre:
    """Names a person would give a photo; what is in it is another matter."""

    def write_bomb(self, path):
        # 60,000 x 60,000 pixels of one colour in a few bytes: a header, no more.
        header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        chunk = b"IHDR" + header
        crc = struct.pack(">I", zlib.crc32(chunk))
        end = b"\0\0\0\0IEND\xae\x42\x60\x82"
        path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + crc + end)

    def write_all(self, folder, photo):
        folder.mkdir()
        jpeg = io.BytesIO()
        photo.save(jpeg, "JPEG", quality=90)
        jpeg = jpeg.getvalue()
        (folder / "zero.jpg").touch()
        (folder / "half.jpg").write_bytes(jpeg[: len(jpeg) // 2])
        (folder / "text.jpg").write_text("not a picture")
        (folder / "gone.jpg").symlink_to("nowhere.jpg")
        (folder / "folder.jpg").mkdir()
        self.write_bomb(folder / "bomb.png")
        (folder / "with zeros after.jpg").write_bytes(jpeg + bytes(16))
        (folder / "with notes after.jpg").write_bytes(jpeg + b"as some cameras do" * 9)
        (folder / os.fsdecode(b"caf\xc3\xa9 \xe6\xbc\xa2.jpg")).write_bytes(jpeg)
        (folder / os.fsdecode(b"latin \xe9.jpg")).write_bytes(jpeg)
        photo.convert("CMYK").save(folder / "cmyk.jpg")
        deep = np.asarray(photo.convert("L"), "uint16") * 257
        Image.fromarray(deep).save(folder / "16 bit.png")
        frames = [photo.convert("P"), photo.rotate(90, expand=True).convert("P")]
        frames[0].save(folder / "moves.gif", save_all=True, append_images=frames[1:])
        photo.convert("P").save(folder / "palette.png", transparency=0)
        exif = photo.getexif()
        exif[0x0112] = 6
        photo.save(folder / "turned.jpg", exif=exif)
        Image.new("RGB", (1, 1), "red").save(folder / "1x1.png")
        Image.new("RGB", (1, 5000), "red").save(folder / "1x5000.png")

    def test_are_used_or_skipped_for_a_reason_and_never_stop_a_training(
        self, tmp_path, photo_path
    ):
        with Image.open(photo_path) as photo:
            self.write_all(tmp_path / "photos", photo.convert("RGB").resize((90, 60)))

        found = find_photos(tmp_path / "photos", cache=tmp_path / "photos.csv")
        again = find_photos(tmp_path / "photos", cache=tmp_path / "photos.csv")

        skipped = {pathlib.Path(p).name: why for p, why in found.skipped.items()}
        reasons = {
            "zero.jpg": "Pillow can read",
            "half.jpg": "cut short",
            "text.jpg": "Pillow can read",
            "gone.jpg": "no such file",
            "bomb.png": "too large to decode safely",
        }
        assert skipped.keys() == reasons.keys()
        for name, reason in reasons.items():
            assert reason in skipped[name], name
        assert again == found
        for number in range(2 * len(found.paths)):
            crop = load_crop(found.paths, number, image_size=16)
            assert crop.shape == (16, 16, 3)

    def test_too_narrow_ones_are_skipped_if_wanted(self, tmp_path, photo_path):
        with Image.open(photo_path) as photo:
            self.write_all(tmp_path / "photos", photo.convert("RGB").resize((90, 60)))

        skipped = find_photos(tmp_path / "photos", min_image_size=32).skipped

        assert {"1x1.png", "1x5000.png"} <= {pathlib.Path(p).name for p in skipped}

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_one_without_permission_is_skipped(self, photos):
        (photos / "part0" / "0.png").chmod(0)

        (reason,) = find_photos(photos).skipped.values()

        assert reason == "no permission to read it"


class TestCache:
    def test_files_that_have_not_changed_are_not_opened_again(self, photos, tmp_path):
        cache = tmp_path / "photos.csv"
        first = find_photos(photos, cache=cache)
        for path in first.paths:
            stat = os.stat(path)
            with open(path, "rb+") as file:
                file.write(b"no picture any more")
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

        assert find_photos(photos, cache=cache) == first

    def test_those_that_have_are(self, photos, tmp_path, caplog):
        cache = tmp_path / "photos.csv"
        before = find_photos(photos, cache=cache)
        (photos / "part0" / "0.png").write_text("no picture any more")
        (photos / "part0" / "2.png").unlink()
        Image.new("RGB", (64, 64)).save(photos / "new.png")

        found = find_photos(photos, cache=cache)

        assert len(before.paths) == 6
        assert len(found.paths) == 5
        assert len(found.skipped) == 1
        assert "1 photos have come and 2 have gone" in caplog.text

    def test_a_file_that_is_no_cache_is_written_anew(self, photos, tmp_path):
        cache = tmp_path / "photos.csv"
        cache.write_text("something else\n1,2\n")

        found = find_photos(photos, cache=cache)

        assert len(found.paths) == 6
        assert find_photos(photos, cache=cache) == found

    def test_a_smallest_size_applies_to_what_is_remembered(self, photos, tmp_path):
        find_photos(photos, cache=tmp_path / "photos.csv")
        Image.new("RGB", (200, 200)).save(photos / "large.png")

        found = find_photos(photos, cache=tmp_path / "photos.csv", min_image_size=100)

        assert [pathlib.Path(path).name for path in found.paths] == ["large.png"]
