"""The registry of metrics: what is measured that no loss was trained on.

To add one, write a file beside this one with a function of the metric's name, as in
`clipping.py`, and add its entry here. Like every registry this imports nothing of the
library.
"""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class MetricSpec:
    """What is to be known of a metric before it is computed.

    Attributes:
        module: File beside this one, whose function of the metric's name computes it.
        inputs: Names of that function's arguments: `photo`, `stylized` and `painting`
            are RGB `(H, W, 3)` in [0, 255], the first two of the same size; `stylize`
            is a function from a photo to its stylized image.
        direction: Which values are better, `higher` or `lower`.
        unit: Of the values; empty for plain numbers.
        formula: In plain text, in one short line. docs/evaluation.md has all of it.
        meaning: What it says, in a few words.
        has_painting_value: Whether reports have the painting's own value too, to
            compare with.
    """

    module: str
    inputs: tuple[str, ...]
    direction: str
    unit: str = ""
    formula: str
    meaning: str
    has_painting_value: bool = False


METRICS = {
    "ssim": MetricSpec(
        module="structure",
        inputs=("photo", "stylized"),
        direction="higher",
        formula="structural similarity of the luminance, Gaussian window of 1.5 pixels",
        meaning="structure kept of the photo, 1 is all",
    ),
    "gradient_similarity": MetricSpec(
        module="structure",
        inputs=("photo", "stylized"),
        direction="higher",
        formula="mean of (2 g h + 170) / (g^2 + h^2 + 170), g and h: Prewitt gradients",
        meaning="outlines kept of the photo, 1 is all",
    ),
    "patch_distance": MetricSpec(
        module="patches",
        inputs=("stylized", "painting"),
        direction="lower",
        unit="grey levels",
        formula="sliced Wasserstein distance of 7x7 patches, mean over 3 resolutions",
        meaning="7x7 patches, distance from the painting's",
    ),
    "grid": MetricSpec(
        module="grid",
        inputs=("stylized",),
        direction="lower",
        formula="largest power at periods 4 and 2 / median power of frequencies nearby",
        meaning="upsampling frequencies against their neighbours",
        has_painting_value=True,
    ),
    "border": MetricSpec(
        module="border",
        inputs=("stylized",),
        direction="lower",
        formula="root mean square step of colour at the border / that of steps inside",
        meaning="step of colour at the border against those inside",
    ),
    "clipping": MetricSpec(
        module="clipping",
        inputs=("stylized",),
        direction="lower",
        unit="share of pixels",
        formula="mean of: a channel is below 1 or above 254",
        meaning="share of saturated pixels",
        has_painting_value=True,
    ),
    "ringing": MetricSpec(
        module="flat_areas",
        inputs=("photo", "stylized"),
        direction="lower",
        formula="root of (mean T^2 near edges / mean T^2 far from them), in flat areas",
        meaning="texture beside edges against far from them",
    ),
    "flat_texture": MetricSpec(
        module="flat_areas",
        inputs=("photo", "stylized", "painting"),
        direction="higher",
        formula="root mean square of T in flat areas / that of the painting's T",
        meaning="texture where the photo is plain, 1 as the painting",
    ),
    "shift_difference": MetricSpec(
        module="shift",
        inputs=("stylize", "photo"),
        direction="lower",
        unit="grey levels",
        formula="mean |stylize(photo) - stylize(photo moved)|, moved by 1 to 8 pixels",
        meaning="change when the photo moves 1-8 px, grey levels",
    ),
}
