"""How much of the style a picture gets, and whose colours."""

import dataclasses

import numpy as np
from PIL import Image

from fast_style.config.checks import check_numbers
from fast_style.inference.strips.pictures import PictureRows
from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import to_rgb_levels
from fast_style.io.arrays import to_uint8
from fast_style.io.images import load_image
from fast_style.io.resizing import resize_array

# ITU-R BT.601, as JPEG has it: luminance Y of red, green and blue.
_ROWS = 256  # At a time.
_LUMINANCE = np.float32([0.299, 0.587, 0.114])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Adjustment:
    """What is done with stylized images before they are handed out.

    Attributes:
        strength: 0 gives the photo, 1 the stylized image, between them a blend of
            both, pixel by pixel.
        preserve_color: Whether the photo keeps its colours, and only its luminance is
            stylized: Gatys et al., 2016, https://arxiv.org/abs/1606.05897, section 3.
            They match the luminance of the painting to the photo's before; a trained
            style has seen the painting as it is.
        mask: How much of the stylized image a pixel gets, uint8 `(H, W)`: 255 all, 0
            nothing; None: all everywhere.
    """

    strength: float = 1.0
    preserve_color: bool = False
    mask: np.ndarray | None = None

    def __post_init__(self):
        check_numbers(self, {"strength": 0})
        if self.strength > 1:
            raise ValueError(
                "`strength` must be at least 0 and at most 1. "
                f"Received: strength={self.strength!r}"
            )

    def apply(self, images, stylized, rows=slice(None)):
        """Adjusts stylized images.

        Args:
            images: The photos, RGB `(B, H, W, 3)`, float32 in [0, 255].
            stylized: The same, stylized.
            rows: Of the mask, if images are some rows of a picture.

        Returns:
            RGB `(B, H, W, 3)`, float32 in [0, 255].
        """
        if self.preserve_color:
            stylized = _keep_colours(images, stylized)
        if self.strength < 1:
            stylized = images + np.float32(self.strength) * (stylized - images)
        if self.mask is not None:
            share = self.mask[rows][..., None] / np.float32(255)
            stylized = images + share * (stylized - images)
        return stylized


def load_mask(mask, size: tuple[int, int]) -> np.ndarray:
    """Reads the mask of an `Adjustment`.

    Args:
        mask: Path, encoded bytes, open file or `PIL.Image.Image`, of which grey
            counts; or an array `(H, W)` or `(H, W, 3)`, uint8 or float in [0, 255].
        size: Height and width of the picture; a mask of another size is scaled.

    Returns:
        uint8 `(H, W)`.

    Raises:
        ValueError: If it is no picture, or of another shape, type or range.
    """
    if hasattr(mask, "__array__") and not isinstance(mask, Image.Image):
        images = array_to_images(np.asarray(mask))[0]
        if len(images) != 1:
            raise ValueError(
                "`mask` must be one picture, (H, W). "
                f"Received: mask of shape {np.shape(mask)}"
            )
        picture = Image.fromarray(to_uint8(images[0]))
    else:
        picture = Image.fromarray(to_uint8(load_image(mask)))
    return resize_array(np.asarray(picture.convert("L")), size)


def adjust_array(adjustment: Adjustment, array, stylized) -> np.ndarray:
    """Adjusts a stylized array, some rows at a time.

    Args:
        adjustment: What is done.
        array: The picture, as `array_to_images` takes it.
        stylized: What became of it.

    Returns:
        An array as `stylized`, with the transparency of `array`.
    """
    before = PictureRows(array)
    output = before.make_output()
    for begin in range(0, before.height, _ROWS):
        rows = np.arange(begin, min(begin + _ROWS, before.height))
        adjusted = adjustment.apply(
            before.rows(rows), to_rgb_levels(stylized[rows]), rows
        )
        before.write(output, begin, adjusted)
    return output


def _keep_colours(images, stylized):
    # Red, green and blue each differ from Y by what Cb and Cr say, whatever Y is.
    change = (stylized - images) @ _LUMINANCE
    return np.clip(images + change[..., None], 0, 255)
