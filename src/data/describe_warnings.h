// What is suspicious about a table.
#pragma once

#include <retrograd/describe.h>

namespace retrograd::data {

// Adds to the warnings of a description whose other members are there.
void add_warnings(const Table& table, TableDescription& description);

}  // namespace retrograd::data
