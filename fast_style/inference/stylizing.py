"""A picture in, the stylized picture out, in one call."""

import functools
import os

from fast_style.inference.stylizer import load_style
from fast_style.io.opening import MAX_PIXELS
from fast_style.models.catalog import find_style


def stylize(
    image,
    style="starry_night",
    *,
    name: str | None = None,
    style_image=None,
    styles: dict | None = None,
    strength: float = 1.0,
    preserve_color: bool = False,
    mask=None,
    scale: float = 1.0,
    max_size: int | None = None,
    tile: str | int | None = "auto",
    memory_limit: str | int = "auto",
    statistics: str = "exact",
    max_pixels: int = MAX_PIXELS,
    shows_progress: bool = False,
):
    """Repaints a picture in a style.

    Args:
        image: Path, encoded bytes, open file or `PIL.Image.Image`, in any colour
            mode, turned upright as its EXIF says; or an array `(H, W)`,
            `(H, W, C)` or `(B, H, W, C)` with C of 1 (grey), 3 (RGB) or 4
            (RGBA), in [0, 255], uint8 or float, or uint16 in [0, 65535].
        style: As in `load_style`, which is the better choice for many
            pictures.
        name: Of one style, for a file that has several.
        style_image: The picture to paint like, for a style that paints like any. A path
            or bytes are looked at once, and known for further pictures.
        styles: Dict from names to weights, for a mixture of them; from paths where any
            picture is a style. A weight is a number, or a grey picture of where to use
            that style, scaled to the picture.
        strength: From 0, the picture as it is, to 1, the stylized one; between them
            both are blended. For a style that was trained with a `min_style_weight`
            it is that at 0.4, above it what trainings with weights between would give,
            and below it a blend.
        preserve_color: Whether the picture keeps its colours, and only light and
            dark are stylized.
        mask: Where it is stylized: white all, black nothing, grey a blend. A path,
            bytes, PIL picture or array `(H, W)` in [0, 255], scaled to the picture.
        scale: Of the strokes, 1/16 to 16: 2 makes them twice as large, and the picture
            softer; it is stylized at half the size, and enlarged.
        max_size: Pixels of the longer side; a larger picture is reduced first.
        tile: `"auto"`: a picture that needs more memory than `memory_limit` is
            stylized in strips of rows, which takes longer and gives the same picture;
            None: never; a number: always in strips of so many rows.
        memory_limit: Bytes, or `"auto"`: 70 % of those that are free.
        statistics: Of strips: `"exact"`, or `"thumbnail"`: from a reduced copy, in
            fewer passes; it gives another picture, some levels off.
        max_pixels: A file that declares more is refused before it is decoded.
        shows_progress: Whether strips have a progress bar.

    Returns:
        For a path, bytes or PIL picture a `PIL.Image.Image`; for an array one
        of the same dtype and range. Height and width are exactly those of
        `image`, grey becomes RGB, transparency is kept.

    Raises:
        FileNotFoundError: If there is no such picture or style.
        MemoryError: If an export, which has no strips, needs more than `memory_limit`.
        TypeError: If `image` is of another type, such as a list.
        ValueError: If `image` is damaged, or an array of another shape, type
            or range; if `style` is none; if `strength` is not in [0, 1].
    """
    return _to_stylizer(style)(
        image, name=name, style_image=style_image, styles=styles, strength=strength,
        preserve_color=preserve_color, mask=mask, scale=scale, max_size=max_size,
        tile=tile, memory_limit=memory_limit, statistics=statistics,
        max_pixels=max_pixels, shows_progress=shows_progress,
    )  # fmt: skip


def _to_stylizer(style):
    if not isinstance(style, str | os.PathLike):
        return load_style(style)
    path = find_style(style)
    return _load_once(os.path.abspath(path), path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _load_once(path, modified):
    del modified  # A newer file is another style.
    return load_style(path)
