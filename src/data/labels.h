// Targets of several labels a row: a column of truths for each label, or one column whose cells list them
// with bars between, "rain|wind". Which of the two a target is, is found in target.cpp.
#pragma once

#include <retrograd/table.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/buffer.h"

namespace retrograd::data {

// Of each cell: 1 for 1, true and yes, 0 for 0, false and no, ASCII letters of either case; -1 for any other
// and for a missing one.
std::vector<std::int8_t> truths_of(const Column& column);

// The labels that stand in the cells of a column, sorted by bytes.
std::vector<std::string> labels_in(const Column& column);

// Whether a cell of text lists two labels or more.
bool lists_labels(const Column& column);

// f32 [rows, columns.size()], 1 where a cell is true. Throws Error(data), naming line and column, for a
// missing cell and for what is no truth.
BufferPtr encode_truths(const Table& table, std::span<const std::string> columns);

// f32 [rows, labels.size()], 1 where a row has the label; a missing cell has none. `labels` are sorted.
// Throws Error(data), naming line and column, for a label that is not among them.
BufferPtr encode_lists(const Table& table, const Column& column, const std::vector<std::string>& labels);

}  // namespace retrograd::data
