"""What is said of the differences between an export and the Keras model."""

import dataclasses
import json
import pathlib

from fast_style.io.files import replacing

PARITY_FILE = "parity.json"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parity:
    """How near the pictures of an export are to those of the Keras model.

    Attributes:
        max_difference: The largest, in levels of 0 to 255, over all images.
        most_differ_by: By how much the pixels of a real photo differ, all but the
            worst thousandth of them; of the worst photo.
        mean_difference: The largest of the means over one real photo.
        psnr: The lowest peak signal-to-noise ratio of a real photo, in decibels;
            infinite if all are the same.
        images: Dict from the name of an image and signature to these four.
    """

    max_difference: int
    most_differ_by: int
    mean_difference: float
    psnr: float
    images: dict[str, dict]


def write_report(path: pathlib.Path, report: dict) -> None:
    """Writes a file for other programs.

    Args:
        path: Of the JSON file.
        report: Dict of numbers, texts and such dicts; an infinite number becomes null.
    """
    text = json.dumps(_replace_infinite(report), indent=2, allow_nan=False)
    with replacing(path) as temporary:
        temporary.write_text(f"{text}\n", encoding="utf-8")


def _replace_infinite(value):
    # JSON has no infinity.
    if isinstance(value, dict):
        return {key: _replace_infinite(each) for key, each in value.items()}
    return None if value == float("inf") else value
