import numpy as np

from fast_style.inference.onnx_writer import GraphWriter


class TestGraphWriter:
    def test_equal_constants_are_one(self):
        writer = GraphWriter()
        writer.add("Add", "x", np.int64(4))
        writer.add("Mul", "x", np.int64(4))
        writer.add("Mul", "x", np.float32(4))

        assert [array.dtype for array in writer.constants.values()] == ["i8", "f4"]

    def test_names_the_output_of_each_node(self):
        writer = GraphWriter()

        first, second = writer.add("Relu", "x"), writer.add("Relu", "x", name="y")

        assert [node.output[0] for node in writer.nodes] == [first, second]
        assert first != second == "y"
