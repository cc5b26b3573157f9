import numpy as np
import pytest

from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_size_check


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_exports_of_ours_have_pixels_of_two_kinds(dtype):
    assert check_inputs({"image": dtype}, "a.onnx") == dtype


@pytest.mark.parametrize("inputs", [{}, {"image": "int8"}, {"x": "uint8"}])
def test_others_are_refused(inputs):
    with pytest.raises(ValueError, match=r"one input, `image`.*'a\.onnx' \(its inp"):
        check_inputs(inputs, "a.onnx")


class TestMakeSizeCheck:
    @pytest.mark.parametrize(
        "shape", [(None, None, None, 3), (-1, -1, -1, 3), ("batch", "h", "w", 3)]
    )
    def test_what_is_unknown_may_be_anything(self, shape):
        make_size_check(shape, "a.onnx")(np.zeros((2, 7, 9, 3)))

    def test_another_size_is_refused(self):
        check = make_size_check((1, 48, 64, 3), "a.onnx")
        check(np.zeros((1, 48, 64, 3)))

        with pytest.raises(
            ValueError, match=r"picture of 48x64 .* 1 of 64x48\. Resize"
        ):
            check(np.zeros((1, 64, 48, 3)))
        with pytest.raises(ValueError, match="Received: 2 of 48x64"):
            check(np.zeros((2, 48, 64, 3)))
