// Gradients as more graph: each op's vjp rule, written in ops, appends the nodes of the derivative. So
// gradients can be differentiated again, and forward, backward and update are one graph.
#pragma once

#include <retrograd/array.h>
#include <retrograd/variable.h>

#include <initializer_list>
#include <span>
#include <vector>

namespace retrograd {

struct GradientOptions {
  // A target that `of` does not depend on has gradient zero instead of being an Error(argument).
  bool allow_unused = false;
};

// dE/dx for each x in `targets`, of x's shape and dtype. `of` is the scalar E (rank 0, floating); a target
// may be any array that E was computed from, or a variable. Contributions to one array are added in the order
// in which the graph was made. Throws Error(shape) where E is no scalar, Error(dtype) for an integer target,
// Error(argument) for an unreached one.
std::vector<Array> gradients(const Array& of, std::span<const Array> targets, GradientOptions options = {});
std::vector<Array> gradients(const Array& of, std::span<const Variable> targets,
                             GradientOptions options = {});
std::vector<Array> gradients(const Array& of, std::initializer_list<Array> targets,
                             GradientOptions options = {});
// The gradient with respect to one array.
Array gradient(const Array& of, const Array& target, GradientOptions options = {});

// Vector-Jacobian product: sum_k cotangents[k]^T d outputs[k] / d inputs[i], for each i. A cotangent has its
// output's type; an empty one stands for zero.
std::vector<Array> vjp(std::span<const Array> outputs, std::span<const Array> inputs,
                       std::span<const Array> cotangents, GradientOptions options = {});

// Jacobian-vector product: sum_i d outputs[k] / d inputs[i] tangents[i], for each k. Computed as the vjp of
// the vjp, which is linear in its cotangents, so it needs no rule of its own.
std::vector<Array> jvp(std::span<const Array> outputs, std::span<const Array> inputs,
                       std::span<const Array> tangents, GradientOptions options = {});

}  // namespace retrograd
