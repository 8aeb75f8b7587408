// einsum: sums of products named by letters, by transposes and matmul. It is a function of other ops.
#include <retrograd/ops.h>

#include <algorithm>
#include <map>
#include <string>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace {

// An array whose axes are named: "ij".
struct Named {
  Array x;
  std::string axes;
};

bool has(const std::string& axes, char axis) { return axes.find(axis) != std::string::npos; }

std::string those(const std::string& axes, bool (*holds)(bool, bool), const std::string& a,
                  const std::string& b) {
  std::string result;
  for (char axis : axes) {
    if (holds(has(a, axis), has(b, axis))) result += axis;
  }
  return result;
}

void expect_axes(std::string_view equation, const std::string& axes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const bool is_letter = (axes[i] >= 'a' && axes[i] <= 'z') || (axes[i] >= 'A' && axes[i] <= 'Z');
    if (is_letter && axes.find(axes[i]) == i) continue;
    fail(ErrorKind::argument, "einsum: '{}' in \"{}\"; expected different letters for the axes of one array",
         axes, equation);
  }
}

// "ij,jk->ik" in pieces; without an arrow the result has the letters that stand once, in alphabetical order.
std::vector<std::string> pieces_of(std::string_view equation, std::string* result) {
  std::string text(equation);
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const std::size_t arrow = text.find("->");
  const std::string left = text.substr(0, arrow);
  std::vector<std::string> pieces(1);
  for (char c : left) {
    if (c == ',') {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  for (const std::string& piece : pieces) expect_axes(equation, piece);
  if (arrow != std::string::npos) {
    *result = text.substr(arrow + 2);
    expect_axes(equation, *result);
  } else {
    for (char c : left) {
      if (c != ',' && std::count(left.begin(), left.end(), c) == 1) *result += c;
    }
    std::sort(result->begin(), result->end());
  }
  return pieces;
}

// With the axes in another order; `to` has the same letters.
Array arranged(const Named& from, const std::string& to) {
  if (from.axes == to) return from.x;
  std::vector<int> order;
  for (char axis : to) order.push_back(static_cast<int>(from.axes.find(axis)));
  return transpose(from.x, order);
}

// Summed over the axes that `wanted` has not.
Named summed(const Named& from, const std::string& wanted) {
  Named result{from.x, {}};
  std::vector<int> away;
  for (std::size_t i = 0; i < from.axes.size(); ++i) {
    if (has(wanted, from.axes[i])) {
      result.axes += from.axes[i];
    } else {
      away.push_back(static_cast<int>(i));
    }
  }
  if (!away.empty()) result.x = sum(from.x, away);
  return result;
}

std::int64_t product_of(const Named& from, const std::string& axes) {
  std::int64_t product = 1;
  for (char axis : axes) product *= from.x.shape()[static_cast<int>(from.axes.find(axis))];
  return product;
}

// The product of two, summed over the axes that both have and `wanted` has not.
Named multiplied(Named a, Named b, const std::string& wanted) {
  a = summed(a, wanted + b.axes);
  b = summed(b, wanted + a.axes);
  const std::string batch = those(
      a.axes, [](bool in_b, bool is_wanted) { return in_b && is_wanted; }, b.axes, wanted);
  const std::string inner = those(
      a.axes, [](bool in_b, bool is_wanted) { return in_b && !is_wanted; }, b.axes, wanted);
  const std::string rows = those(
      a.axes, [](bool in_b, bool) { return !in_b; }, b.axes, wanted);
  const std::string columns = those(
      b.axes, [](bool in_a, bool) { return !in_a; }, a.axes, wanted);
  // a [batch, M, K], b [batch, K, N] -> [batch, M, N]
  const std::int64_t B = product_of(a, batch), K = product_of(a, inner);
  const std::int64_t M = product_of(a, rows), N = product_of(b, columns);
  const Shape left = batch.empty() ? Shape{M, K} : Shape{B, M, K};
  const Shape right = batch.empty() ? Shape{K, N} : Shape{B, K, N};
  const Array y = matmul(reshape(arranged(a, batch + rows + inner), left),
                         reshape(arranged(b, batch + inner + columns), right));
  Shape shape;
  for (char axis : batch + rows) shape.push_back(product_of(a, std::string(1, axis)));
  for (char axis : columns) shape.push_back(product_of(b, std::string(1, axis)));
  return {reshape(y, shape), batch + rows + columns};
}

void expect_extents(std::string_view equation, const std::vector<Named>& arrays) {
  std::map<char, std::int64_t> extents;
  for (const Named& array : arrays) {
    if (array.x.rank() != static_cast<int>(array.axes.size())) {
      fail(ErrorKind::shape, "einsum: {} for the axes '{}' of \"{}\"; expected rank {}",
           array.x.type().to_string(), array.axes, equation, array.axes.size());
    }
    for (std::size_t i = 0; i < array.axes.size(); ++i) {
      const std::int64_t extent = array.x.shape()[static_cast<int>(i)];
      const auto [known, is_new] = extents.emplace(array.axes[i], extent);
      if (is_new || known->second == extent) continue;
      fail(ErrorKind::shape, "einsum: axis '{}' of \"{}\" has extents {} and {}; expected one", array.axes[i],
           equation, known->second, extent);
    }
  }
}

}  // namespace

Array einsum(std::string_view equation, const std::vector<Array>& arrays) {
  std::string result;
  const std::vector<std::string> pieces = pieces_of(equation, &result);
  if (pieces.size() != arrays.size()) {
    fail(ErrorKind::argument, "einsum: {} arrays for \"{}\"; expected {}", arrays.size(), equation,
         pieces.size());
  }
  std::vector<Named> named;
  std::string all;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    named.push_back({ops::given(arrays[i], "einsum"), pieces[i]});
    all += pieces[i];
  }
  expect_extents(equation, named);
  for (char axis : result) {
    if (!has(all, axis)) {
      fail(ErrorKind::argument, "einsum: axis '{}' of the result stands in no array of \"{}\"", axis,
           equation);
    }
  }
  Named product = named[0];
  for (std::size_t i = 1; i < named.size(); ++i) {
    std::string wanted = result;
    for (std::size_t k = i + 1; k < named.size(); ++k) wanted += named[k].axes;
    product = multiplied(product, named[i], wanted);
  }
  return arranged(summed(product, result), result);
}

}  // namespace retrograd
