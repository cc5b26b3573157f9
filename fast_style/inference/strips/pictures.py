"""The pixels of a picture, some rows at a time."""

import numpy as np

from fast_style.io.arrays import check_array
from fast_style.io.arrays import images_to_array
from fast_style.io.arrays import to_rgb_levels
from fast_style.io.stored_rows import StoredRows

_STRIP_ROWS = 256


class PictureRows:
    """Rows of a picture as the library has them; the picture stays as it is.

    Args:
        array: `(H, W)` or `(H, W, C)`, as `array_to_images` takes it, or `StoredRows`.

    Raises:
        ValueError: If it has another shape, type or range.
    """

    def __init__(self, array: np.ndarray):
        check_array(array)
        self._array = array[..., None] if array.ndim == 2 else array
        self._is_stored = isinstance(array, StoredRows)
        self.height, self.width, channels = self._array.shape
        self._hidden_colour = self._find_hidden_colour() if channels == 4 else None

    def rows(self, indices) -> np.ndarray:
        """Returns RGB `(len(indices), W, 3)`, float32 in [0, 255]."""
        pixels = self._array[indices]
        rows = to_rgb_levels(pixels)
        if self._hidden_colour is not None:
            rows[pixels[..., 3] == 0] = self._hidden_colour
        return rows

    def make_output(self) -> np.ndarray | StoredRows:
        """Returns room for the stylized picture, of the kind of the picture."""
        channels = 3 if self._hidden_colour is None else 4
        shape = (self.height, self.width, channels)
        if self._is_stored:
            return StoredRows(shape, self._array.dtype, is_named=True)
        return np.empty(shape, self._array.dtype)

    def write(self, output, begin, stylized) -> None:
        """Writes the next stylized rows, with the transparency that they had."""
        before = self._array[begin : begin + len(stylized)]
        alpha = before[None, ..., 3:] if before.shape[-1] == 4 else None
        rows = images_to_array(stylized[None], alpha, like=before)
        if self._is_stored:
            output.append(rows)
        else:
            output[begin : begin + len(rows)] = rows

    def _find_hidden_colour(self):
        """Returns the mean of what is visible, as `array_to_images` does."""
        total, count = np.zeros(3), 0
        for begin in range(0, self.height, _STRIP_ROWS):
            pixels = self._array[begin : begin + _STRIP_ROWS]
            visible = to_rgb_levels(pixels)[pixels[..., 3] > 0]
            total += visible.sum(axis=0, dtype="float64")
            count += len(visible)
        return np.float32(total / max(count, 1))
