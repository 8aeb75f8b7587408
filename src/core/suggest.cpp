// Edit distance and the suggestion made of it.
#include "core/suggest.h"

#include <algorithm>
#include <vector>

namespace retrograd {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), text.begin(),
                                                       [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table of distances between the beginnings of a and b.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string suggest(std::string_view wanted, std::span<const std::string> known) {
  constexpr std::size_t longest = 200;  // names beyond this are not typed by hand
  if (wanted.empty() || wanted.size() > longest) return "";
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& name : known) {
    if (name.empty() || name.size() > longest) continue;
    std::size_t distance = edit_distance(wanted, name);
    const std::size_t letters = std::max(wanted.size(), name.size());
    const bool beginning =
        wanted.size() >= 3 && name.size() >= 3 && (begins_with(name, wanted) || begins_with(wanted, name));
    if (distance > std::max<std::size_t>(1, letters / 3) && !beginning) continue;
    if (distance >= letters) continue;  // nothing in common
    if (best == nullptr || distance < best_distance) best = &name, best_distance = distance;
  }
  return best == nullptr ? "" : " did you mean \"" + *best + "\"?";
}

}  // namespace retrograd
