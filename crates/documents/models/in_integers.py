"""Rewrites a text model so that most of its work is done in 8-bit integers.

    python3 in_integers.py ORIGINAL.onnx RESULT.onnx

Needs the packages `onnx` and `numpy`. Nothing is trained and nothing is measured on pictures:

- A convolution over one pixel, and the last matrix product, become `MatMulInteger` over pixels in
  rows. What comes in is turned into 8 bits by its own least and greatest value
  (`DynamicQuantizeLinear`); weights have one scale for each channel that goes out.
- Convolutions over 2x2 pixels, and the one over 3x3 with a stride of 2 near the start, become one
  such product for each pixel and a sum of its shifted parts.
- Weights are rounded so that two neighbours never add up to more than 128: processors without
  dot-product instructions add such pairs in 16 bits, and must not overflow.
- All other weights of at least 512 numbers are stored in 8 bits and turned back when loaded.
- The last softmax is left out; the reader needs it for few rows only.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

LARGE = 512
END = 2**31 - 1


class Rewriter:
    def __init__(self, model):
        self.graph = model.graph
        self.weights = {t.name: numpy_helper.to_array(t) for t in self.graph.initializer}
        self.alias, self.nodes, self.constants, self.shapes_known = {}, [], {}, []
        self.old = []
        for node in self.graph.node:
            if node.op_type == "Identity":
                self.alias[node.output[0]] = node.input[0]
            elif node.op_type == "Constant":
                self.weights[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            else:
                self.old.append(node)
        self.result = self.graph.output[0].name
        self.users = {}
        for node in self.old:
            for name in node.input:
                self.users.setdefault(self.real(name), []).append(node)
        self.shape = shapes(model)
        self.planes = {i.name for i in self.graph.input}  # values there are as [1, C, H, W]
        self.pixels = {}  # the same as [1, H, W, C]
        self.bytes = {}  # the same in 8 bits, with scale and zero point
        self.joined, self.done, self.count = {}, set(), 0

    def real(self, name):
        while name in self.alias:
            name = self.alias[name]
        return name

    def constant(self, name, value):
        self.constants[name] = np.asarray(value)
        return name

    def ints(self, *values):
        name = "i" + "_".join(str(v) for v in values)
        return self.constant(name, np.array(values, np.int64))

    def add(self, op, inputs, outputs=1, **attributes):
        names = outputs
        if isinstance(outputs, int):
            names = [f"new{self.count + k}" for k in range(outputs)]
            self.count += outputs
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if len(names) == 1 else names

    def in_planes(self, name):
        if name not in self.planes:
            self.add("Transpose", [self.pixels[name]], [name], perm=[0, 3, 1, 2])
            self.planes.add(name)
        return name

    def in_bytes(self, name):
        if name not in self.bytes:
            if name in self.pixels:
                self.bytes[name] = self.add("DynamicQuantizeLinear", [self.pixels[name]], 3)
            else:
                small, scale, zero = self.add("DynamicQuantizeLinear", [name], 3)
                small = self.add("Transpose", [small], perm=[0, 2, 3, 1])
                self.bytes[name] = small, scale, zero
        return self.bytes[name]

    def product(self, values, weights, name):
        small, scale, zero = values
        rounded, steps = rounded_in_pairs(weights)
        self.constant(name + "_q", rounded)
        self.constant(name + "_s", steps)
        self.constant("zero", np.int8(0))
        sums = self.add("MatMulInteger", [small, name + "_q", zero, "zero"])
        steps = self.add("Mul", [scale, name + "_s"])
        self.shapes_known.append((steps, [weights.shape[1]]))
        return self.add("Mul", [self.add("Cast", [sums], to=TensorProto.FLOAT), steps])

    def stored_small(self, name):
        weights = self.weights[name]
        if weights.dtype != np.float32 or weights.size < LARGE or weights.ndim < 2:
            return self.constant(name, weights)
        if name + "_q" not in self.constants:
            axes = range(weights.ndim - 1) if weights.ndim == 2 else range(1, weights.ndim)
            steps = np.abs(weights).max(axis=tuple(axes), keepdims=True) / 127
            steps = np.maximum(steps, 1e-12).astype(np.float32)
            self.constant(name + "_q", np.rint(weights / steps).astype(np.int8))
            self.constant(name + "_s", steps)
            floats = self.add("Cast", [name + "_q"], to=TensorProto.FLOAT)
            self.add("Mul", [floats, name + "_s"], [name])
        return name

    def shifted_sum(self, values, channels):
        """Adds the parts of four taps, each shifted by its place: [1, H + 1, W + 1, 4 * channels]."""
        total = None
        for tap in range(4):
            down, across = divmod(tap, 2)
            start = self.ints(down, across, tap * channels)
            end = self.ints(END if down else -1, END if across else -1, (tap + 1) * channels)
            part = self.add("Slice", [values, start, end, self.ints(1, 2, 3)])
            total = part if total is None else self.add("Add", [total, part])
        return total

    def small_kernel(self, source, name):
        """A convolution over 2x2 pixels; one row and column of zeros below and to the right."""
        weights = self.weights[name].astype(np.float32)
        out, channels = weights.shape[:2]
        if out < channels:
            small, scale, zero = self.in_bytes(source)
            padded = self.add("Pad", [small, self.ints(0, 0, 0, 0, 0, 1, 1, 0), zero])
            taps = weights.transpose(1, 2, 3, 0).reshape(channels, 4 * out)
            return self.shifted_sum(self.product((padded, scale, zero), taps, name), out)
        padded = self.add("Pad", [self.pixels[source], self.ints(0, 0, 0, 0, 0, 1, 1, 0)])
        around = []
        for down in (0, 1):
            for across in (0, 1):
                ends = self.ints(END if down else -1, END if across else -1)
                around.append(
                    self.add("Slice", [padded, self.ints(down, across), ends, self.ints(1, 2)])
                )
        around = self.add("Concat", around, axis=3)
        around = self.add("DynamicQuantizeLinear", [around], 3)
        taps = weights.transpose(2, 3, 1, 0).reshape(4 * channels, out)
        return self.product(around, taps, name)

    def halving_kernel(self, sources, name):
        """A convolution over 3x3 pixels with a stride of 2: over 2x2 of squares of four pixels."""
        weights, first, total = self.weights[name].astype(np.float32), 0, None
        out = weights.shape[0]
        for half, source in enumerate(sources):
            channels, height = self.shape[source][1:3]
            small, scale, zero = self.in_bytes(source)
            padded = self.add("Pad", [small, self.ints(0, 1, 1, 0, 0, 1, 1, 0), zero])
            squares = self.ints(1, height // 2 + 1, 2, -1, 2, channels)
            squares = self.add("Reshape", [padded, squares])
            squares = self.add("Transpose", [squares], perm=[0, 1, 3, 2, 4, 5])
            rows = self.ints(1, height // 2 + 1, -1, 4 * channels)
            squares = self.add("Reshape", [squares, rows])
            taps = np.zeros((2, 2, channels, 2, 2, out), np.float32)
            for y in range(3):
                for x in range(3):
                    part = weights[:, first : first + channels, y, x]
                    taps[y % 2, x % 2, :, y // 2, x // 2] = part.T
            taps = taps.reshape(4 * channels, 4 * out)
            part = self.product((squares, scale, zero), taps, f"{name}_{half}")
            part = self.shifted_sum(part, out)
            total = part if total is None else self.add("Add", [total, part])
            first += channels
        return total

    def convolution(self, node, inputs, attributes):
        result, shape = node.output[0], self.weights[node.input[1]].shape
        side, plain = attributes["kernel_shape"], attributes.get("group", 1) == 1
        known_height = self.shape[inputs[0]][2] > 0
        if plain and side == [1, 1] and self.shape[result][2] != 1:
            weights = self.weights[node.input[1]][:, :, 0, 0].T.astype(np.float32)
            self.pixels[result] = self.product(self.in_bytes(inputs[0]), weights, node.input[1])
        elif plain and side == [2, 2] and known_height:
            self.pixels[result] = self.small_kernel(inputs[0], node.input[1])
        elif plain and side == [3, 3] and inputs[0] in self.joined:
            self.pixels[result] = self.halving_kernel(self.joined[inputs[0]], node.input[1])
        else:
            users, bias = self.users.get(result, []), []
            first = users[0] if len(users) == 1 and users[0].op_type == "Add" else None
            if first and self.weights.get(first.input[1], np.zeros(0)).size == shape[0]:
                values = self.weights[first.input[1]].reshape(-1)
                bias, result = [self.constant(first.input[1], values)], first.output[0]
                self.done.add(result)
            kernel = self.stored_small(node.input[1])
            self.add("Conv", [self.in_planes(inputs[0]), kernel] + bias, [result], **attributes)
            self.planes.add(result)

    def on_pixels(self, node, inputs, attributes):
        """Does a step on each number alone without turning pixels back into planes."""
        only = [i in self.pixels and i not in self.planes for i in inputs]
        if node.op_type in ("Relu", "Sigmoid", "Erf") and only[0]:
            operands = [self.pixels[inputs[0]]]
        elif node.op_type in ("Add", "Mul", "Div") and all(only):
            operands = [self.pixels[i] for i in inputs]
        elif node.op_type in ("Add", "Mul", "Div") and only[0] and inputs[1] in self.weights:
            weights = self.weights[inputs[1]]
            flat = weights.reshape(() if weights.size == 1 else (-1,))
            operands = [self.pixels[inputs[0]], self.constant(inputs[1], flat)]
        else:
            return False
        self.pixels[node.output[0]] = self.add(node.op_type, operands, **attributes)
        return True

    def step(self, node):
        inputs = [self.real(i) for i in node.input]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        result = node.output[0]
        if node.op_type == "Conv":
            self.convolution(node, inputs, attributes)
        elif node.op_type == "Softmax" and result == self.result:
            self.alias[result] = inputs[0]
        elif node.op_type == "Concat" and len(self.shape[result]) == 4 and self.halves(result):
            self.joined[result] = inputs
        elif node.op_type == "MatMul" and self.weights.get(inputs[1], np.zeros((0, 0))).shape[-1] > 1000:
            values = self.add("DynamicQuantizeLinear", [inputs[0]], 3)
            product = self.product(values, self.weights[inputs[1]].astype(np.float32), inputs[1])
            self.alias[result] = product
            self.planes.add(product)
        elif not self.on_pixels(node, inputs, attributes):
            inputs = [self.stored_small(i) if i in self.weights else i and self.in_planes(i) for i in inputs]
            self.nodes.append(helper.make_node(node.op_type, inputs, list(node.output), **attributes))
            self.planes.update(node.output)

    def halves(self, name):
        """Returns whether what is joined is used by a convolution with a stride of 2 alone."""
        users = self.users.get(name, [])
        strides = [helper.get_attribute_value(a) for u in users for a in u.attribute if a.name == "strides"]
        return strides == [[2, 2]] and self.shape[name][2] > 0

    def run(self):
        for node in self.old:
            if node.output[0] not in self.done:
                self.step(node)
        if self.real(self.result) != self.result:
            self.add("Identity", [self.real(self.result)], [self.result])
        needed, kept = {self.result}, []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                kept.append(node)
                needed.update(node.input)
        kept.reverse()
        stored = [
            numpy_helper.from_array(np.array(value, order="C"), name)
            for name, value in self.constants.items()
            if name in needed
        ]
        known = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in self.shapes_known]
        ends = (list(self.graph.input), list(self.graph.output))
        return short_names(helper.make_graph(kept, "text", *ends, stored, value_info=known))


def shapes(model):
    """Returns the shape of each value for one picture; unknown sides are 0."""
    single = onnx.ModelProto()
    single.CopyFrom(model)
    single.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    graph = shape_inference.infer_shapes(single, data_prop=True).graph
    values = [*graph.value_info, *graph.output, *graph.input]
    return {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in values}


def rounded_in_pairs(weights):
    """Rounds weights of each column to 8 bits, neighbours of one sign never above 128 together."""
    rows, columns = weights.shape

    def greatest(values):
        pairs = np.pad(values, ((0, -rows % 4), (0, 0))).reshape(-1, 2, columns)
        return np.maximum(np.maximum(pairs, 0).sum(1).max(0), np.maximum(-pairs, 0).sum(1).max(0))

    steps = np.maximum(np.maximum(np.abs(weights).max(0), greatest(weights)) / 127, 1e-12)
    while True:
        rounded = np.rint(weights / steps)
        over = greatest(rounded) > 128
        if not over.any():
            return rounded.astype(np.int8), steps.astype(np.float32)
        steps = np.where(over, steps * 1.002, steps)


def short_names(graph):
    names = {}
    ends = {v.name for v in [*graph.input, *graph.output]} | {""}

    def short(name):
        return name if name in ends else names.setdefault(name, format(len(names), "x"))

    for node in graph.node:
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    for value in [*graph.initializer, *graph.value_info]:
        value.name = short(value.name)
    return graph


def main():
    model = onnx.load(sys.argv[1])
    versions = [v for v in model.opset_import if v.domain in ("", "ai.onnx")]
    graph = Rewriter(model).run()
    result = helper.make_model(graph, opset_imports=versions, ir_version=model.ir_version)
    onnx.checker.check_model(result)
    onnx.save(result, sys.argv[2])


if __name__ == "__main__":
    main()
