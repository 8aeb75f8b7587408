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


# Recurrent layers, one sequence and one step at a time; f(a) are the activations by their preactivations.
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def order(T, reverse):
    return range(T - 1, -1, -1) if reverse else range(T)


def run(cell, z, h0, lengths, reverse, others):
    """cell(z_t, state...) -> (state..., gates); arrays [N, T, .] of h, others and gates."""
    N, T = z.shape[:2]
    out = None
    for n in range(N):
        state = [h0[n]] + [o[n] for o in others]
        for t in order(T, reverse):
            *new, gates = cell(z[n, t], *state)
            inside = lengths is None or t < lengths[n]
            state = new if inside else state
            row = state + [gates if inside else np.zeros_like(gates)]
            if out is None:
                out = [np.zeros((N, T, len(r))) for r in row]
            for o, r in zip(out, row):
                o[n, t] = r
    return out


def rnn(z, w, h0, lengths, reverse, relu):
    f = (lambda x: np.maximum(x, 0)) if relu else np.tanh
    return run(lambda x, h: (f(x + h @ w), np.zeros(1)), z, h0, lengths, reverse, [])[0]


def lstm(z, w, h0, c0, lengths, reverse):
    H = len(w)

    def cell(x, h, c):
        s = x + h @ w
        i, f, g, o = sigmoid(s[:H]), sigmoid(s[H:2 * H]), np.tanh(s[2 * H:3 * H]), sigmoid(s[3 * H:])
        c = f * c + i * g
        return o * np.tanh(c), c, np.concatenate([i, f, g, o])
    return tuple(run(cell, z, h0, lengths, reverse, [c0]))


def gru(z, w, b, h0, lengths, reverse):
    H = len(w)

    def cell(x, h):
        a = h @ w
        r, u, m = sigmoid(x[:H] + a[:H]), sigmoid(x[H:2 * H] + a[H:2 * H]), a[2 * H:] + b
        n = np.tanh(x[2 * H:] + r * m)
        return (1 - u) * n + u * h, np.concatenate([r, u, n, m])
    return tuple(run(cell, z, h0, lengths, reverse, []))


def before(states, first, n, t, reverse):
    k = t + 1 if reverse else t - 1
    return first[n] if k < 0 or k == states.shape[1] else states[n, k]


def rnn_backward(w, h, h0, dh, lengths, reverse, relu):
    dz, dh0 = np.zeros(h.shape), np.zeros(h0.shape)
    for n in range(len(h)):
        for t in order(h.shape[1], not reverse):
            d = dh[n, t] + dh0[n]
            if lengths is not None and t >= lengths[n]:
                dh0[n] = d
                continue
            dz[n, t] = np.where(h[n, t] > 0, d, 0) if relu else d * (1 - h[n, t] ** 2)
            dh0[n] = dz[n, t] @ w.T
    return dz, dh0


def lstm_backward(w, c0, c, gates, dh, dc, dgates, lengths, reverse):
    dz, dh0, dc0 = np.zeros(gates.shape), np.zeros(c0.shape), np.zeros(c0.shape)
    for n in range(len(c)):
        for t in order(c.shape[1], not reverse):
            d = dh[n, t] + dh0[n]
            e = dc0[n] + (0 if dc is None else dc[n, t])
            if lengths is not None and t >= lengths[n]:
                dh0[n], dc0[n] = d, e
                continue
            i, f, g, o = np.split(gates[n, t], 4)
            s = np.tanh(c[n, t])
            e = e + d * o * (1 - s ** 2)
            slopes = np.concatenate([e * g, e * before(c, c0, n, t, reverse), e * i, d * s])
            slopes = slopes + (0 if dgates is None else dgates[n, t])
            dz[n, t] = slopes * np.concatenate([i * (1 - i), f * (1 - f), 1 - g ** 2, o * (1 - o)])
            dh0[n], dc0[n] = dz[n, t] @ w.T, e * f
    return dz, dh0, dc0


def gru_backward(w, h0, h, gates, dh, dgates, lengths, reverse):
    H = len(w)
    dz, da, dh0 = np.zeros(h.shape[:2] + (3 * H,)), np.zeros(h.shape[:2] + (3 * H,)), np.zeros(h0.shape)
    for n in range(len(h)):
        for t in order(h.shape[1], not reverse):
            d = dh[n, t] + dh0[n]
            if lengths is not None and t >= lengths[n]:
                dh0[n] = d
                continue
            r, u, c, m = np.split(gates[n, t], 4)
            gr, gu, gc, gm = np.split(np.zeros(4 * H) if dgates is None else dgates[n, t], 4)
            sc = (d * (1 - u) + gc) * (1 - c ** 2)
            sr = (sc * m + gr) * r * (1 - r)
            su = (d * (before(h, h0, n, t, reverse) - c) + gu) * u * (1 - u)
            dz[n, t] = np.concatenate([sr, su, sc])
            da[n, t] = np.concatenate([sr, su, sc * r + gm])
            dh0[n] = d * u + da[n, t] @ w.T
    return dz, da, dh0


def recurrent(reverse=False, relu=False, has_lengths=False, has_dc=False, has_dgates=False):
    return flags(reverse=reverse, relu=relu, has_lengths=has_lengths, has_dc=has_dc, has_dgates=has_dgates)


def extra(*arrays):
    return [a for a in arrays if a is not None]


for N, T, H, reverse, relu, padded in [(2, 3, 2, False, False, False), (2, 3, 3, False, True, False),
                                       (3, 4, 2, True, False, True)]:
    lengths = integers(N, low=0, high=T + 1) if padded else None
    z, w, h0 = floats(N, T, H), floats(H, H), floats(N, H)
    attributes = recurrent(reverse, relu, padded)
    case("rnn", attributes, [z, w, h0] + extra(lengths), (rnn(z, w, h0, lengths, reverse, relu),))
    h, dh = floats(N, T, H), floats(N, T, H)
    case("rnn_backward", attributes, [w, h, h0, dh] + extra(lengths), rnn_backward(w, h, h0, dh, lengths, reverse, relu))

for N, T, H, reverse, padded, with_dc, with_dgates in [(2, 3, 2, False, False, False, False), (1, 2, 3, True, False, True, True),
                                                       (3, 4, 1, False, True, True, False)]:
    lengths = integers(N, low=0, high=T + 1) if padded else None
    z, w, h0, c0 = floats(N, T, 4 * H), floats(H, 4 * H), floats(N, H), floats(N, H)
    case("lstm", recurrent(reverse, has_lengths=padded), [z, w, h0, c0] + extra(lengths), lstm(z, w, h0, c0, lengths, reverse))
    c, gates, dh = floats(N, T, H), floats(N, T, 4 * H), floats(N, T, H)
    dc = floats(N, T, H) if with_dc else None
    dgates = floats(N, T, 4 * H) if with_dgates else None
    case("lstm_backward", recurrent(reverse, has_lengths=padded, has_dc=with_dc, has_dgates=with_dgates),
         [w, c0, c, gates, dh] + extra(dc, dgates, lengths), lstm_backward(w, c0, c, gates, dh, dc, dgates, lengths, reverse))

for N, T, H, reverse, padded, with_dgates in [(2, 3, 2, False, False, False), (1, 2, 3, True, False, True), (3, 4, 1, False, True, False)]:
    lengths = integers(N, low=0, high=T + 1) if padded else None
    z, w, b, h0 = floats(N, T, 3 * H), floats(H, 3 * H), floats(H), floats(N, H)
    case("gru", recurrent(reverse, has_lengths=padded), [z, w, b, h0] + extra(lengths), gru(z, w, b, h0, lengths, reverse))
    h, gates, dh = floats(N, T, H), floats(N, T, 4 * H), floats(N, T, H)
    dgates = floats(N, T, 4 * H) if with_dgates else None
    case("gru_backward", recurrent(reverse, has_lengths=padded, has_dgates=with_dgates),
         [w, h0, h, gates, dh] + extra(dgates, lengths), gru_backward(w, h0, h, gates, dh, dgates, lengths, reverse))

print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
