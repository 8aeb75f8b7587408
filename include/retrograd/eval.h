// Evaluation of arrays outside a compiled function. Array::item, to_vector and to_string call it.
#pragma once

#include <retrograd/array.h>
#include <retrograd/cache_counts.h>

#include <initializer_list>
#include <span>
#include <string>

namespace retrograd {

// Makes the values of `arrays` known, with one plan for all of them; plans are found again by the graph's
// structure. The value is stored in the node and its inputs are cut. Throws Error(argument) for the argument
// of a function under trace, Error(data) where an index is out of range, Error(diverged) where a
// check_finite fails.
void eval(std::span<const Array> arrays);
void eval(std::initializer_list<Array> arrays);

// Of the plans that eval keeps.
CacheCounts eval_cache();

}  // namespace retrograd
