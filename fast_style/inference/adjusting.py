"""How much of the style a picture gets, and whose colours."""

import dataclasses

import numpy as np

from fast_style.config.checks import check_numbers

# ITU-R BT.601, as JPEG has it: luminance Y of red, green and blue.
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
    """

    strength: float = 1.0
    preserve_color: bool = False

    def __post_init__(self):
        check_numbers(self, {"strength": 0})
        if self.strength > 1:
            raise ValueError(
                "`strength` must be at least 0 and at most 1. "
                f"Received: strength={self.strength!r}"
            )

    def apply(self, images, stylized):
        """Adjusts stylized images.

        Args:
            images: The photos, RGB `(B, H, W, 3)`, float32 in [0, 255].
            stylized: The same, stylized.

        Returns:
            RGB `(B, H, W, 3)`, float32 in [0, 255].
        """
        if self.preserve_color:
            stylized = _keep_colours(images, stylized)
        if self.strength < 1:
            stylized = images + np.float32(self.strength) * (stylized - images)
        return stylized


def _keep_colours(images, stylized):
    # Red, green and blue each differ from Y by what Cb and Cr say, whatever Y is.
    change = (stylized - images) @ _LUMINANCE
    return np.clip(images + change[..., None], 0, 255)
