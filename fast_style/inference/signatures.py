"""What an exported file says that it takes, and whether it is one of ours."""

import os


def check_inputs(inputs: dict[str, str], path: str | os.PathLike) -> str:
    """Checks that a model has the inputs of our exports.

    Args:
        inputs: Dict from name to dtype.
        path: For the message.

    Returns:
        The dtype of its pixels, `"uint8"` or `"float32"`.

    Raises:
        ValueError: If it has others.
    """
    if "strength" in inputs:
        raise ValueError(
            f"{os.fspath(path)!r} is an export of several styles, or of any, which is "
            f"called by its own engine, with {', '.join(inputs)}: see "
            "docs/exporting.md. Here, name the `.keras` file, or an export of one "
            "style (`name`)."
        )
    if inputs not in ({"image": "uint8"}, {"image": "float32"}):
        raise make_error(path, f"its inputs are {inputs}")
    return inputs["image"]


def make_error(path: str | os.PathLike, reason: str) -> ValueError:
    """Makes the error that says why a file is no export of ours."""
    return ValueError(
        "Expected a file that fast_style exported, with one input, `image`, "
        f"(B, H, W, 3). Received: {os.fspath(path)!r} ({reason})."
    )


def make_size_check(shape: tuple, path: str | os.PathLike):
    """Makes what checks images before an export gets them.

    Args:
        shape: Of its input: `(B, H, W, 3)`; what is no positive number may be any.
        path: For the message.

    Returns:
        A function of an array of images, which raises a ValueError if the export was
        made for another size.
    """
    fixed = tuple(n if isinstance(n, int) and n > 0 else None for n in shape)

    def check(images):
        pairs = zip(fixed, images.shape, strict=True)
        if any(expected not in (None, received) for expected, received in pairs):
            height, width = images.shape[1:3]
            raise ValueError(
                f"The style {os.fspath(path)!r} was exported for one picture of "
                f"{fixed[1]}x{fixed[2]} pixels (height x width). Received: "
                f"{len(images)} of {height}x{width}. Resize the picture, or export "
                "the style without a size."
            )

    return check
