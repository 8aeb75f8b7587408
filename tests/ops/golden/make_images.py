#!/usr/bin/env python3
"""Writes images.json: golden values as in make_golden.py, of convolution and pooling by their definitions in NumPy.

Usage: python3 make_images.py > images.json     (needs numpy; the tests only read the file)
"""
import json

import numpy as np

random = np.random.default_rng(1998)
cases = []
count_of = {}


def floats(*shape):
    return np.round(random.uniform(-2.0, 2.0, shape), 3)


def record(a):
    return {"dtype": "floating", "shape": list(a.shape), "values": a.ravel().tolist()}


def case(op, attributes, inputs, function):
    sample = count_of.get(op, 0)
    count_of[op] = sample + 1
    outputs = function(*inputs)
    cases.append({"op": op, "sample": sample, "attributes": attributes, "inputs": [record(i) for i in inputs],
                  "outputs": [record(o) for o in (outputs if isinstance(outputs, tuple) else (outputs,))]})


def windows(x, kernel, stride, low, high, dilation, fill=0.0):
    """x [N, C, spatial...] -> [N, C, places..., kernel...]."""
    x = np.pad(x, [(0, 0), (0, 0)] + list(zip(low, high)), constant_values=fill)
    places = [(e - (k - 1) * d - 1) // s + 1 for e, k, s, d in zip(x.shape[2:], kernel, stride, dilation)]
    y = np.empty(x.shape[:2] + tuple(places) + tuple(kernel))
    for p in np.ndindex(*places):
        for k in np.ndindex(*kernel):
            at = tuple(i * s + j * d for i, s, j, d in zip(p, stride, k, dilation))
            y[(slice(None), slice(None)) + p + k] = x[(slice(None), slice(None)) + at]
    return y


def convolve(x, w, stride, low, high, dilation, groups):
    axes = len(stride)
    y = []
    for X, W in zip(np.split(x, groups, 1), np.split(w, groups, 0)):
        columns = windows(X, w.shape[2:], stride, low, high, dilation)
        y.append(np.moveaxis(np.tensordot(columns, W, ((1,) + tuple(range(2 + axes, 2 + 2 * axes)),
                                                       (1,) + tuple(range(2, 2 + axes)))), -1, 1))
    return np.concatenate(y, 1)


def transpose_of(linear, shape, dy):
    """The transposed map: element i is <linear(e_i), dy>."""
    dx = np.empty(shape)
    for i in np.ndindex(*shape):
        unit = np.zeros(shape)
        unit[i] = 1.0
        dx[i] = np.sum(linear(unit) * dy)
    return dx


def text(**fields):
    return ", ".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in fields.items())


def first(a):  # channels last -> channels second
    return np.moveaxis(a, -1, 1)


def last(a):
    return np.moveaxis(a, 1, -1)


def convolution_case(op, shapes, stride, low, high, dilation, groups=1, extents=(), is_last=False):
    def function(a, b):
        setting = (stride, low, high, dilation, groups)
        a = first(a) if is_last else a
        if op == "convolution":
            y = convolve(a, b, *setting)
        elif op == "convolution_input_gradient":
            shape = (a.shape[0], b.shape[1] * groups) + tuple(extents)
            y = transpose_of(lambda x: convolve(x, b, *setting), shape, a)
        else:
            b = first(b) if is_last else b
            shape = (b.shape[1], a.shape[1] // groups) + tuple(extents)
            return transpose_of(lambda w: convolve(a, w, *setting), shape, b)
        return last(y) if is_last else y
    attributes = text(stride=stride, low=low, high=high, dilation=dilation, groups=groups, extents=list(extents),
                      channels_last=is_last)
    case(op, attributes, [floats(*s) for s in shapes], function)


c = convolution_case
c("convolution", [(2, 3, 5, 4), (4, 3, 3, 2)], [1, 1], [0, 0], [0, 0], [1, 1])
c("convolution", [(1, 4, 7, 6), (6, 2, 3, 3)], [2, 1], [1, 0], [2, 1], [1, 2], 2)
c("convolution", [(2, 5, 4, 3), (3, 1, 2, 3)], [1, 2], [1, 1], [0, 1], [2, 1], 3, [], True)
c("convolution", [(2, 2, 7), (3, 2, 3)], [2], [1], [1], [1])
c("convolution", [(1, 2, 3, 4, 3), (2, 2, 2, 3, 2)], [1, 2, 1], [0, 1, 0], [1, 1, 0], [1, 1, 2])
c("convolution_input_gradient", [(2, 3, 3, 3), (3, 2, 3, 2)], [1, 1], [0, 0], [0, 0], [1, 1], 1, [5, 4])
c("convolution_input_gradient", [(1, 4, 4, 3), (4, 2, 3, 3)], [2, 1], [1, 0], [2, 1], [1, 2], 2, [7, 6])
c("convolution_input_gradient", [(2, 3, 3, 3), (3, 1, 3, 2)], [2, 2], [1, 1], [1, 0], [1, 1], 3, [6, 5], True)
c("convolution_input_gradient", [(2, 2, 4), (2, 3, 3)], [2], [1], [1], [1], 1, [8])
c("convolution_weight_gradient", [(2, 2, 5, 4), (2, 3, 3, 3)], [1, 1], [0, 0], [0, 0], [1, 1], 1, [3, 2])
c("convolution_weight_gradient", [(1, 4, 7, 6), (1, 4, 4, 3)], [2, 1], [1, 0], [2, 1], [1, 2], 2, [3, 3])
c("convolution_weight_gradient", [(2, 6, 5, 3), (2, 3, 3, 3)], [2, 2], [1, 1], [1, 0], [1, 1], 3, [3, 2], True)
c("convolution_weight_gradient", [(2, 3, 8), (2, 2, 4)], [2], [1], [1], [1], 1, [3])


def pool_windows(shape, window, stride, low, high, outputs):
    """(place, elements) for every window of an image of these extents."""
    if outputs:
        places = outputs
        span = lambda a, i: range(i * shape[a] // places[a], -(-(i + 1) * shape[a] // places[a]))
    else:
        places = [(e + l + h - w) // s + 1 for e, w, s, l, h in zip(shape, window, stride, low, high)]
        span = lambda a, i: range(max(i * stride[a] - low[a], 0), min(i * stride[a] - low[a] + window[a], shape[a]))
    for p in np.ndindex(*places):
        yield p, [tuple(i) for i in np.array(np.meshgrid(*[span(a, i) for a, i in enumerate(p)], indexing="ij"))
                  .reshape(len(p), -1).T.tolist()]


def pool_case(op, shapes, window, stride, low, high, outputs=(), include=False, extents=(), is_last=False):
    def function(x, b=None):
        x, b = (first(a) if is_last and a is not None else a for a in (x, b))
        image = tuple(extents) if op == "average_pool_gradient" else x.shape[2:]
        pieces = list(pool_windows(image, window, stride, low, high, outputs))
        places = tuple(np.max([p for p, _ in pieces], 0) + 1)
        y = np.zeros(x.shape[:2] + (image if op.endswith("gradient") else places))
        for n, c in np.ndindex(*x.shape[:2]):
            for p, elements in pieces:
                size = np.prod(window) if include else len(elements)
                if op == "average_pool":
                    y[(n, c) + p] = sum(x[(n, c) + e] for e in elements) / size
                elif op == "average_pool_gradient":
                    for e in elements:
                        y[(n, c) + e] += x[(n, c) + p] / size
                else:
                    best = max(elements, key=lambda e: x[(n, c) + e])
                    if op == "max_pool":
                        y[(n, c) + p] = x[(n, c) + best]
                    elif op == "max_pool_gradient":
                        y[(n, c) + best] += b[(n, c) + p]
                    else:
                        y[(n, c) + p] = b[(n, c) + best]
        return last(y) if is_last else y
    attributes = text(window=list(window), stride=list(stride), low=list(low), high=list(high), outputs=list(outputs),
                      count_include_pad=include, extents=list(extents), channels_last=is_last)
    case(op, attributes, [floats(*s) for s in shapes], function)


c = pool_case
plain, odd = ([2, 2], [2, 2], [0, 0], [0, 0]), ([3, 2], [1, 2], [1, 1], [2, 1])
low_odd = ([3, 2], [1, 2], [1, 1], [1, 0])
c("max_pool", [(2, 2, 4, 5)], *plain)
c("max_pool", [(1, 5, 4, 2)], *odd, is_last=True)
c("max_pool", [(2, 2, 7)], [], [], [], [], [3])
c("max_pool_gradient", [(1, 2, 4, 5), (1, 2, 2, 2)], *plain)
c("max_pool_gradient", [(1, 4, 3, 2), (1, 4, 2, 2)], *low_odd, is_last=True)
c("max_pool_pick", [(1, 2, 4, 5), (1, 2, 4, 5)], *plain)
c("max_pool_pick", [(1, 4, 3, 2), (1, 4, 3, 2)], *low_odd, is_last=True)
c("average_pool", [(2, 2, 4, 5)], *plain)
c("average_pool", [(1, 5, 4, 2)], *odd, is_last=True)
c("average_pool", [(1, 2, 5, 4)], [3, 2], [2, 2], [1, 1], [1, 1], [], True)
c("average_pool", [(2, 2, 7)], [], [], [], [], [3])
c("average_pool_gradient", [(2, 2, 2, 2)], *plain, extents=[4, 5])
c("average_pool_gradient", [(1, 6, 3, 2)], *odd, extents=[5, 4], is_last=True)
c("average_pool_gradient", [(1, 2, 3, 3)], [3, 2], [2, 2], [1, 1], [1, 1], [], True, [5, 4])
c("average_pool_gradient", [(2, 2, 3)], [], [], [], [], [3], False, [7])


# Batch norm and its gradient, as Ioffe and Szegedy 2015 write them, with weighted samples.
def along(v, x, axis):
    return v.reshape([-1 if a == axis else 1 for a in range(x.ndim)])


def batch_norm(x, weight, bias, w, epsilon, axis):
    others = tuple(a for a in range(x.ndim) if a != axis)
    total = w.sum() * x.size / x.shape[0] / x.shape[axis]
    mean = (x * along(w, x, 0)).sum(others) / total
    variance = ((x - along(mean, x, axis)) ** 2 * along(w, x, 0)).sum(others) / total
    u = (x - along(mean, x, axis)) / np.sqrt(along(variance, x, axis) + epsilon)
    return u * along(weight, x, axis) + along(bias, x, axis), mean, variance


def batch_norm_gradient(x, dy, weight, mean, variance, w, epsilon, axis):
    others = tuple(a for a in range(x.ndim) if a != axis)
    total = w.sum() * x.size / x.shape[0] / x.shape[axis]
    spread = along(1 / np.sqrt(variance + epsilon), x, axis)
    u = (x - along(mean, x, axis)) * spread
    dbias, dweight = dy.sum(others), (dy * u).sum(others)
    pulled = along(w, x, 0) / total * (along(dbias, x, axis) + u * along(dweight, x, axis))
    return along(weight, x, axis) * spread * (dy - pulled), dweight, dbias


def positive(*shapes):
    return [np.round(random.uniform(0.2, 2.0, s), 3) for s in shapes]


def norm_case(op, function, is_last, *shapes):
    axis = len(shapes[0]) - 1 if is_last else 1
    case(op, text(epsilon=0.1, channels_last=is_last), positive(*shapes), lambda *x: function(*x, 0.1, axis))


norm_case("batch_norm", batch_norm, False, (4, 3), (3,), (3,), (4,))
norm_case("batch_norm", batch_norm, False, (3, 2, 3, 2), (2,), (2,), (3,))
norm_case("batch_norm", batch_norm, True, (3, 2, 2, 3), (3,), (3,), (3,))
norm_case("batch_norm_gradient", batch_norm_gradient, False, (4, 3), (4, 3), (3,), (3,), (3,), (4,))
norm_case("batch_norm_gradient", batch_norm_gradient, True, (2, 2, 2, 3), (2, 2, 2, 3), (3,), (3,), (3,), (2,))

print("[")
print(",\n".join(json.dumps(c) for c in cases))
print("]")
