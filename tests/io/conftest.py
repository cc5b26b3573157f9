"""What several test files of this wing need."""

import struct

import numpy as np
import pytest

# Primaries to XYZ under D50, https://www.w3.org/TR/css-color-4/#color-conversion-code.
_P3 = np.float64(
    [
        [0.51512, 0.29198, 0.15710],
        [0.24120, 0.69225, 0.06657],
        [-0.00105, 0.04189, 0.78407],
    ]
)
_SRGB = np.float64(
    [
        [0.43607, 0.38515, 0.14307],
        [0.22249, 0.71687, 0.06061],
        [0.01392, 0.09708, 0.71410],
    ]
)
_GAMMA = 2.2


@pytest.fixture
def colours(rng):
    """A tiny picture in which every pixel has its own colour."""
    return rng.integers(0, 256, (5, 7, 3), "uint8")


@pytest.fixture(scope="session")
def profile():
    """An ICC profile with the primaries of Display P3 and a plain gamma."""

    def fixed(number):
        return struct.pack(">i", round(number * 65536))

    def xyz(numbers):
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, numbers))

    name = b"P3 with gamma\0"
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(_GAMMA * 256)) + bytes(2)
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {
        b"desc": description + bytes(-len(description) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz([0.9642, 1.0, 0.8249]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
        **{key: xyz(_P3[:, i]) for i, key in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
    }  # fmt: skip
    table, data = struct.pack(">I", len(tags)), b""
    for key, value in tags.items():
        offset = 128 + 4 + 12 * len(tags) + len(data)
        table += key + struct.pack(">II", offset, len(value))
        data += value
    size = 128 + len(table) + len(data)
    header = struct.pack(">I4xI", size, 0x02400000) + b"mntrRGB XYZ " + bytes(12)
    header += b"acsp" + bytes(28) + b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\0") + table + data


@pytest.fixture
def convert_to_srgb():
    """By hand, from a colour in that profile."""

    def convert(colour):
        light = np.linalg.solve(_SRGB, _P3 @ (np.float64(colour) / 255) ** _GAMMA)
        low, high = 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
        return 255 * np.where(light <= 0.0031308, low, high)

    return convert
