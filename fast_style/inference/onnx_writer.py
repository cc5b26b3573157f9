"""Writes ONNX graphs, node by node."""

import numpy as np
from onnx import helper


class GraphWriter:
    """Collects nodes and constants.

    Attributes:
        nodes: In the order in which they are computed.
        constants: Dict from name to NumPy array.
    """

    def __init__(self):
        self.nodes = []
        self.constants = {}

    def add(self, operator: str, *inputs, name: str = "", **attributes) -> str:
        """Adds a node.

        Args:
            operator: Of ONNX.
            *inputs: Names of tensors; arrays and numbers become constants.
            name: Of its output; empty: one is made up.
            **attributes: Of the operator.

        Returns:
            The name of its output.
        """
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        names = [
            each if isinstance(each, str) else self._add_constant(each)
            for each in inputs
        ]
        node = helper.make_node(operator, names, [name], name=name, **attributes)
        self.nodes.append(node)
        return name

    def _add_constant(self, value):
        array = np.asarray(value)
        for name, other in self.constants.items():
            if array.dtype == other.dtype and np.array_equal(array, other):
                return name
        name = f"constant_{len(self.constants)}"
        self.constants[name] = array
        return name
