"""How weights were passed on in earlier days."""

import pickle

import numpy as np
import pytest


@pytest.fixture
def write_npy():
    """Writes an object as `np.save` does, with any protocol of pickle."""

    def write(path, value, protocol=4):
        with open(path, "wb") as file:
            header = {"descr": "|O", "fortran_order": False, "shape": ()}
            np.lib.format.write_array_header_1_0(file, header)
            pickle.dump(np.array(value, dtype=object), file, protocol=protocol)

    return write
