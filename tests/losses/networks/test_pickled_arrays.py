import os
import pickle
import struct
import time

import keras
import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.pickled_arrays import read_pickled_dict


def write_header(file):
    header = {"descr": "|O", "fortran_order": False, "shape": ()}
    np.lib.format.write_array_header_1_0(file, header)


def write_pickle(path, code):
    with open(path, "wb") as file:
        write_header(file)
        file.write(code)


class Exploit:
    """Runs a command when it is unpickled, as a real attack would."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return (os.system, (self.command,))


class Python2Pickler(pickle._Pickler):
    """Writes bytes as Python 2 did, as a plain string."""

    def save_string(self, value):
        self.write(pickle.BINSTRING + struct.pack("<i", len(value)) + value)

    dispatch = {**pickle._Pickler.dispatch, bytes: save_string}  # noqa: RUF012


class TestReadPickledDict:
    @pytest.mark.parametrize("protocol", [2, 3, 4])
    @pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f2", "<f8", "|u1", "<i8"])
    def test_gives_the_arrays_that_numpy_wrote(
        self, rng, tmp_path, protocol, dtype, write_npy
    ):
        kernel = (50 * rng.uniform(size=(3, 3, 2, 4))).astype(dtype)
        entries = {"conv1_1": [kernel, kernel[0, 0, 0]], "other": 3}
        entries["conv1_2"] = (np.asfortranarray(kernel), kernel.T)
        write_npy(tmp_path / "vgg.npy", entries, protocol)

        read = read_pickled_dict(tmp_path / "vgg.npy")

        assert set(read) == set(entries)
        assert read["other"] == 3
        for key in ("conv1_1", "conv1_2"):
            for actual, expected in zip(read[key], entries[key], strict=True):
                assert actual.dtype == expected.dtype
                np.testing.assert_array_equal(actual, expected)

    def test_reads_what_python_2_wrote(self, rng, tmp_path):
        kernel = rng.normal(size=(3, 3, 2, 4)).astype("float32")
        with open(tmp_path / "vgg.npy", "wb") as file:
            write_header(file)
            value = np.array({"conv1_1": [kernel, kernel[0, 0, 0]]}, dtype=object)
            Python2Pickler(file, protocol=2).dump(value)

        read = read_pickled_dict(tmp_path / "vgg.npy")

        np.testing.assert_array_equal(read["conv1_1"][0], kernel)

    @pytest.mark.parametrize(
        "value",
        [[1, 2], "text", None, 3.5, {1: [np.zeros(3)]}, {b"conv1_1": 1}, {2.5: 1}],
    )
    def test_refuses_anything_but_a_dict_with_texts_as_keys(
        self, tmp_path, value, write_npy
    ):
        array = np.empty((), dtype=object)
        array[()] = value
        write_npy(tmp_path / "vgg.npy", array)

        with pytest.raises(ValueError, match=r"one dict, with the names.*vgg\.npy"):
            read_pickled_dict(tmp_path / "vgg.npy")

    def test_refuses_a_list_of_arrays(self, tmp_path):
        array = np.array([{"conv1_1": 1}, {"conv1_2": 2}], dtype=object)
        np.save(tmp_path / "vgg.npy", array, allow_pickle=True)

        with pytest.raises(
            ValueError, match=r"one dict.*vgg\.npy' with an array \(2,\)"
        ):
            read_pickled_dict(tmp_path / "vgg.npy")

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "junk",
            5,
            [],
            [1, 2],
            {"weights": np.zeros(3)},
            [[np.zeros((3, 3, 3, 64))], [np.zeros(64)]],
            [np.array(["a"], dtype=object), np.zeros(64)],
        ],
    )
    def test_layers_of_another_form_are_refused_by_the_network(
        self, tmp_path, value, write_npy
    ):
        write_npy(tmp_path / "vgg.npy", {"conv1_1": value})

        with pytest.raises(ValueError, match=r"vgg\.npy"):
            make_loss_network("vgg16", ("relu1_1",), weights=tmp_path / "vgg.npy")

    @pytest.mark.parametrize(
        "code",
        [
            # Bytes, a text, a frame and a place in the memo, of which none is there.
            b"\x80\x04\x8e" + struct.pack("<Q", 10**12) + b"..",
            b"\x80\x04\x8d" + struct.pack("<Q", 10**12) + b"..",
            b"\x80\x04\x95" + struct.pack("<Q", 10**12) + b"..",
            b"\x80\x04}r" + struct.pack("<I", 2**32 - 1) + b"0N.",
            # An array made by a call, and one whose state is that large.
            b"cnumpy\nndarray\n(L1000000000000L\ntR.",
            b"cnumpy\nndarray\n)R(I1\n(L1000000000000L\ntcnumpy\ndtype\n"
            b"(Vf4\nI0\nI1\ntRI00\nB\x04\x00\x00\x00aaaatb.",
            # Tuples in tuples as a key, of a dict and of a set.
            b"\x80\x02})" + b"\x85" * 300_000 + b"Ns.",
            b"\x80\x02(})" + b"\x85" * 300_000 + b"Nu.",
            b"\x80\x02()" + b"\x85" * 300_000 + b"Nd.",
            b"\x80\x04\x8f()" + b"\x85" * 300_000 + b"\x90.",
            b"\x80\x04()" + b"\x85" * 300_000 + b"\x91.",
            b"",
            b".",
            b"(" * 10**5 + b"t" * 10**5 + b".",
            b"\xff\xfe",
            # The state of a function.
            b"c_codecs\nencode\nN}V__defaults__\n(VA\ntss\x86b.",
        ],
        ids=range(16),
    )
    def test_pickles_that_ask_for_too_much_end_at_once(self, tmp_path, code):
        write_pickle(tmp_path / "vgg.npy", code)
        start = time.thread_time()

        with pytest.raises(ValueError, match=r"vgg\.npy"):
            read_pickled_dict(tmp_path / "vgg.npy")

        assert time.thread_time() - start < 5


class TestRestrictedReader:
    def test_the_exploit_works_on_numpys_own_reader(self, tmp_path, write_npy):
        trace = tmp_path / "trace"
        write_npy(tmp_path / "evil.npy", {"conv1_1": Exploit(f"touch {trace}")})

        np.load(tmp_path / "evil.npy", allow_pickle=True)

        assert trace.exists()

    def test_refuses_a_pickle_that_would_run_code(self, tmp_path, write_npy):
        trace = tmp_path / "trace"
        write_npy(tmp_path / "evil.npy", {"conv1_1": Exploit(f"touch {trace}")})

        with pytest.raises(ValueError, match="could run code; it was not loaded"):
            read_pickled_dict(tmp_path / "evil.npy")

        assert not trace.exists()

    @pytest.mark.parametrize("value", [eval, np.load, keras.Model, print])
    def test_refuses_functions_and_classes_of_any_kind(
        self, tmp_path, value, write_npy
    ):
        write_npy(tmp_path / "evil.npy", {"conv1_1": value})

        with pytest.raises(ValueError, match="could run code"):
            read_pickled_dict(tmp_path / "evil.npy")

    def test_refuses_a_plain_array(self, tmp_path):
        np.save(tmp_path / "array.npy", np.zeros(3))

        with pytest.raises(ValueError, match="holds one dict"):
            read_pickled_dict(tmp_path / "array.npy")
