import collections
import contextlib
import http.server
import io
import json
import os
import threading

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.app import main
from fast_style.data import coco_download
from fast_style.data.coco_download import download_coco


def make_jpeg(number, size=(64, 48)):
    pixels = np.random.default_rng(number).integers(0, 256, (*size[::-1], 3), "uint8")
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Has a photo under each number, and troubles: dict from number to a list.

    A trouble is an HTTP status, "half" (the body breaks off), "drop" (no answer at
    all), "text", or "small" (another photo). Each is taken once, then all is well.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.troubles = collections.defaultdict(list)
        self.requests = collections.Counter()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        number = int(self.path.strip("/").split(".")[0])
        self.server.requests[number] += 1
        troubles = self.server.troubles[number]
        trouble = troubles.pop(0) if troubles else None
        body = make_jpeg(number)
        if isinstance(trouble, int):
            self.send_error(trouble)
            return
        if trouble == "drop":
            self.connection.close()
            return
        if trouble == "text":
            body = b"<html>Please log in to this network.</html>"
        if trouble == "small":
            body = make_jpeg(number, (32, 24))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if trouble == "half" else body)

    def log_message(self, *arguments):
        pass

    def finish(self):
        with contextlib.suppress(OSError, ValueError):  # Dropped on purpose.
            super().finish()


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def annotations(server, tmp_path):
    """Twelve photos; the last four show a dog, the very last a crowd of them."""
    port = server.server_address[1]
    crowd = {"size": [48, 64], "counts": [0, 64 * 48]}
    entries = {
        "images": [
            {
                "id": n, "file_name": f"{n:012d}.jpg", "width": 64, "height": 48,
                "coco_url": f"http://127.0.0.1:{port}/{n}.jpg",
            }
            for n in range(12)
        ],
        "annotations": [
            {"id": n, "image_id": n, "category_id": 1 + (n > 7), "iscrowd": 0}
            for n in range(11)
        ]
        + [
            {
                "id": 11, "image_id": 11, "category_id": 2, "iscrowd": 1,
                "segmentation": crowd, "area": 3072, "bbox": [0, 0, 64, 48],
            }
        ],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
    }  # fmt: skip
    path = tmp_path / "instances.json"
    path.write_text(json.dumps(entries))
    return path


def download(annotations, output, **options):
    return download_coco(annotations, output, wait_seconds=0.001, **options)


def read_numbers(folder):
    return sorted(int(path.stem) for path in folder.iterdir())


class TestDownload:
    def test_photos_come_as_the_server_has_them(self, annotations, tmp_path):
        done = download(annotations, tmp_path / "photos", num_images=12)

        assert (done.num_fetched, done.num_there, done.failures) == (12, 0, {})
        for number in range(12):
            path = tmp_path / "photos" / f"{number:012d}.jpg"
            assert path.read_bytes() == make_jpeg(number)

    def test_the_seed_chooses(self, annotations, tmp_path):
        folders = [tmp_path / name for name in ("one", "same", "other")]
        for folder, seed in zip(folders, (0, 0, 1), strict=True):
            download(annotations, folder, num_images=5, seed=seed)

        one, same, other = map(read_numbers, folders)
        assert len(one) == 5
        assert one == same != other

    def test_annotations_without_names_and_sizes_as_of_lvis(
        self, annotations, tmp_path
    ):
        entries = json.loads(annotations.read_text())
        for entry in entries["images"]:
            del entry["file_name"], entry["width"]
        annotations.write_text(json.dumps(entries))

        for num_fetched in (12, 0):
            done = download(annotations, tmp_path / "photos", min_image_size=40)
            assert (done.num_photos, done.num_fetched) == (12, num_fetched)

        assert read_numbers(tmp_path / "photos") == list(range(12))

    def test_a_category_may_be_a_crowd(self, annotations, tmp_path):
        done = download(annotations, tmp_path / "photos", categories=("dog",))

        assert done.num_photos == 4
        assert read_numbers(tmp_path / "photos") == [8, 9, 10, 11]

    def test_small_ones_are_not_fetched(self, annotations, server, tmp_path):
        done = download(annotations, tmp_path / "photos", min_image_size=49)

        assert done.num_photos == 0
        assert not server.requests

    @pytest.mark.parametrize("trouble", ["drop", "half", "text", "small", 503, 429])
    def test_what_may_pass_is_tried_again(self, annotations, server, tmp_path, trouble):
        for number in range(12):
            server.troubles[number] = [trouble, trouble]

        done = download(annotations, tmp_path / "photos", num_images=12)

        assert (done.num_fetched, done.failures) == (12, {})
        assert set(server.requests.values()) == {3}
        for number in range(12):
            path = tmp_path / "photos" / f"{number:012d}.jpg"
            assert path.read_bytes() == make_jpeg(number)

    def test_what_is_gone_is_not_and_another_photo_takes_its_place(
        self, annotations, server, tmp_path
    ):
        chosen = download(annotations, tmp_path / "all", num_images=6)
        missing = read_numbers(tmp_path / "all")[:3]
        server.requests.clear()
        for number in missing:
            server.troubles[number] = [404]

        done = download(annotations, tmp_path / "photos", num_images=6)

        assert chosen.num_photos == done.num_photos == 6
        assert len(done.failures) == 3
        assert [server.requests[number] for number in missing] == [1, 1, 1]
        assert not set(read_numbers(tmp_path / "photos")) & set(missing)
        assert "3 x the server answered 404 Not Found" in done.report()

    def test_what_stays_bad_is_given_up(self, annotations, server, tmp_path):
        server.troubles[5] = ["half"] * 100

        done = download(annotations, tmp_path / "photos", num_images=12)

        assert done.num_photos == 11
        assert server.requests[5] == 5
        (reason,) = done.failures.values()
        assert "IncompleteRead" in reason
        assert not list((tmp_path / "photos").glob(".*"))

    def test_only_what_is_missing_or_damaged_is_fetched_again(
        self, annotations, server, tmp_path
    ):
        folder = tmp_path / "photos"
        download(annotations, folder, num_images=12)
        server.requests.clear()
        (folder / f"{3:012d}.jpg").unlink()
        data = (folder / f"{7:012d}.jpg").read_bytes()
        (folder / f"{7:012d}.jpg").write_bytes(data[:1000])

        done = download(annotations, folder, num_images=12)

        assert (done.num_there, done.num_fetched) == (10, 2)
        assert server.requests == {3: 1, 7: 1}
        assert (folder / f"{7:012d}.jpg").read_bytes() == data

    def test_a_server_that_is_not_there_is_an_error_soon(
        self, annotations, tmp_path, monkeypatch
    ):
        entries = json.loads(annotations.read_text())
        for entry in entries["images"]:
            entry["coco_url"] = "http://127.0.0.1:9/photo.jpg"
        monkeypatch.setattr(coco_download, "_MAX_FAILURES_IN_A_ROW", 8)
        annotations.write_text(json.dumps(entries))

        with pytest.raises(OSError, match=r"8 photos in a row .* refused"):
            download(annotations, tmp_path / "photos")

    def test_a_disk_that_takes_no_more_is_an_error_at_once(
        self, annotations, server, tmp_path
    ):
        for number in range(12):
            (tmp_path / "photos" / f"{number:012d}.jpg").mkdir(parents=True)

        with pytest.raises(OSError, match="directory"):
            download(annotations, tmp_path / "photos", num_connections=1)

        assert max(server.requests.values()) == 1


class TestErrors:
    def change(self, annotations, **fields):
        entries = json.loads(annotations.read_text())
        entries["images"][0].update(fields)
        annotations.write_text(json.dumps(entries))

    @pytest.mark.parametrize("url", ["", "file:///etc/hostname"])
    def test_annotations_without_urls(self, annotations, tmp_path, url):
        self.change(annotations, coco_url=url)

        with pytest.raises(ValueError, match="`coco_url` for each photo"):
            download(annotations, tmp_path / "photos")

    def test_names_that_lead_elsewhere(self, annotations, tmp_path):
        self.change(annotations, file_name="../elsewhere.jpg")

        with pytest.raises(ValueError, match="must name files, not paths"):
            download(annotations, tmp_path / "photos")


class TestCommand:
    def run(self, annotations, output, *options):
        return main(
            ["coco", f"--annotations={annotations}", f"--output={output}", *options]
        )

    def test_says_what_it_did_and_how_to_train(self, annotations, tmp_path, capsys):
        folder = tmp_path / "photos"

        assert self.run(annotations, folder, "--num_images=3") == 0

        printed = capsys.readouterr().out
        assert "3 photos in the folder: 3 downloaded now, 0 already there." in printed
        assert f"--config.train_images={folder}" in printed
        assert len(os.listdir(folder)) == 3

    def test_fewer_than_asked_for_is_an_exit_code_of_1(
        self, annotations, tmp_path, capsys
    ):
        code = self.run(annotations, tmp_path / "photos", "--categories=dog, cat")

        assert code == 1
        assert "4000 were asked for" in capsys.readouterr().err
