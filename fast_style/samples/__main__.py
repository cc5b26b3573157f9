"""Draws the sample pictures again: `python -m fast_style.samples`."""

from fast_style import samples

samples.draw_strokes().save(samples.STYLE_IMAGE, quality=92)
samples.draw_landscape().save(samples.CONTENT_IMAGE, quality=92)
