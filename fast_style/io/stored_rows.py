"""An array whose rows lie in a temporary file, for pictures larger than memory."""

import tempfile
import threading

import numpy as np


class StoredRows:
    """Rows that are appended, and read again.

    Takes slices and arrays of row indices as a NumPy array does, and returns what they
    choose as one. May be read from many threads at once. Its file ends with it.

    Args:
        shape: `(H, W, C)`.
        dtype: Of NumPy.
        folder: Of the file; None: the system's own.
        is_named: Whether others can open the file. One without a name ends even if the
            process is killed.

    Attributes:
        shape: As given.
        dtype: As given, a `numpy.dtype`.
        ndim: 3.
        path: Of a named file, which holds the rows as they are in memory.
    """

    ndim = 3

    def __init__(
        self, shape: tuple[int, int, int], dtype, folder=None, *, is_named: bool = False
    ):
        self.shape, self.dtype = tuple(shape), np.dtype(dtype)
        _, width, channels = self.shape
        self._row_bytes = width * channels * self.dtype.itemsize
        make = tempfile.NamedTemporaryFile if is_named else tempfile.TemporaryFile
        self._file = make(dir=folder)
        self._lock = threading.Lock()
        self.path = self._file.name

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(np.prod(self.shape))

    def append(self, rows: np.ndarray) -> None:
        """Adds the next rows, `(rows, W, C)`."""
        with self._lock:
            self._file.seek(0, 2)
            self._file.write(np.ascontiguousarray(rows, self.dtype).data)
            self._file.flush()  # Others read it by its path.

    def __getitem__(self, rows) -> np.ndarray:
        if isinstance(rows, slice):
            begin, end, step = rows.indices(self.shape[0])
            return self._read(begin, end)[::step]
        first = rows.min()
        return self._read(first, rows.max() + 1)[rows - first]

    def _read(self, begin, end):
        rows = np.empty((max(end - begin, 0), *self.shape[1:]), self.dtype)
        with self._lock:
            self._file.seek(begin * self._row_bytes)
            num_bytes = self._file.readinto(rows.data.cast("B")) if rows.size else 0
        if num_bytes != rows.nbytes:
            raise OSError("A temporary file has been cut short.")
        return rows

    def __del__(self):
        if file := getattr(self, "_file", None):  # It may not have been made.
            file.close()  # Which removes it.
