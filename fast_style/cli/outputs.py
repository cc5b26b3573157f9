"""Where the stylized pictures go."""

import os
import pathlib
import sys

from fast_style.cli.streams import STANDARD
from fast_style.io.picture_formats import IMAGE_SUFFIXES
from fast_style.io.picture_formats import WRITTEN_FORMATS
from fast_style.io.saving import check_image_suffix


def plan_outputs(
    inputs: list[str],
    text: str,
    *,
    is_recursive: bool = True,
    suffix: str | None = None,
) -> list[tuple]:
    """Returns which file becomes which.

    Args:
        inputs: Pictures, or folders of them; `-` is standard input.
        text: `--output`; `-` is standard output, for one picture.
        is_recursive: Whether folders in a folder count.
        suffix: Suffix of the results, such as `".webp"`; None: that of their pictures.

    Returns:
        Pairs of paths.

    Raises:
        ValueError: If two results would have one name, or an original would be lost.
    """
    if text == STANDARD:
        return [(_check_one_picture(inputs, suffix), text)]
    output = pathlib.Path(text)
    is_picture = _names_picture(text)
    if is_picture and suffix:
        _check_agrees(text, suffix)
    if len(inputs) == 1 and not os.path.isdir(inputs[0]):
        target = output if is_picture else output / _name_result(inputs[0], suffix)
        jobs = [(inputs[0], target)]
    elif is_picture:
        raise ValueError(
            "`--output` must be a folder for several pictures. "
            f"Received: --output={text!r}"
        )
    else:
        jobs = [
            job
            for each in inputs
            for job in _plan_input(each, output, is_recursive, suffix)
        ]
    _check_targets(jobs, suffix)
    return jobs


def _check_one_picture(inputs, suffix):
    if len(inputs) > 1 or os.path.isdir(inputs[0]):
        raise ValueError(
            "`--output=-`, standard output, is for one picture. "
            f"Received: {', '.join(inputs)}"
        )
    if name_target_suffix(inputs[0], suffix) not in WRITTEN_FORMATS:
        raise ValueError(
            "`--format` must say what is written to standard output, such as "
            f"--format=png. Received: {inputs[0]}, whose name does not say it."
        )
    return inputs[0]


def name_target_suffix(source: str, suffix: str | None) -> str:
    """Returns the suffix of a result that has no name, as it is standard output.

    Args:
        source: Path of the picture.
        suffix: As for `plan_outputs`.
    """
    return suffix or pathlib.Path(source).suffix.lower()


def _name_result(name, suffix):
    if name == STANDARD:
        raise ValueError(
            "`--output` must be a picture, or `-`, for one from standard input. "
            "Received: a folder, in which it has no name"
        )
    name = pathlib.Path(name)
    if not suffix:
        return name.name
    # `2024.05.17` and `photo.old` have no suffix of a picture.
    is_one = name.suffix.lower() in IMAGE_SUFFIXES
    return name.with_suffix(suffix).name if is_one else f"{name.name}{suffix}"


def _check_agrees(text, suffix):
    if check_image_suffix(text, name="--output") != WRITTEN_FORMATS[suffix]:
        raise ValueError(
            "`--format` must be that of `--output`, or one of both be left out. "
            f"Received: --format={suffix[1:]}, --output={text!r}"
        )


def _names_picture(text):
    suffix = pathlib.Path(text).suffix
    is_folder = text.endswith(("/", os.sep)) or os.path.isdir(text)
    # Folders may be called `v1.2`; .jp2 and .mp4 are suffixes.
    if is_folder or not any(letter.isalpha() for letter in suffix):
        return False
    try:
        check_image_suffix(text, name="--output")
    except ValueError as error:
        hint = "A folder of this name wants a `/` at its end"
        raise ValueError(f"{error}. {hint}.") from None
    return True


def _check_targets(jobs, suffix):
    sources = {os.path.realpath(source) for source, _ in jobs}
    targets = {}
    for source, target in jobs:
        if os.path.realpath(target) in sources:
            raise ValueError(
                f"The result of {source} would replace an original, {target}. Choose "
                "another `--output`."
            )
        if target in targets:
            remedy = "Give one folder that holds both, which keeps its subfolders"
            if suffix and os.path.dirname(targets[target]) == os.path.dirname(source):
                remedy = "Rename one of them, or leave `--format` out"
            raise ValueError(
                f"{targets[target]} and {source} would both become {target}. {remedy}."
            )
        targets[target] = source


def _plan_input(source, output, is_recursive, suffix):
    from fast_style.data.photos import list_images
    from fast_style.data.photos import name_some

    if not os.path.isdir(source):
        return [(source, output / _name_result(source, suffix))]
    paths, others = list_images(source, is_recursive=is_recursive)
    if others:
        print(
            f"fast-style stylize: {len(others)} files in {source} are no pictures, and "
            f"are passed over: {name_some(others, source)}.",
            file=sys.stderr,
        )
    outer, inner = (os.path.join(os.path.realpath(p), "") for p in (source, output))
    if inner.startswith(outer) and inner != outer:
        # Below `--output` lie results of an earlier run, not photos.
        paths = [path for path in paths if not os.path.realpath(path).startswith(inner)]
    if not paths:
        raise ValueError(f"The folder {source!r} holds no pictures.")
    return [(path, output / _name_inside(path, source, suffix)) for path in paths]


def _name_inside(path, folder, suffix):
    inside = pathlib.Path(os.path.relpath(path, folder))
    return inside.with_name(_name_result(inside, suffix))
