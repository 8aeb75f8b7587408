// The two families of Hinton's task: who is related to whom and how. The network that learns them is in
// family_trees.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli::reproduce {

inline constexpr int people = 24;  // 0 ... 11 of the first family, 12 ... 23 their counterparts
inline constexpr int relationships = 12;

std::string_view person_name(int person);

// "Who are the <relationship>s of <person>?"
struct Fact {
  int person = 0;
  int relationship = 0;
  std::vector<int> answers;  // one, or two for some uncles and aunts
};

// All 104 that have an answer, person by person.
std::vector<Fact> family_facts();

}  // namespace cli::reproduce
