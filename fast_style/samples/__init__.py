"""Pictures for demonstrations and tests: drawn by our own code, or real photos.

The drawn ones are stored beside this file; `python -m fast_style.samples` draws them
again. In `fast_style/photos` are four of scikit-image's, 384 pixels wide, which are in
the public domain: an astronaut (NASA), a cat (Stefan van der Walt), a cup of coffee
(Rachel Michetti) and a rocket (SpaceX). The others come with scikit-image.
"""

import importlib.util
import pathlib

import numpy as np
from PIL import Image
from PIL import ImageDraw

FOLDER = pathlib.Path(__file__).parent
STYLE_IMAGE = FOLDER / "strokes.jpg"
CONTENT_IMAGE = FOLDER / "landscape.jpg"
PHOTOS = FOLDER.parent / "photos"  # Not in it: trainings on it would change.

# Deep blues for most strokes, then teal and ochre, and a few bright ones.
_PALETTE = np.array(
    [
        (24, 38, 92), (34, 58, 128), (52, 92, 160), (70, 130, 150),
        (196, 150, 62), (232, 190, 90), (214, 92, 52), (246, 234, 200),
    ]
)  # fmt: skip
_SHARES = (0.22, 0.22, 0.18, 0.12, 0.10, 0.08, 0.05, 0.03)


def find_sample_photos() -> pathlib.Path:
    """Returns the folder of the real pictures that are bundled with scikit-image.

    Raises:
        ImportError: If scikit-image is not installed.
    """
    found = importlib.util.find_spec("skimage")
    if found is None:
        raise ImportError(
            "The sample photos are those of scikit-image, which is not installed. "
            'Install it with: pip install "fast_style[demo]"'
        )
    return pathlib.Path(found.origin).parent / "data"


def draw_strokes(*, size: int = 512, num_strokes: int = 5_000, seed: int = 0):
    """Draws a style image: thick strokes that follow a swirling field.

    Args:
        size: Side of the picture in pixels.
        num_strokes: The more strokes, the less of the dark ground is visible.
        seed: Seed of positions and colours.

    Returns:
        A `PIL.Image.Image`, RGB.
    """
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (2 * size, 2 * size), tuple(map(int, _PALETTE[0])))
    draw = ImageDraw.Draw(image)
    for x, y in rng.uniform(0, 2 * size, (num_strokes, 2)):
        zone = np.sin(x / size * 3.1 + 1) + np.sin(y / size * 2.3)
        shares = np.roll(_SHARES, 4) if zone > 1.1 else _SHARES
        colour = rng.choice(_PALETTE, p=shares) + rng.normal(0, 12, 3)
        points = _follow_field(x, y, size, steps=int(rng.integers(5, 12)))
        width = int(rng.integers(size // 64, size // 32))
        fill = tuple(int(v) for v in np.clip(colour, 0, 255))
        draw.line(points, fill=fill, width=width, joint="curve")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _follow_field(x, y, size, steps):
    points = [(x, y)]
    for _ in range(steps):
        u, v = x / size, y / size
        angle = 2.2 * np.sin(2.3 * u + 1.7 * v) + 2.6 * np.cos(3.1 * v - 1.3 * u)
        x, y = x + np.cos(angle) * size / 50, y + np.sin(angle) * size / 50
        points.append((x, y))
    return points


def draw_landscape(*, width: int = 384, height: int = 288, seed: int = 0):
    """Draws a content image: sky, sun, hills and a grainy field.

    Args:
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed of the grain.

    Returns:
        A `PIL.Image.Image`, RGB.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / height
    image = np.stack([140 + 90 * y, 175 + 40 * y, 235 - 30 * y], axis=-1)
    image[np.hypot(x - 1.0, y - 0.2) < 0.08] = (255, 240, 190)
    hills = (
        (0.45, 0.10, 2.1, (110, 125, 140)),
        (0.58, 0.08, 3.7, (80, 110, 80)),
        (0.75, 0.05, 5.3, (120, 130, 60)),
    )
    for base, swing, frequency, colour in hills:
        ridge = base + swing * np.sin(frequency * x + base * 20)
        image[y > ridge] = colour
    image += rng.normal(0, 8, image.shape) * (0.3 + y[..., None])
    return Image.fromarray(np.clip(image, 0, 255).astype("uint8"))
