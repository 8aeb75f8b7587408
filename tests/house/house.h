// The house's rules over text: which folder may include what. Pure functions, so that a test can plant an
// error. Not here: reading the tree (tests/house/includes_test.cpp).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace house {

// One folder of src/ as its CMakeLists.txt describes it.
struct Folder {
  std::string name;
  std::set<std::string> links;
  std::vector<std::string> headers;  // of include/retrograd/
};

struct House {
  std::map<std::string, Folder> folders;
  std::map<std::string, std::string> header_owner;  // "array.h" -> "array"
};

struct Include {
  bool quoted;
  std::string path;
};

// Reads the call of retrograd_folder() in the text of a CMakeLists.txt.
Folder parse_folder(const std::string& cmake_text);

// Reads the table of section 3 of docs/architecture.md: folder -> folders it may use.
std::vector<Folder> parse_architecture(const std::string& markdown);

// The #include lines of a source text.
std::vector<Include> parse_includes(const std::string& text);

// What is wrong with the includes of one file, in words. `path` is relative to the root of the source tree.
std::vector<std::string> violations(const House& house, const std::string& path, const std::string& text);

}  // namespace house
