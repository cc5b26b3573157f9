import itertools
import pathlib
import shutil
import threading

import numpy as np
from PIL import Image
import pytest

from fast_style.inference import pipeline
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.pipeline import check_number_of_workers
from fast_style.inference.pipeline import stylize_files
from fast_style.inference.stylizer import load_style
from fast_style.inference.stylizer import Stylizer
from fast_style.io.images import open_array
from fast_style.io.stored_rows import StoredRows

_LONG = 600  # Seconds, after which something hangs, however busy the machine is.


@pytest.fixture(scope="module")
def stylizer(trained_run):
    return load_style(trained_run)


@pytest.fixture
def photos(tmp_path, rng):
    """Nine pictures: three sizes, one grey, one with transparency, one turned."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(9):
        shape = [(20, 30, 3), (30, 20, 3), (17, 19, 3)][i % 3]
        picture = Image.fromarray(rng.integers(0, 256, shape, "uint8"))
        exif = Image.Exif()
        exif[0x0112] = 6 if i == 5 else 1
        mode = {3: "L", 6: "RGBA"}.get(i, "RGB")
        picture.convert(mode).save(folder / f"{i}.png", exif=exif)
    return folder


@pytest.fixture
def list_jobs(photos, tmp_path):
    def list_them():
        paths = sorted(photos.iterdir())
        return [(path, tmp_path / "out" / path.name) for path in paths]

    return list_them


@pytest.mark.parametrize("num_workers", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 4])
def test_gives_what_each_alone_gives(stylizer, list_jobs, num_workers, batch_size):
    jobs = list_jobs()

    outcomes = list(
        stylize_files(
            stylizer, jobs, {}, num_workers=num_workers, batch_size=batch_size
        )
    )

    assert sorted((o.source, o.target) for o in outcomes) == jobs
    for outcome in outcomes:
        expected = np.asarray(stylizer(outcome.source), int)
        with Image.open(outcome.target) as stylized:
            assert stylized.size == outcome.size
            # In a batch sums are rounded otherwise.
            assert np.abs(np.asarray(stylized, int) - expected).max() <= 1


def test_equal_sizes_go_through_the_engine_together(tmp_path, rng, monkeypatch):
    jobs, batches = [], []
    # One thread decodes in order, so once it has begun the last of those that are
    # read ahead, the others are done, however busy the machine is.
    num_ahead, num_begun, are_decoded = 6, itertools.count(1), threading.Event()
    open_array = pipeline.open_array

    def open_and_tell(*args, **options):
        if next(num_begun) == num_ahead:
            are_decoded.set()
        return open_array(*args, **options)

    monkeypatch.setattr(pipeline, "open_array", open_and_tell)
    for i in range(12):
        path = tmp_path / f"{i:02}.png"
        shape = (16, 16 if i % 2 else 24, 3)
        Image.fromarray(rng.integers(0, 256, shape, "uint8")).save(path)
        jobs.append((path, tmp_path / "out" / path.name))

    def paint(images):
        assert are_decoded.wait(_LONG)
        batches.append(images.shape)
        return images

    for outcome in stylize_files(
        Stylizer(LoadedStyle(function=paint)),
        jobs,
        {},
        batch_size=num_ahead // 2,
        num_workers=1,
    ):
        assert outcome.error is None

    assert sum(shape[0] for shape in batches) == 12
    assert max(shape[0] for shape in batches) <= 3
    assert len(batches) < 12


def test_what_fails_ends_nothing(stylizer, photos, list_jobs, tmp_path):
    (photos / "1a.png").write_text("no picture")
    (tmp_path / "out" / "4.png").mkdir(parents=True)  # Where a file should be.
    jobs = [*list_jobs(), (photos / "none.png", tmp_path / "out" / "none.png")]

    outcomes = {
        pathlib.Path(o.source).name: o for o in stylize_files(stylizer, jobs, {})
    }

    failed = {name for name, outcome in outcomes.items() if outcome.error}
    assert failed == {"1a.png", "4.png", "none.png"}
    assert len(outcomes) == 11
    assert isinstance(outcomes["1a.png"].error, ValueError)
    assert isinstance(outcomes["none.png"].error, FileNotFoundError)


def test_one_that_an_engine_cannot_do_does_not_take_its_batch_along(list_jobs):
    def paint(images):
        if images.shape[1:3] == (20, 30) and (
            len(images) > 1 or images[0, 0, 0, 0] < 50
        ):
            raise RuntimeError("the engine")
        return images

    jobs = list_jobs()
    outcomes = list(
        stylize_files(Stylizer(LoadedStyle(function=paint)), jobs, {}, batch_size=4)
    )

    assert len(outcomes) == len(jobs)
    for outcome in outcomes:
        with Image.open(outcome.source) as image:
            first = np.asarray(image.convert("RGB"))[0, 0, 0]
            fails = image.size == (30, 20) and first < 50
        assert (outcome.error is not None) == fails


def test_large_pictures_wait_for_one_another(monkeypatch, list_jobs):
    monkeypatch.setattr(pipeline, "_MOST_PIXELS", 1)
    alive, most = set(), []
    open_array = pipeline.open_array

    def open_slowly(source, **options):
        alive.add(source)
        most.append(len(alive))
        return open_array(source, **options)

    monkeypatch.setattr(pipeline, "open_array", open_slowly)

    for outcome in stylize_files(
        Stylizer(LoadedStyle(function=lambda images: images)), list_jobs(), {}
    ):
        alive.discard(outcome.source)

    assert max(most) == 1


def test_leaving_early_ends_the_threads(stylizer, list_jobs):
    # Others, of earlier tests, may end meanwhile.
    before = set(threading.enumerate())
    outcomes = stylize_files(stylizer, list_jobs(), {}, num_workers=2)
    next(outcomes)
    threads = set(threading.enumerate()) - before
    assert threads

    outcomes.close()

    assert not [thread for thread in threads if thread.is_alive()]


def test_a_disk_that_is_full_leaves_no_half_picture(
    stylizer, list_jobs, monkeypatch, tmp_path
):
    def write(image, stream, *args, **options):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", write)

    outcomes = list(stylize_files(stylizer, list_jobs(), {}))

    assert {o.error.errno for o in outcomes} == {28}
    assert list((tmp_path / "out").iterdir()) == []


def test_a_second_run_replaces_what_is_there(stylizer, list_jobs, photos):
    jobs = list_jobs()
    list(stylize_files(stylizer, jobs, {}))
    shutil.copy(photos / "1.png", photos / "4.png")

    list(stylize_files(stylizer, jobs, {}))

    # Places in a batch may round differently, by a level.
    one, copy = (np.asarray(Image.open(jobs[i][1]), int) for i in (1, 4))
    assert np.abs(one - copy).max() <= 1


@pytest.mark.parametrize("number", [0, -1])
def test_there_must_be_a_worker(number):
    with pytest.raises(ValueError, match="`workers` must be at least 1"):
        check_number_of_workers(number)


def test_sixteen_bits_stay_sixteen(tmp_path, rng):
    # A ramp in steps that 8 bits do not have.
    ramp = np.arange(0, 12 * 20, dtype=np.uint16).reshape(12, 20) + 30_000
    for suffix in (".png", ".tif"):
        Image.fromarray(ramp).save(tmp_path / f"a{suffix}")
    jobs = [
        (tmp_path / "a.png", tmp_path / "out" / "a.tif"),
        (tmp_path / "a.tif", tmp_path / "out" / "a.png"),
        (tmp_path / "a.tif", tmp_path / "out" / "a.jpg"),
    ]

    outcomes = list(
        stylize_files(Stylizer(LoadedStyle(function=lambda images: images)), jobs, {})
    )

    assert [outcome.error for outcome in outcomes] == [None] * 3
    for _, target in jobs[:2]:
        stylized, _ = open_array(target, is_deep=True)
        np.testing.assert_array_equal(stylized, np.stack([ramp] * 3, axis=-1))
    with Image.open(jobs[2][1]) as jpeg:
        assert jpeg.mode == "RGB"


@pytest.mark.parametrize("suffix", [".png", ".bmp"])
def test_large_pictures_lie_in_files(stylizer, tmp_path, rng, monkeypatch, suffix):
    pytest.importorskip("pyvips")
    stored = []
    monkeypatch.setattr(
        pipeline, "save_image", lambda image, *_, **__: stored.append(image)
    )
    pixels = rng.integers(0, 256, (40, 30, 4), "uint8")
    source = tmp_path / f"a{suffix}"
    Image.fromarray(pixels[..., : 4 if suffix == ".png" else 3]).save(source)
    options = {"memory_limit": 1000}

    (outcome,) = stylize_files(stylizer, [(source, tmp_path / "b.png")], options)

    assert outcome.size == (30, 40)
    assert isinstance(stored[0], StoredRows if suffix == ".png" else np.ndarray)
    expected = stylizer(open_array(source)[0], **options)
    np.testing.assert_array_equal(stored[0][:], expected)


def test_large_pictures_of_one_size_are_in_no_batch(
    stylizer, tmp_path, rng, monkeypatch
):
    pytest.importorskip("pyvips")
    jobs = []
    for i in range(3):
        pixels = rng.integers(0, 256, (40, 30, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / f"{i}.png")
        jobs.append((tmp_path / f"{i}.png", tmp_path / f"out{i}.png"))
    asked = []
    call = Stylizer.__call__
    monkeypatch.setattr(
        Stylizer, "__call__", lambda self, x, **o: asked.append(x) or call(self, x, **o)
    )

    outcomes = list(stylize_files(stylizer, jobs, {"tile": 8}))

    assert not [outcome.error for outcome in outcomes if outcome.error]
    assert [type(each) for each in asked] == [StoredRows] * 3
