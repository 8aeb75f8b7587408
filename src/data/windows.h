// Windows over the rows of a time series: one sample for each row at which a whole one begins.
#pragma once

#include <retrograd/data.h>

#include <string>

#include "data/storage.h"

namespace retrograd::data {

inline constexpr std::int64_t longest_window = std::int64_t{1} << 20;

// Throws Error(argument) for a size or a horizon out of range.
void check(const Windows& windows);

// Throws Error(argument) for windows: reconstruction has none.
void check_single_rows(const Windows& windows);

// Makes the rows of the storage windows that lie over them; nothing is copied but the targets. Without
// targets there is a window for every row that may be its last. Throws Error(data) where there is none.
void make_windows(Dataset::Storage& storage, const Windows& windows);

// Leaves in each part the rows with which a window begins that lies in the part with its target. `rows`
// without gaps; `name` is that of the data. Throws Error(data) for a part without such a window.
void keep_whole_windows(Split& rows, const Windows& windows, const std::string& name);

// Adds a notice for a column of dates that do not ascend.
void note_order_of_dates(Table& table);

}  // namespace retrograd::data
