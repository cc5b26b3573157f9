"""Where the stylized pictures go."""

import os
import pathlib
import sys

from fast_style.io.saving import check_image_suffix


def plan_outputs(
    inputs: list[str], text: str, *, is_recursive: bool = True
) -> list[tuple]:
    """Returns which file becomes which.

    Args:
        inputs: Pictures, or folders of them.
        text: `--output`.
        is_recursive: Whether folders in a folder count.

    Returns:
        Pairs of paths.

    Raises:
        ValueError: If two results would have one name, or an original would be lost.
    """
    output = pathlib.Path(text)
    is_picture = _names_picture(text)
    if len(inputs) == 1 and not os.path.isdir(inputs[0]):
        target = output if is_picture else output / pathlib.Path(inputs[0]).name
        jobs = [(inputs[0], target)]
    elif is_picture:
        raise ValueError(
            "`--output` must be a folder for several pictures. "
            f"Received: --output={text!r}"
        )
    else:
        jobs = [
            job for each in inputs for job in _plan_input(each, output, is_recursive)
        ]
    _check_targets(jobs)
    return jobs


def _names_picture(text):
    suffix = pathlib.Path(text).suffix
    is_folder = text.endswith(("/", os.sep)) or os.path.isdir(text)
    if is_folder or not suffix[1:].isalpha():  # Folders may be called `v1.2`.
        return False
    try:
        check_image_suffix(text, name="--output")
    except ValueError as error:
        hint = "A folder of this name wants a `/` at its end"
        raise ValueError(f"{error}. {hint}.") from None
    return True


def _check_targets(jobs):
    sources = {os.path.realpath(source) for source, _ in jobs}
    targets = {}
    for source, target in jobs:
        if os.path.realpath(target) in sources:
            raise ValueError(
                f"The result of {source} would replace an original, {target}. Choose "
                "another `--output`."
            )
        if target in targets:
            raise ValueError(
                f"{targets[target]} and {source} would both become {target}. Give "
                "one folder that holds both, which keeps its subfolders."
            )
        targets[target] = source


def _plan_input(source, output, is_recursive):
    from fast_style.data.photos import list_images

    if not os.path.isdir(source):
        return [(source, output / pathlib.Path(source).name)]
    paths, num_others = list_images(source, is_recursive=is_recursive)
    if num_others:
        print(
            f"fast-style stylize: {num_others} files in {source} do not end as "
            "pictures do, and are passed over.",
            file=sys.stderr,
        )
    outer, inner = (os.path.join(os.path.realpath(p), "") for p in (source, output))
    if inner.startswith(outer) and inner != outer:
        # Below `--output` lie results of an earlier run, not photos.
        paths = [path for path in paths if not os.path.realpath(path).startswith(inner)]
    if not paths:
        raise ValueError(f"The folder {source!r} holds no pictures.")
    return [(path, output / os.path.relpath(path, source)) for path in paths]
