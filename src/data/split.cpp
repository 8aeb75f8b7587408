// Splitting rows into training, validation and test parts.
#include <retrograd/data.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/fail.h"
#include "data/random.h"

namespace retrograd::data {
namespace {

void check(std::int64_t rows, const SplitOptions& options) {
  const auto check_fraction = [](double fraction, const char* what) {
    if (!(fraction >= 0 && fraction < 1)) {
      fail(ErrorKind::argument, "split: the {} fraction is {}; expected 0 <= fraction < 1", what, fraction);
    }
  };
  check_fraction(options.test, "test");
  check_fraction(options.validation, "validation");
  if (rows < 1) fail(ErrorKind::argument, "split: there are no rows");
}

// round(fraction * rows), at least one where there is something to take, at most all but one.
std::int64_t part_of(double fraction, std::int64_t rows) {
  if (fraction == 0 || rows < 2) return 0;
  return std::clamp<std::int64_t>(std::llround(fraction * static_cast<double>(rows)), 1, rows - 1);
}

// Shares `wanted` among groups in proportion to their sizes, by the largest remainder (ties: the lower
// group); no group gives its last row.
std::vector<std::int64_t> share(std::int64_t wanted, const std::vector<std::int64_t>& sizes) {
  const std::int64_t total = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  std::vector<std::int64_t> shares(sizes.size());
  std::vector<double> remainders(sizes.size());
  std::int64_t left = wanted;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double exact =
        static_cast<double>(wanted) * static_cast<double>(sizes[i]) / static_cast<double>(total);
    shares[i] = std::min(static_cast<std::int64_t>(exact), std::max<std::int64_t>(sizes[i] - 1, 0));
    remainders[i] = exact - static_cast<double>(shares[i]);
    left -= shares[i];
  }
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (bool given = true; left > 0 && given;) {
    given = false;
    for (std::size_t i : order) {
      if (left == 0 || shares[i] >= sizes[i] - 1) continue;
      ++shares[i];
      --left;
      given = true;
    }
  }
  return shares;
}

// Groups of rows, each in random order: the first rows of each go to the test part, the next ones to
// validation.
Split split_groups(std::vector<std::vector<std::int64_t>> groups, std::int64_t rows,
                   const SplitOptions& options) {
  const auto take = [&](double fraction, std::int64_t of, const std::vector<std::int64_t>& taken) {
    std::vector<std::int64_t> sizes;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      sizes.push_back(static_cast<std::int64_t>(groups[i].size()) - taken[i]);
    }
    return share(part_of(fraction, of), sizes);
  };
  const std::vector<std::int64_t> test = take(options.test, rows, std::vector<std::int64_t>(groups.size()));
  const std::int64_t rest = rows - std::accumulate(test.begin(), test.end(), std::int64_t{0});
  const std::vector<std::int64_t> validation = take(options.validation, rest, test);

  // Where each row belongs, so that the parts come out sorted.
  enum : std::uint8_t { to_train, to_validation, to_test };
  std::vector<std::uint8_t> part_of_row(static_cast<std::size_t>(rows), to_train);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::int64_t chosen = test[i] + validation[i];
    for (std::int64_t k = 0; k < chosen; ++k) {
      const auto row = static_cast<std::size_t>(groups[i][static_cast<std::size_t>(k)]);
      part_of_row[row] = k < test[i] ? to_test : to_validation;
    }
  }
  groups = {};
  Split split;
  std::vector<std::int64_t>* parts[] = {&split.train, &split.validation, &split.test};
  for (const std::uint8_t part : {to_train, to_validation, to_test}) {
    const auto count = std::count(part_of_row.begin(), part_of_row.end(), part);
    parts[part]->reserve(static_cast<std::size_t>(count));
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    parts[part_of_row[static_cast<std::size_t>(row)]]->push_back(row);
  }
  return split;
}

}  // namespace

Split split(std::int64_t rows, const SplitOptions& options) {
  check(rows, options);
  std::vector<std::vector<std::int64_t>> groups(1, std::vector<std::int64_t>(static_cast<std::size_t>(rows)));
  std::iota(groups[0].begin(), groups[0].end(), std::int64_t{0});
  RandomWords random(options.seed, Purpose::split, 0);
  shuffle(groups[0], random);
  return split_groups(std::move(groups), rows, options);
}

Split split(std::span<const std::int32_t> labels, const SplitOptions& options) {
  const auto rows = static_cast<std::int64_t>(labels.size());
  check(rows, options);
  std::vector<std::vector<std::int64_t>> groups;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int32_t label = labels[static_cast<std::size_t>(row)];
    if (label < 0) fail(ErrorKind::argument, "split: row {} has label {}; expected 0 <= label", row, label);
    if (static_cast<std::size_t>(label) >= groups.size()) groups.resize(static_cast<std::size_t>(label) + 1);
    groups[static_cast<std::size_t>(label)].push_back(row);
  }
  RandomWords random(options.seed, Purpose::split, 0);
  for (auto& group : groups) shuffle(group, random);
  return split_groups(std::move(groups), rows, options);
}

Split split_in_order(std::int64_t rows, const SplitOptions& options) {
  check(rows, options);
  const std::int64_t test = rows - part_of(options.test, rows);
  const std::int64_t validation = test - part_of(options.validation, test);
  Split split;
  for (std::int64_t row = 0; row < rows; ++row) {
    auto& part = row < validation ? split.train : row < test ? split.validation : split.test;
    part.push_back(row);
  }
  return split;
}

Split split_by_group(std::span<const std::int32_t> groups, const SplitOptions& options) {
  const auto rows = static_cast<std::int64_t>(groups.size());
  check(rows, options);
  std::vector<std::vector<std::int64_t>> members;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int32_t group = groups[static_cast<std::size_t>(row)];
    if (group < 0) fail(ErrorKind::argument, "split: row {} has group {}; expected 0 <= group", row, group);
    if (static_cast<std::size_t>(group) >= members.size())
      members.resize(static_cast<std::size_t>(group) + 1);
    members[static_cast<std::size_t>(group)].push_back(row);
  }
  std::erase_if(members, [](const auto& group) { return group.empty(); });
  const std::size_t parts = 1 + (options.test > 0 ? 1 : 0) + (options.validation > 0 ? 1 : 0);
  if (members.size() < parts) {
    fail(ErrorKind::argument, "split: {} group{} cannot be shared among {} parts", members.size(),
         members.size() == 1 ? "" : "s", parts);
  }
  std::vector<std::int64_t> order(members.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomWords random(options.seed, Purpose::split, 0);
  shuffle(order, random);

  Split split;
  std::size_t at = 0;
  // Fills a part with the next groups; `keep` are left for the parts after it.
  const auto fill = [&](std::int64_t wanted, std::size_t keep, std::vector<std::int64_t>& part) {
    while (at + keep < order.size()) {
      const auto& group = members[static_cast<std::size_t>(order[at])];
      const auto size = static_cast<std::int64_t>(part.size());
      const auto more = static_cast<std::int64_t>(group.size());
      if (size > 0 && 2 * (wanted - size) < more) break;  // farther from the share with it than without
      part.insert(part.end(), group.begin(), group.end());
      ++at;
    }
    std::sort(part.begin(), part.end());
  };
  const std::int64_t test = part_of(options.test, rows);
  if (test > 0) fill(test, parts - 1, split.test);
  const std::int64_t rest = rows - static_cast<std::int64_t>(split.test.size());
  const std::int64_t validation = part_of(options.validation, rest);
  if (validation > 0) fill(validation, 1, split.validation);
  fill(rows, 0, split.train);
  return split;
}

}  // namespace retrograd::data
