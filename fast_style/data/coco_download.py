"""Downloads some of the photos of COCO, by the URLs in its annotations."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import functools
import http.client
import io
import itertools
import os
import pathlib
import random
import threading
import urllib.request

from PIL import Image

from fast_style.data.coco import load_entries
from fast_style.data.coco import read_size
from fast_style.io.files import expand_home
from fast_style.io.files import replacing
from fast_style.io.images import open_image
from fast_style.io.images import read_image_size
from fast_style.io.progress import ProgressBar

_TIMEOUT_SECONDS = 30
_NUM_AT_ONCE = 512
_LONGEST_WAIT_SECONDS = 60.0
# After so many in a row it is not single photos that are missing.
_MAX_FAILURES_IN_A_ROW = 20
# Worth another try: time-outs, too many requests, a server in trouble.
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)


@dataclasses.dataclass
class Download:
    """The result of `download_coco`.

    Attributes:
        num_there: Number of photos that were in the folder already.
        num_fetched: Number of photos that were downloaded now.
        failures: Dict from the URL of a photo that could not be downloaded to the
            reason.
    """

    num_there: int = 0
    num_fetched: int = 0
    failures: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def num_photos(self) -> int:
        """Number of photos in the folder now."""
        return self.num_there + self.num_fetched

    def add(self, url: str, outcome: bool | str) -> None:
        """Counts a photo: downloaded (True), already there (False), or failed (why)."""
        if isinstance(outcome, str):
            self.failures[url] = outcome
        elif outcome:
            self.num_fetched += 1
        else:
            self.num_there += 1

    def report(self) -> str:
        """Returns the result as text for the user."""
        lines = [
            f"{self.num_photos} photos in the folder: {self.num_fetched} downloaded "
            f"now, {self.num_there} already there."
        ]
        if self.failures:
            lines.append(f"{len(self.failures)} could not be downloaded:")
        kinds = collections.Counter(self.failures.values())
        lines += [f"  {count} x {reason}" for reason, count in kinds.most_common(5)]
        return "\n".join(lines)


def download_coco(
    annotations: str | os.PathLike,
    output: str | os.PathLike,
    *,
    num_images: int = 4_000,
    categories: tuple[str, ...] = (),
    min_image_size: int = 1,
    seed: int = 0,
    num_connections: int = 16,
    num_attempts: int = 5,
    wait_seconds: float = 1.0,
) -> Download:
    """Downloads some of COCO's photos, by the URLs in its annotations.

    Each photo is decoded, and its size compared with that in the annotations, if they
    have it, before the file gets its final name. Called again, this downloads what is
    missing. A photo that cannot be downloaded is replaced by another.

    Args:
        annotations: COCO `instances_*.json`.
        output: Folder for the photos.
        num_images: Number of photos to have in the end.
        categories: As in `load_entries`.
        min_image_size: Smallest shorter side, in pixels, of photos whose size is in
            the annotations.
        seed: Seed of the choice.
        num_connections: Number of photos that are downloaded at the same time.
        num_attempts: Attempts per photo, with a pause that doubles each time.
        wait_seconds: The first pause.

    Returns:
        How many photos there are, and which could not be downloaded.

    Raises:
        ValueError: If `annotations` is not an annotation file, or has no URLs.
        OSError: If a file cannot be written, or 20 photos in a row could not
            be downloaded. Those downloaded before are kept.
    """
    _check_counts(num_images, num_connections, num_attempts)
    entries = [
        entry
        for entry in load_entries(annotations, categories)
        if min(read_size(entry) or (min_image_size,)) >= min_image_size
    ]
    for entry in entries:
        _check_entry(entry, annotations)
    random.Random(seed).shuffle(entries)
    output = pathlib.Path(expand_home(output))
    output.mkdir(parents=True, exist_ok=True)
    fetch = {
        "num_connections": num_connections,
        "num_attempts": num_attempts,
        "wait_seconds": wait_seconds,
    }
    return _fetch_all(entries, output, num_images, fetch)


def _check_counts(num_images, num_connections, num_attempts):
    for name, count in (
        ("num_images", num_images),
        ("num_connections", num_connections),
        ("num_attempts", num_attempts),
    ):
        if count < 1:
            raise ValueError(f"`{name}` must be at least 1. Received: {name}={count}")


def _check_entry(entry, annotations):
    name, url = entry["file_name"], str(entry.get("coco_url", ""))
    if urllib.parse.urlsplit(url).scheme not in (
        "http",
        "https",
    ):
        raise ValueError(
            "`annotations` must have a `coco_url` for each photo. Received: "
            f"{os.fspath(annotations)!r}, with coco_url={url!r} for {name!r}"
        )
    if pathlib.PurePath(name).name != name:
        raise ValueError(
            "`annotations` must name files, not paths. Received: "
            f"{os.fspath(annotations)!r}, with file_name={name!r}"
        )


def _fetch_all(entries, output, num_images, fetch):
    download = Download()
    rest = iter(entries)
    num_failures = 0
    progress = ProgressBar("Downloading photos", min(num_images, len(entries)))
    with progress, _Fetcher(output, **fetch) as fetcher:
        while some := list(
            itertools.islice(rest, min(num_images - download.num_photos, _NUM_AT_ONCE))
        ):
            for entry, outcome in zip(some, fetcher.map(some), strict=True):
                download.add(entry["coco_url"], outcome)
                progress.update(download.num_photos)
                num_failures = num_failures + 1 if isinstance(outcome, str) else 0
                if num_failures == _MAX_FAILURES_IN_A_ROW:
                    raise OSError(
                        f"{num_failures} photos in a row could not be downloaded, the "
                        f"last because {outcome}. {download.num_photos} are in the "
                        "folder. When the server can be reached again, the same "
                        "command downloads the rest."
                    )
    return download


class _Fetcher:
    """A context in which photos are downloaded, several at a time."""

    def __init__(self, output, *, num_connections, num_attempts, wait_seconds):
        self.output = output
        self.num_attempts = num_attempts
        self.wait_seconds = wait_seconds
        self.is_left = threading.Event()
        self.pool = concurrent.futures.ThreadPoolExecutor(num_connections)
        self.map = functools.partial(self.pool.map, self.fetch)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_left.set()  # Ends all pauses before another attempt.
        self.pool.shutdown(cancel_futures=True)

    def fetch(self, entry):
        """Returns True if downloaded, False if there already, or why it failed."""
        path, size = self.output / entry["file_name"], read_size(entry)
        if path.is_file():
            with contextlib.suppress(ValueError):
                if read_image_size(path) == size or size is None:
                    return False
        data = self._try_url(entry["coco_url"], size)
        if isinstance(data, str):
            return data
        with replacing(path) as temporary:
            temporary.write_bytes(data)
        return True

    def _try_url(self, url, size):
        reason = ""
        for attempt in range(self.num_attempts):
            wait = self.wait_seconds * 2 ** (attempt - 1) if attempt else 0.0
            try:
                # At random, so that not all try at the same moment.
                if self.is_left.wait(wait * random.uniform(0.5, 1.0)):
                    break
                return _read_photo(url, size)
            except urllib.error.HTTPError as error:
                reason = f"the server answered {error.code} {error.reason}"
                if error.code not in _TRANSIENT:
                    return reason
                self.is_left.wait(_read_wait(error))
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = f"{type(error).__name__}: {error}"
        return f"{reason} ({self.num_attempts} times)"


def _read_photo(url, size):
    request = urllib.request.Request(url, headers={"User-Agent": "fast_style"})
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
        data = response.read()
    open_image(data)  # Decodes all of it, to detect a file that is cut short.
    with Image.open(io.BytesIO(data)) as image:
        if size is not None and image.size != size:
            raise ValueError(f"its size is {image.size}, it should be {size}")
    return data


def _read_wait(error):
    text = error.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT_SECONDS) if text.isdigit() else 0.0
