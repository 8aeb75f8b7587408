#!/usr/bin/env python3
"""Writes golden.json: for every sample of every op, inputs and the outputs that NumPy and SciPy give for them in float64.

Usage: python3 make_golden.py > golden.json     (needs numpy and scipy; the tests only read the file)

A case stands for sample number `sample` of op `op` in src/ops; `attributes` is the text of the sample's attributes, which
the test compares. Inputs of dtype "floating" are used in f32 and in f64. Optimizers are written out from the papers'
algorithms, Philox from its paper with the published known answers.
"""
import json

import numpy as np
from scipy import special

random = np.random.default_rng(20240229)
cases = []
count_of = {}


def floats(*shape, low=-2.0, high=2.0):
    return np.round(random.uniform(low, high, shape), 3)


def integers(*shape, low=-9, high=9, dtype=np.int32):
    return random.integers(low, high, shape).astype(dtype)


def booleans(*shape):
    return random.integers(0, 2, shape).astype(bool)


def dtype_name(a):
    if np.issubdtype(a.dtype, np.floating):
        return "floating" if a.dtype == np.float64 else "f32"
    return {"int32": "i32", "int64": "i64", "bool": "bool"}[a.dtype.name]


def record(a, dtype=None):
    a = np.asarray(a)
    return {"dtype": dtype or dtype_name(a), "shape": list(a.shape), "values": a.ravel().tolist()}


def case(op, attributes, inputs, function, dtype=None):
    outputs = function(*inputs)
    if not isinstance(outputs, tuple):
        outputs = (outputs,)
    sample = count_of.get(op, 0)
    count_of[op] = sample + 1
    cases.append({"op": op, "sample": sample, "attributes": attributes, "inputs": [record(i) for i in inputs],
                  "outputs": [record(o, dtype) for o in outputs]})


def pair(op, function, low=-2.0, high=2.0, second=(17,), ranges=None):
    ranges = ranges or [(low, high), (low, high)]
    for shape, (a, b) in zip([(3, 5), second], ranges):
        case(op, "", [floats(*shape, low=a, high=b), floats(*shape, low=a, high=b)], function)


def unary(op, function, ranges=((-2.0, 2.0), (-4.0, 4.0))):
    for shape, (low, high) in zip([(3, 5), (17,)], ranges):
        case(op, "", [floats(*shape, low=low, high=high)], function)


# Arithmetic.
case("constant", "value=0.1, dtype=1", [], lambda: np.float64(0.1), "f64")
case("constant", "value=0.1, dtype=0", [], lambda: np.float64(0.1), "f32")
case("constant", "value=-7, dtype=2", [], lambda: np.int32(-7))
for op, function in [("add", np.add), ("subtract", np.subtract), ("multiply", np.multiply)]:
    pair(op, function)
    case(op, "", [integers(7), integers(7)], function)
pair("divide", np.divide, ranges=[(0.5, 3.0), (-3.0, -0.5)])
for shape in [(3, 4), (7,)]:
    case("maximum", "", [floats(*shape), floats(*shape)], np.maximum)
case("maximum", "", [integers(7), integers(7)], np.maximum)
for op, function in [("greater", np.greater), ("greater_equal", np.greater_equal), ("equal", np.equal)]:
    a, b = floats(3, 5), floats(3, 5)
    b[0] = a[0]
    case(op, "", [a, b], function)
    case(op, "", [integers(17, low=-2, high=2), integers(17, low=-2, high=2)], function)
unary("negative", np.negative)
case("negative", "", [integers(7)], np.negative)
positive = ((0.5, 3.0), (0.2, 1.0))
unary("exp", np.exp)
unary("log", np.log, positive)
unary("sqrt", np.sqrt, positive)
unary("square", np.square)
unary("abs", np.abs)
unary("sigmoid", special.expit)
unary("tanh", np.tanh)
unary("relu", lambda x: np.maximum(x, 0.0))
case("where", "", [booleans(3, 5), floats(3, 5), floats(3, 5)], np.where)
case("where", "", [booleans(9), integers(9), integers(9)], np.where)
case("cast", "dtype=1", [floats(3, 5)], lambda x: x, "f64")
case("cast", "dtype=0", [integers(7)], lambda x: x.astype(np.float32))
case("cast", "dtype=2", [floats(7, low=-9, high=9)], lambda x: np.trunc(x).astype(np.int32))
case("cast", "dtype=1", [booleans(7)], lambda x: x.astype(np.float64), "f64")
case("cast", "dtype=5", [integers(7, low=-1, high=2, dtype=np.int64)], lambda x: x != 0)

# Reductions.
case("sum", "axes=[0, 1], keep=false", [floats(3, 5)], np.sum)
case("sum", "axes=[1], keep=false", [floats(3, 5)], lambda x: x.sum(1))
case("sum", "axes=[0], keep=true", [floats(3, 5)], lambda x: x.sum(0, keepdims=True))
case("sum", "axes=[0, 2], keep=false", [floats(2, 3, 4)], lambda x: x.sum((0, 2)))
case("sum", "axes=[], keep=false", [floats(2, 3)], lambda x: x.sum(()))
case("sum", "axes=[1], keep=false", [integers(3, 5)], lambda x: x.sum(1, dtype=np.int32))
case("max", "axes=[0, 1], keep=false", [floats(3, 5)], np.max)
case("max", "axes=[1], keep=true", [floats(3, 5)], lambda x: x.max(1, keepdims=True))
case("max", "axes=[0, 2], keep=false", [floats(2, 3, 4)], lambda x: x.max((0, 2)))
case("max", "axes=[0], keep=false", [integers(3, 5)], lambda x: x.max(0))
case("argmax", "axis=1, keep=false", [floats(3, 5)], lambda x: x.argmax(1).astype(np.int32))
case("argmax", "axis=1, keep=true", [floats(2, 3, 4)], lambda x: x.argmax(1, keepdims=True).astype(np.int32))
case("argmax", "axis=0, keep=false", [integers(3, 5, low=-3, high=3)], lambda x: x.argmax(0).astype(np.int32))

# Shape.
case("reshape", "shape=[2, 6]", [floats(3, 4)], lambda x: x.reshape(2, 6))
case("reshape", "shape=[24]", [floats(2, 3, 4)], lambda x: x.reshape(24))
case("reshape", "shape=[1, 1]", [floats()], lambda x: x.reshape(1, 1))
case("transpose", "order=[1, 0]", [floats(3, 4)], np.transpose)
case("transpose", "order=[1, 2, 0]", [floats(2, 3, 4)], lambda x: x.transpose(1, 2, 0))
case("broadcast_to", "shape=[3, 5]", [floats(5)], lambda x: np.broadcast_to(x, (3, 5)))
case("broadcast_to", "shape=[2, 3, 4]", [floats(3, 1)], lambda x: np.broadcast_to(x, (2, 3, 4)))
case("broadcast_to", "shape=[2, 3]", [floats()], lambda x: np.broadcast_to(x, (2, 3)))
case("stop_gradient", "", [floats(3, 5)], lambda x: x)
case("check_finite", "", [floats(3, 5)], lambda x: x)
case("check_finite", "", [floats()], lambda x: x)

# Products and classification.
case("matmul", "", [floats(3, 4), floats(4, 5)], np.matmul)
case("matmul", "", [floats(1, 7), floats(7, 2)], np.matmul)
case("matmul", "", [floats(2, 3, 4), floats(2, 4, 2)], np.matmul)
for op, function in [("softmax", special.softmax), ("log_softmax", special.log_softmax)]:
    case(op, "axis=1", [floats(4, 7)], lambda x: function(x, axis=1))
    case(op, "axis=1", [floats(3, 4, 2)], lambda x: function(x, axis=1))
    case(op, "axis=0", [floats(5)], lambda x: function(x, axis=0))
case("one_hot", "classes=4, dtype=0", [integers(6, low=0, high=4)], lambda i: np.eye(4, dtype=np.float32)[i])
case("one_hot", "classes=3, dtype=5", [integers(2, 3, low=0, high=3, dtype=np.int64)], lambda i: np.eye(3, dtype=bool)[i])


def cross_entropy(logits, labels):
    return -special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]


case("cross_entropy_with_logits", "", [floats(5, 4, low=0, high=4), integers(5, low=0, high=4)], cross_entropy)
case("cross_entropy_with_logits", "", [floats(2, 3, low=0, high=3), integers(2, low=0, high=3, dtype=np.int64)], cross_entropy)


def scatter_add(rows):
    def function(x, index):
        y = np.zeros((rows,) + x.shape[index.ndim:])
        np.add.at(y, index, x)
        return y
    return function


case("take", "", [floats(4, 3), integers(6, low=0, high=4)], lambda x, i: x[i])
case("take", "", [floats(3), integers(2, 2, low=0, high=3, dtype=np.int64)], lambda x, i: x[i])
case("take", "", [floats(3, 2, 2), np.asarray(random.integers(0, 3), np.int32)],
     lambda x, i: x[i])
case("scatter_add", "rows=4", [floats(6, 3), integers(6, low=0, high=4)], scatter_add(4))
case("scatter_add", "rows=3", [floats(2, 2), integers(2, 2, low=0, high=3, dtype=np.int64)], scatter_add(3))


# Random numbers.
def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xffffffff, (a >> 32) ^ c[3] ^ k[1], a & 0xffffffff]
        k = [(k[0] + 0x9E3779B9) & 0xffffffff, (k[1] + 0xBB67AE85) & 0xffffffff]
    return c


assert philox([0] * 4, [0] * 2) == [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
assert philox([0xffffffff] * 4, [0xffffffff] * 2) == [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
assert philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]) == [
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]


def uniform(shape, ordinal):
    def function(counter):
        seed, step = (int(c) for c in counter)
        words = []
        for block in range(-(-int(np.prod(shape)) // 4)):
            words += philox([block, ordinal, step & 0xffffffff, step >> 32], [seed & 0xffffffff, seed >> 32])
        return (np.array(words[:int(np.prod(shape))]) >> 8).reshape(shape).astype(np.float32) * np.float32(2.0 ** -24)
    return function


case("uniform", "shape=[3, 5], ordinal=2", [np.array([(7 << 32) + 11, 3])], uniform((3, 5), 2))
case("uniform", "shape=[17], ordinal=0", [np.array([1, (5 << 32) + 1])], uniform((17,), 0))


# Optimizers.
def adam(beta1, beta2, epsilon, weight_decay):
    def function(w, g, m, v, learning_rate, correction1, correction2):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        step = (m / correction1) / (np.sqrt(v / correction2) + epsilon)
        return w - learning_rate * (step + weight_decay * w), m, v
    return function


def momentum(mu, nesterov, weight_decay):
    def function(w, g, velocity, learning_rate):
        d = g + weight_decay * w
        velocity = mu * velocity + d
        return w - learning_rate * (d + mu * velocity if nesterov else velocity), velocity
    return function


def update_inputs(shape, arrays, scalars, low, high):
    return [floats(*shape, low=low, high=high) for _ in range(arrays)] + [floats(low=low, high=high) for _ in range(scalars)]


case("adam_update", "beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0", update_inputs((3, 5), 4, 3, 0.1, 0.9),
     adam(0.9, 0.999, 1e-8, 0.0))
case("adam_update", "beta1=0.8, beta2=0.95, epsilon=0.001, weight_decay=0.1", update_inputs((7,), 4, 3, 0.1, 0.9),
     adam(0.8, 0.95, 1e-3, 0.1))
case("sgd_momentum_update", "momentum=0.9, nesterov=false, weight_decay=0", update_inputs((3, 5), 3, 1, -2.0, 2.0),
     momentum(0.9, False, 0.0))
case("sgd_momentum_update", "momentum=0.8, nesterov=true, weight_decay=0.1", update_inputs((7,), 3, 1, -2.0, 2.0),
     momentum(0.8, True, 0.1))

# Element-wise, continued.
unary("log1p", np.log1p, ((-0.5, 3.0), (-0.01, 0.01)))
unary("expm1", np.expm1, ((-2.0, 2.0), (-0.01, 0.01)))
unary("rsqrt", lambda x: 1.0 / np.sqrt(x), positive)
unary("reciprocal", np.reciprocal, ((0.5, 3.0), (-3.0, -0.5)))
case("sign", "", [floats(3, 5)], np.sign)
case("sign", "", [integers(7, low=-2, high=2)], np.sign)
unary("floor", np.floor)
unary("round", np.round)
unary("sin", np.sin, ((-2.0, 2.0), (-9.0, 9.0)))
unary("cos", np.cos, ((-2.0, 2.0), (-9.0, 9.0)))
unary("erf", special.erf)
pair("pow", np.power, ranges=[(0.5, 2.5), (0.2, 1.5)])
for shape in [(3, 4), (7,)]:
    case("minimum", "", [floats(*shape), floats(*shape)], np.minimum)
case("minimum", "", [integers(7), integers(7)], np.minimum)
for op, function in [("not_equal", np.not_equal), ("less", np.less), ("less_equal", np.less_equal)]:
    a, b = floats(3, 5), floats(3, 5)
    b[0] = a[0]
    case(op, "", [a, b], function)
    case(op, "", [integers(17, low=-2, high=2), integers(17, low=-2, high=2)], function)
for op, function in [("logical_and", np.logical_and), ("logical_or", np.logical_or)]:
    case(op, "", [booleans(3, 5), booleans(3, 5)], function)
    case(op, "", [booleans(17), booleans(17)], function)
case("logical_not", "", [booleans(3, 5)], np.logical_not)
case("logical_not", "", [booleans(17)], np.logical_not)

# Activations.
case("clip", "low=-0.5, high=1", [floats(3, 5)], lambda x: np.clip(x, -0.5, 1.0))
case("clip", "low=-3, high=3", [floats(17, low=-4, high=4)], lambda x: np.clip(x, -3.0, 3.0))
case("clip", "low=-2, high=5", [integers(7)], lambda x: np.clip(x, -2, 5))


def activation(op, function, first="", second=""):
    case(op, first, [floats(3, 5)], function(0))
    case(op, second, [floats(17, low=-4, high=4)], function(1))


def elu(alpha):
    return lambda x: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def softplus(x):
    return np.logaddexp(x, 0)


activation("leaky_relu", lambda i: lambda x: np.where(x > 0, x, (0.01, 0.3)[i] * x), "slope=0.01", "slope=0.3")
activation("elu", lambda i: elu((1.0, 0.5)[i]), "alpha=1", "alpha=0.5")
activation("selu", lambda i: lambda x: 1.0507009873554805 * elu(1.6732632423543772)(x))
activation("gelu", lambda i: lambda x: x * special.ndtr(x), "by_tanh=false", "by_tanh=false")
activation("gelu", lambda i: lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3))), "by_tanh=true",
           "by_tanh=true")
activation("silu", lambda i: lambda x: x * special.expit(x))
activation("mish", lambda i: lambda x: x * np.tanh(softplus(x)))
activation("softplus", lambda i: softplus)
activation("softsign", lambda i: lambda x: x / (1 + np.abs(x)))
activation("hard_sigmoid", lambda i: lambda x: np.clip(x / 6 + 0.5, 0, 1))

# Reductions, continued.
for op, function in [("min", np.min), ("prod", np.prod)]:
    case(op, "axes=[0, 1], keep=false", [floats(3, 5)], function)
    case(op, "axes=[1], keep=true", [floats(3, 5)], lambda x: function(x, axis=1, keepdims=True))
    case(op, "axes=[0, 2], keep=false", [floats(2, 3, 4)], lambda x: function(x, axis=(0, 2)))
    case(op, "axes=[0], keep=false", [integers(3, 5)], lambda x: function(x, axis=0).astype(np.int32))
case("argmin", "axis=1, keep=false", [floats(3, 5)], lambda x: x.argmin(1).astype(np.int32))
case("argmin", "axis=1, keep=true", [floats(2, 3, 4)], lambda x: x.argmin(1, keepdims=True).astype(np.int32))
case("argmin", "axis=0, keep=false", [integers(3, 5, low=-3, high=3)], lambda x: x.argmin(0).astype(np.int32))
case("logsumexp", "axes=[0, 1], keep=false", [floats(3, 5)], special.logsumexp)
case("logsumexp", "axes=[1], keep=true", [floats(3, 5)], lambda x: special.logsumexp(x, axis=1, keepdims=True))
case("logsumexp", "axes=[0, 2], keep=false", [floats(2, 3, 4)], lambda x: special.logsumexp(x, axis=(0, 2)))


def exclusive(x, axis):
    return np.cumsum(x, axis, dtype=x.dtype) - x


case("cumulative_sum", "axis=1, reverse=false, exclusive=false", [floats(3, 5)], lambda x: np.cumsum(x, 1))
case("cumulative_sum", "axis=1, reverse=true, exclusive=false", [floats(2, 3, 4)],
     lambda x: np.flip(np.cumsum(np.flip(x, 1), 1), 1))
case("cumulative_sum", "axis=0, reverse=false, exclusive=true", [floats(5)], lambda x: exclusive(x, 0))
case("cumulative_sum", "axis=0, reverse=true, exclusive=true", [integers(3, 5)], lambda x: np.flip(exclusive(np.flip(x, 0), 0), 0))
case("argsort", "axis=1, count=5, descending=false", [floats(3, 5)], lambda x: np.argsort(x, 1).astype(np.int32))
case("argsort", "axis=1, count=2, descending=true", [floats(2, 6, 3)], lambda x: np.argsort(-x, 1).astype(np.int32)[:, :2])
case("argsort", "axis=0, count=9, descending=true", [integers(9, low=-3, high=3)],
     lambda x: np.argsort(-x, 0, kind="stable").astype(np.int32))


def scatter_add_along(extent, axis):
    def function(x, index):
        y = np.zeros(x.shape[:axis] + (extent,) + x.shape[axis + 1:])
        for at in np.ndindex(*x.shape):
            y[at[:axis] + (index[at],) + at[axis + 1:]] += x[at]
        return y
    return function


case("gather", "axis=1", [floats(3, 4), integers(3, 2, low=0, high=4)], lambda x, i: np.take_along_axis(x, i, 1))
case("gather", "axis=0", [floats(3, 2, 2), integers(5, 2, 2, low=0, high=3, dtype=np.int64)],
     lambda x, i: np.take_along_axis(x, i, 0))
case("scatter_add_along", "axis=1, extent=4", [floats(3, 5), integers(3, 5, low=0, high=4)], scatter_add_along(4, 1))
case("scatter_add_along", "axis=0, extent=3", [floats(4, 2, 2), integers(4, 2, 2, low=0, high=3, dtype=np.int64)],
     scatter_add_along(3, 0))

# Blocks.
case("concatenate", "axis=1", [floats(2, 3), floats(2, 1), floats(2, 2)], lambda *x: np.concatenate(x, 1))
case("concatenate", "axis=0", [floats(2, 3, 2), floats(1, 3, 2)], lambda *x: np.concatenate(x, 0))
case("concatenate", "axis=0", [integers(4), integers(3)], lambda *x: np.concatenate(x, 0))
case("slice", "starts=[1, 0], extents=[3, 4], steps=[1, 2]", [floats(5, 7)], lambda x: x[1:4, ::2])
case("slice", "starts=[4, 3], extents=[2, 4], steps=[-3, -1]", [floats(6, 4)], lambda x: x[4::-3, ::-1])
case("slice", "starts=[1, 2, 0], extents=[1, 2, 4], steps=[1, -2, 1]", [floats(2, 3, 4)], lambda x: x[1:, ::-2])
case("slice", "starts=[8], extents=[9], steps=[-1]", [integers(9)], lambda x: x[::-1])
case("pad", "low=[1, 0], high=[0, 2], interior=[0, 0], value=0", [floats(2, 3)], lambda x: np.pad(x, [(1, 0), (0, 2)]))


def dilated(x):
    y = np.full((4, 9), -1.5)
    y[0:3:2, 1:8:3] = x
    return y


case("pad", "low=[0, 1], high=[1, 1], interior=[1, 2], value=-1.5", [floats(2, 3)], dilated)
case("pad", "low=[2], high=[3], interior=[0], value=7", [integers(4)], lambda x: np.pad(x, (2, 3), constant_values=7))


def block(x, extents, starts):
    starts = [min(max(s, 0), n - e) for s, n, e in zip(starts, x.shape, extents)]
    return tuple(slice(s, s + e) for s, e in zip(starts, extents))


def update_slice(x, u, starts):
    y = x.copy()
    y[block(x, u.shape, starts)] = u
    return y


case("dynamic_slice", "extents=[2, 3]", [floats(4, 5), integers(2, low=0, high=3)], lambda x, s: x[block(x, (2, 3), s)])
case("dynamic_slice", "extents=[4]", [floats(7), integers(1, low=4, high=9, dtype=np.int64)], lambda x, s: x[block(x, (4,), s)])
case("dynamic_update_slice", "", [floats(4, 5), floats(2, 3), integers(2, low=0, high=3)], update_slice)
case("dynamic_update_slice", "", [floats(7), floats(4), integers(1, low=-4, high=0, dtype=np.int64)], update_slice)


def cross_entropy_gradient(logits, labels, dy):
    return (special.softmax(logits, axis=1) - np.eye(logits.shape[1])[labels]) * dy[:, None]


case("cross_entropy_with_logits_gradient", "", [floats(5, 4, low=0, high=4), integers(5, low=0, high=4), floats(5, low=0, high=4)],
     cross_entropy_gradient)
case("cross_entropy_with_logits_gradient", "",
     [floats(2, 3, low=0, high=3), integers(2, low=0, high=3, dtype=np.int64), floats(2, low=0, high=3)], cross_entropy_gradient)

case("tap", "name=hidden", [floats(3, 5)], lambda x: x)

print("[")
print(",\n".join(json.dumps(c) for c in cases))
print("]")
