"""Some of the photos of COCO, downloaded by the URLs in its annotations."""

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
from fast_style.io.files import replacing
from fast_style.io.images import open_image
from fast_style.io.images import read_image_size
from fast_style.io.progress import ProgressBar

_TIMEOUT_SECONDS = 30
_NUM_AT_ONCE = 512
_LONGEST_WAIT_SECONDS = 60.0
# So many in a row, and it is not the photos that are missing.
_MAX_FAILURES_IN_A_ROW = 20
# What another try may mend: time-outs, too many requests, a server in trouble.
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)


@dataclasses.dataclass
class Download:
    """What came of `download_coco`.

    Attributes:
        num_there: Photos that had been there before.
        num_fetched: Photos that have been fetched now.
        failures: Dict from URL to the reason, of those that could not be.
    """

    num_there: int = 0
    num_fetched: int = 0
    failures: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def num_photos(self) -> int:
        """How many photos there are now."""
        return self.num_there + self.num_fetched

    def add(self, url: str, outcome: bool | str) -> None:
        """Notes that a photo was fetched, was there (False), or why it failed."""
        if isinstance(outcome, str):
            self.failures[url] = outcome
        elif outcome:
            self.num_fetched += 1
        else:
            self.num_there += 1

    def report(self) -> str:
        """Returns what came of it, for people."""
        lines = [
            f"{self.num_photos} photos are there: {self.num_fetched} fetched now, "
            f"{self.num_there} had been there."
        ]
        if self.failures:
            lines.append(f"{len(self.failures)} could not be had:")
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
    """Fetches some of COCO's photos, by the URLs in its annotations.

    Each is decoded and its size compared before it gets its name. Called again, it
    fetches what is missing. In place of a photo that cannot be had, another is
    fetched.

    Args:
        annotations: COCO `instances_*.json`.
        output: Folder for the photos.
        num_images: How many.
        categories: As in `load_entries`.
        min_image_size: Smallest shorter side, in pixels.
        seed: Of the choice.
        num_connections: Photos at once.
        num_attempts: Tries per photo, with a pause that doubles each time.
        wait_seconds: The first pause.

    Raises:
        ValueError: If the annotations are none, or have no URLs.
        OSError: If a file cannot be written, or 20 photos in a row could not
            be fetched. What has come stays.
    """
    entries = [
        entry
        for entry in load_entries(annotations, categories)
        if min(entry["width"], entry["height"]) >= min_image_size
    ]
    for entry in entries:
        _check_entry(entry, annotations)
    random.Random(seed).shuffle(entries)
    output = pathlib.Path(output)
    output.mkdir(parents=True, exist_ok=True)
    fetch = {
        "num_connections": num_connections,
        "num_attempts": num_attempts,
        "wait_seconds": wait_seconds,
    }
    return _fetch_all(entries, output, num_images, fetch)


def _check_entry(entry, annotations):
    name, url = entry["file_name"], entry.get("coco_url", "")
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
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
    progress = ProgressBar("Fetching photos", min(num_images, len(entries)))
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
                        f"{num_failures} photos in a row could not be fetched, the "
                        f"last because {outcome}. {download.num_photos} are there. "
                        "When the server can be reached again, the same command "
                        "fetches the rest."
                    )
    return download


class _Fetcher:
    """Fetches photos, several at once, until it is left."""

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
        self.is_left.set()  # Nobody is to wait for the next try of a photo.
        self.pool.shutdown(cancel_futures=True)

    def fetch(self, entry):
        """Returns True if it was fetched, False if it was there, or why it failed."""
        path, size = self.output / entry["file_name"], (entry["width"], entry["height"])
        if path.is_file():
            with contextlib.suppress(ValueError):
                if read_image_size(path) == size:
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
                # Not all at the same moment.
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
    open_image(data)  # All of it, so that none is cut short.
    with Image.open(io.BytesIO(data)) as image:
        if image.size != size:
            raise ValueError(f"its size is {image.size}, it should be {size}")
    return data


def _read_wait(error):
    text = error.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT_SECONDS) if text.isdigit() else 0.0
