"""Kernels rearranged, so that an engine gets the same picture with less work.

Exact but for rounding: pairs of layers become one, or work at half the resolution.
"""

import numpy as np


def fold_into_phases(kernel: np.ndarray) -> np.ndarray:
    """Rearranges a convolution, so that it works at half the resolution.

    The four pixels of each 2x2 square become channels, of one convolution with a
    stride of 2. Behind it, they are put in their places (depth to space). With few
    filters, such as the three of a picture, most of a vector register would be empty
    otherwise.

    Args:
        kernel: Of a convolution with a stride of 1, `(K, K, C, F)`.

    Returns:
        `(K + 1, K + 1, C, 4 * F)`, filters ordered by row, column, filter.
    """
    size, _, channels, filters = kernel.shape
    folded = np.zeros((size + 1, size + 1, channels, 2, 2, filters), kernel.dtype)
    for row in range(2):
        for column in range(2):
            place = folded[row : row + size, column : column + size, :, row, column]
            place[...] = kernel
    return folded.reshape(size + 1, size + 1, channels, 4 * filters)


def fold_upsampling(kernel: np.ndarray) -> np.ndarray:
    """Joins a convolution with the upsampling by 2 (nearest) in front of it.

    Each output pixel sees 2x2 different inputs, not 3x3, so both are a transposed
    convolution with less than half the work. What the convolution pads by
    reflection, the input has to pad by repeating its edge, by one pixel on each side;
    then three pixels of the output are cut off from each side.

    Args:
        kernel: `(3, 3, C, F)`.

    Returns:
        Kernel of a transposed convolution with a stride of 2, `(4, 4, C, F)`.
    """
    size, _, channels, filters = kernel.shape
    if size != 3:
        raise ValueError(f"Expected a 3x3 kernel. Received: {kernel.shape}")
    folded = np.zeros((4, 4, channels, filters), kernel.dtype)
    flipped = kernel[::-1, ::-1]
    for row in range(3):
        for column in range(3):
            folded[row : row + 2, column : column + 2] += flipped[row, column]
    return folded


def split_transposed(kernel: np.ndarray) -> np.ndarray:
    """Writes a transposed convolution as a plain one, whose outputs are put in place.

    For engines that are slow at the former. Behind it, depth to space makes the same,
    with one pixel more on each side.

    Args:
        kernel: Of a transposed convolution with a stride of 2, whose output is cut by
            three pixels on each side, `(4, 4, C, F)`.

    Returns:
        Kernel of a convolution with a stride of 1, `(2, 2, C, 4 * F)`, filters ordered
        by row, column, filter.
    """
    channels, filters = kernel.shape[2:]
    # Row `2 * i + place` of the kernel sees the input before, then this one.
    split = kernel.reshape(2, 2, 2, 2, channels, filters)[::-1, :, ::-1]
    return split.transpose(0, 2, 4, 1, 3, 5).reshape(2, 2, channels, 4 * filters)
