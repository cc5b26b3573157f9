"""Textures that are drawn: strokes, dots, waves, tiles, in colours of their own.

A network that is to know any painting learns from them that colours and shapes of
textures have nothing to do with each other.
"""

import colorsys

import numpy as np
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFilter

_OVERSAMPLING = 2  # For smooth edges.


def draw_texture(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draws a texture.

    Args:
        rng: Chooses kind, scale, direction and colours.
        size: Side in pixels.

    Returns:
        RGB `(size, size, 3)`, uint8.
    """
    palette = _choose_palette(rng)
    draw = rng.choice(_KINDS)
    picture = draw(rng, _OVERSAMPLING * size, palette)
    return np.asarray(picture.resize((size, size), Image.Resampling.BOX))


def _choose_palette(rng):
    """Returns 3 to 6 colours, of hues that lie near each other or opposite."""
    hue, count = rng.random(), rng.integers(3, 7)
    colours = []
    for _ in range(count):
        own = hue + rng.normal(0, 0.06) + rng.choice([0.0, 0.5], p=[0.7, 0.3])
        saturation, value = rng.beta(2, 2), rng.beta(1.5, 1.2)
        colours.append(colorsys.hsv_to_rgb(own % 1, saturation, value))
    return [tuple(int(255 * c) for c in colour) for colour in colours]


def _start(rng, size, palette):
    image = Image.new("RGB", (size, size), palette[0])
    return image, ImageDraw.Draw(image)


def _pick(rng, palette):
    colour = np.array(palette[rng.integers(len(palette))]) + rng.normal(0, 10, 3)
    return tuple(int(c) for c in np.clip(colour, 0, 255))


def _draw_strokes(rng, size, palette):
    """Strokes along a field that turns slowly."""
    image, draw = _start(rng, size, palette)
    length, width = size * rng.uniform(0.03, 0.15), size * rng.uniform(0.004, 0.03)
    turns, phase = rng.uniform(0, 3, 2), rng.uniform(0, 6.3)
    for x, y in rng.uniform(0, size, (int(2 * size**2 / (length * width)), 2)):
        angle = (
            phase + turns[0] * np.sin(3 * x / size) + turns[1] * np.cos(3 * y / size)
        )
        step = length / 2 * np.array([np.cos(angle), np.sin(angle)])
        ends = (x - step[0], y - step[1], x + step[0], y + step[1])
        draw.line(ends, fill=_pick(rng, palette), width=max(int(width), 1))
    return image


def _draw_dots(rng, size, palette):
    """Dots, as of a pointillist."""
    image, draw = _start(rng, size, palette)
    radius = size * rng.uniform(0.005, 0.04)
    for x, y in rng.uniform(0, size, (int(size**2 / (2 * radius**2)), 2)):
        r = radius * rng.uniform(0.6, 1.4)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_pick(rng, palette))
    return image


def _draw_waves(rng, size, palette):
    """Stripes, bent by waves."""
    y, x = np.mgrid[0:size, 0:size] / size
    angle = rng.uniform(0, np.pi)
    along, across = (
        x * np.cos(angle) + y * np.sin(angle),
        y * np.cos(angle) - x * np.sin(angle),
    )
    bend = rng.uniform(0, 0.15) * np.sin(rng.uniform(3, 25) * along + rng.uniform(0, 6))
    stripes = np.floor((across + bend + 2) * rng.uniform(6, 50)).astype(int)
    order = rng.integers(0, len(palette), 1000)
    return Image.fromarray(np.uint8(palette)[order[stripes % 1000]])


def _draw_tiles(rng, size, palette):
    """The cells that are nearest to random points."""
    count = rng.integers(30, 400)
    points = rng.uniform(0, size, (count, 2))
    places = np.arange(192, dtype="float32")[:, None] * (size / 192)
    rows, columns = np.square(places - points.T[:, None]).astype("float32")
    cells = (rows[:, None] + columns[None]).argmin(axis=-1)
    colours = np.array([_pick(rng, palette) for _ in range(count)], "uint8")
    picture = Image.fromarray(colours[cells]).resize(
        (size, size), Image.Resampling.NEAREST
    )
    return picture.filter(ImageFilter.ModeFilter(5))


def _draw_clouds(rng, size, palette):
    """Soft spots of several sizes, cut to the colours."""
    field = np.zeros((size, size))
    for _ in range(4):
        side = int(rng.integers(3, 60))
        noise = Image.fromarray(rng.normal(size=(side, side)).astype("float32"))
        resized = noise.resize((size, size), Image.Resampling.BICUBIC)
        field += np.asarray(resized) / np.sqrt(side)
    ranks = np.digitize(
        field, np.quantile(field, np.linspace(0, 1, len(palette) + 1)[1:-1])
    )
    picture = Image.fromarray(np.uint8(palette)[ranks])
    return picture.filter(ImageFilter.GaussianBlur(size * rng.uniform(0, 0.01)))


_KINDS = (_draw_strokes, _draw_dots, _draw_waves, _draw_tiles, _draw_clouds)
