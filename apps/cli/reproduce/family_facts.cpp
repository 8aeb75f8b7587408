// The two families. Source: Hinton, "Learning distributed representations of concepts", 1986, figure 1.
#include "cli/reproduce/family_facts.h"

#include <array>

namespace cli::reproduce {
namespace {

constexpr int each = 12;  // people of a family

// Of the first family. Christopher and Penelope have Arthur and Victoria; Andrew and Christine have James and
// Jennifer; Victoria and James have Colin and Charlotte.
enum Person {
  christopher,
  penelope,
  andrew,
  christine,
  margaret,
  arthur,
  victoria,
  james,
  jennifer,
  charles,
  colin,
  charlotte
};

constexpr std::string_view names[] = {
    "Christopher", "Penelope", "Andrew", "Christine", "Margaret", "Arthur", "Victoria", "James",
    "Jennifer",    "Charles",  "Colin",  "Charlotte", "Roberto",  "Maria",  "Pierro",   "Francesca",
    "Gina",        "Emilio",   "Lucia",  "Marco",     "Angela",   "Tomaso", "Alfonso",  "Sophia"};
static_assert(std::size(names) == people);

struct Couple {
  Person husband, wife;
};
constexpr Couple couples[] = {
    {christopher, penelope}, {andrew, christine}, {arthur, margaret}, {james, victoria}, {charles, jennifer}};
struct Child {
  Person child, father, mother;
};
constexpr Child children[] = {{arthur, christopher, penelope}, {victoria, christopher, penelope},
                              {james, andrew, christine},      {jennifer, andrew, christine},
                              {colin, james, victoria},        {charlotte, james, victoria}};

constexpr bool is_man(int p) {
  return p == christopher || p == andrew || p == arthur || p == james || p == charles || p == colin;
}

enum Relationship {
  father,
  mother,
  husband,
  wife,
  son,
  daughter,
  uncle,
  aunt,
  brother,
  sister,
  nephew,
  niece
};

int spouse(int p) {
  for (const Couple& couple : couples) {
    if (couple.husband == p) return couple.wife;
    if (couple.wife == p) return couple.husband;
  }
  return -1;
}

std::vector<int> parents(int p) {
  for (const Child& c : children) {
    if (c.child == p) return {c.father, c.mother};
  }
  return {};
}

std::vector<int> children_of(int p) {
  std::vector<int> found;
  for (const Child& c : children) {
    if (c.father == p || c.mother == p) found.push_back(c.child);
  }
  return found;
}

std::vector<int> siblings(int p) {
  std::vector<int> found;
  const std::vector<int> own = parents(p);
  if (own.empty()) return found;
  for (const int other : children_of(own[0])) {
    if (other != p) found.push_back(other);
  }
  return found;
}

// Siblings of the parents and whom they married.
std::vector<int> uncles_and_aunts(int p) {
  std::vector<int> found;
  for (const int parent : parents(p)) {
    for (const int sibling : siblings(parent)) {
      found.push_back(sibling);
      if (spouse(sibling) >= 0) found.push_back(spouse(sibling));
    }
  }
  return found;
}

// Those of whom p is an uncle or an aunt.
std::vector<int> nephews_and_nieces(int p) {
  std::vector<int> found;
  for (int other = 0; other < each; ++other) {
    for (const int relative : uncles_and_aunts(other)) {
      if (relative == p) found.push_back(other);
    }
  }
  return found;
}

std::vector<int> chosen(const std::vector<int>& from, bool men) {
  std::vector<int> found;
  for (const int p : from) {
    if (is_man(p) == men) found.push_back(p);
  }
  return found;
}

std::vector<int> answers(int p, int relationship) {
  switch (relationship) {
    case father:
    case mother:
      return chosen(parents(p), relationship == father);
    case husband:
    case wife:
      return spouse(p) < 0 ? std::vector<int>{} : chosen({spouse(p)}, relationship == husband);
    case son:
    case daughter:
      return chosen(children_of(p), relationship == son);
    case uncle:
    case aunt:
      return chosen(uncles_and_aunts(p), relationship == uncle);
    case brother:
    case sister:
      return chosen(siblings(p), relationship == brother);
    default:
      return chosen(nephews_and_nieces(p), relationship == nephew);
  }
}

}  // namespace

std::string_view person_name(int person) { return names[person]; }

std::vector<Fact> family_facts() {
  std::vector<Fact> facts;
  for (int family = 0; family < 2; ++family) {
    for (int p = 0; p < each; ++p) {
      for (int r = 0; r < relationships; ++r) {
        std::vector<int> found = answers(p, r);
        if (found.empty()) continue;
        for (int& person : found) person += family * each;
        facts.push_back({p + family * each, r, std::move(found)});
      }
    }
  }
  return facts;
}

}  // namespace cli::reproduce
