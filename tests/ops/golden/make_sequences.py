#!/usr/bin/env python3
"""Writes sequences.json: golden values as in make_golden.py, of the ops on sequences, written out from their papers in NumPy.

Usage: python3 make_sequences.py > sequences.json     (needs numpy; the tests only read the file)
"""
import json

import numpy as np

random = np.random.default_rng(1997)
cases = []
count_of = {}


def floats(*shape, low=-1.0, high=1.0):
    return np.round(random.uniform(low, high, shape), 3)


def integers(*shape, low, high):
    return random.integers(low, high, shape).astype(np.int32)


def record(a):
    a = np.asarray(a)
    dtype = {"f": "floating", "i": "i32", "b": "bool"}[a.dtype.kind]
    return {"dtype": dtype, "shape": list(a.shape), "values": a.ravel().tolist()}


def case(op, attributes, inputs, outputs):
    sample = count_of.get(op, 0)
    count_of[op] = sample + 1
    cases.append({"op": op, "sample": sample, "attributes": attributes, "inputs": [record(i) for i in inputs],
                  "outputs": [record(o) for o in outputs]})


def flags(**values):
    return ", ".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in values.items())


# Attention, query by query.
def scores(q, k, n, t, h, causal, scale, lengths, mask):
    head = h * k.shape[2] // q.shape[2]
    s = scale * k[n, :, head] @ q[n, t, h]
    seen = np.ones(len(s), bool)
    if causal:
        seen &= np.arange(len(s)) <= t + k.shape[1] - q.shape[1]
    if lengths is not None:
        seen &= np.arange(len(s)) < lengths[n]
    if mask is not None:
        seen &= mask[n, h, t]
    return s, seen, head


def attention(q, k, v, lengths, mask, causal, scale):
    y = np.zeros(q.shape[:3] + v.shape[3:])
    log_sums = np.zeros(q.shape[:3])
    for n, t, h in np.ndindex(*q.shape[:3]):
        s, seen, head = scores(q, k, n, t, h, causal, scale, lengths, mask)
        if seen.any():
            e = np.where(seen, np.exp(s), 0)
            log_sums[n, t, h] = np.log(e.sum())
            y[n, t, h] = e @ v[n, :, head] / e.sum()
    return y, log_sums


def attention_backward(q, k, v, log_sums, dy, delta, lengths, mask, causal, scale):
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for n, t, h in np.ndindex(*q.shape[:3]):
        s, seen, head = scores(q, k, n, t, h, causal, scale, lengths, mask)
        p = np.where(seen, np.exp(s - log_sums[n, t, h]), 0)
        ds = p * (v[n, :, head] @ dy[n, t, h] - delta[n, t, h]) * scale
        dq[n, t, h] = ds @ k[n, :, head]
        dk[n, :, head] += np.outer(ds, q[n, t, h])
        dv[n, :, head] += np.outer(p, dy[n, t, h])
    return dq, dk, dv


for N, T, H, D, S, K, V, causal, scale, padded in [(2, 3, 2, 3, 4, 2, 2, False, 0.5, False),
                                                   (1, 3, 4, 2, 5, 2, 3, True, 0.7, False),
                                                   (2, 2, 2, 3, 3, 1, 2, False, 0.1, True)]:
    q, k, v = floats(N, T, H, D), floats(N, S, K, D), floats(N, S, K, V)
    lengths = integers(N, low=0, high=S + 1) if padded else None
    mask = random.integers(0, 2, (N, H, T, S)).astype(bool) if padded else None
    extras = [lengths, mask] if padded else []
    attributes = flags(causal=causal, scale=scale, has_lengths=padded, has_mask=padded)
    case("attention", attributes, [q, k, v] + extras, attention(q, k, v, lengths, mask, causal, scale))
    log_sums, dy, delta = floats(N, T, H), floats(N, T, H, V), floats(N, T, H)
    case("attention_backward", attributes, [q, k, v, log_sums, dy, delta] + extras,
         attention_backward(q, k, v, log_sums, dy, delta, lengths, mask, causal, scale))

print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
