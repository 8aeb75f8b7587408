// The house's rules over text: parsers of CMakeLists.txt, docs/architecture.md and #include lines, and the
// rules.
#include "house/house.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace house {
namespace {

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

bool starts_with(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

// "src/plan/trace.cpp" -> "plan"; a public header -> its owner; "" for apps/.
std::string folder_of(const House& house, const std::string& path) {
  if (starts_with(path, "src/")) return first_part(path.substr(4));
  const std::string prefix = "include/retrograd/";
  if (!starts_with(path, prefix)) return "";
  auto owner = house.header_owner.find(path.substr(prefix.size()));
  return owner == house.header_owner.end() ? "" : owner->second;
}

bool may_use(const House& house, const std::string& from, const std::string& to) {
  if (from == to) return true;
  auto folder = house.folders.find(from);
  return folder != house.folders.end() && folder->second.links.contains(to);
}

std::string check_quoted(const House& house, const std::string& path, const std::string& from,
                         const std::string& include) {
  const std::string to = first_part(include);
  if (starts_with(path, "include/")) return "a public header includes only <retrograd/...> and std";
  if (starts_with(path, "apps/")) {
    const std::string app = first_part(path.substr(5));
    return to == app ? "" : "an app uses public headers and its own folder only";
  }
  if (!house.folders.contains(to)) return "an include in quotes begins with a folder of src/";
  if (!may_use(house, from, to)) return from + " may not use " + to;
  const bool inside_kernels = std::count(include.begin(), include.end(), '/') > 1;
  if (to == "kernels" && from != "kernels" && inside_kernels)
    return "only the contract of kernels is for others";
  return "";
}

std::string check_public(const House& house, const std::string& path, const std::string& from,
                         const std::string& header) {
  if (header == "retrograd.h") {
    return starts_with(path, "src/") ? "the umbrella header is for users of the library" : "";
  }
  auto owner = house.header_owner.find(header);
  if (owner == house.header_owner.end()) return "no folder owns this header (HEADERS of its CMakeLists.txt)";
  if (starts_with(path, "apps/") || path == "include/retrograd/retrograd.h") return "";
  return may_use(house, from, owner->second) ? "" : from + " may not use " + owner->second;
}

std::string check_system(const std::string& path, const std::string& include) {
  const bool dnnl = starts_with(include, "oneapi/") || starts_with(include, "dnnl");
  if (dnnl && !starts_with(path, "src/kernels/cpu/")) return "only src/kernels/cpu includes oneDNN";
  if (!starts_with(path, "include/")) return "";
  static const std::set<std::string> forbidden = {"sstream", "functional", "regex", "iostream"};
  if (forbidden.contains(include)) return "too heavy for a public header";
  const bool standard = include.find_first_of("/.") == std::string::npos;
  return standard ? "" : "no third-party header in a public header";
}

std::string check(const House& house, const std::string& path, const Include& include) {
  const std::string from = folder_of(house, path);
  if (include.quoted) return check_quoted(house, path, from, include.path);
  const std::string prefix = "retrograd/";
  if (starts_with(include.path, prefix)) {
    return check_public(house, path, from, include.path.substr(prefix.size()));
  }
  return check_system(path, include.path);
}

// What the folders of `names`, all in `table`, use.
std::set<std::string> used_by(const std::set<std::string>& names, const std::vector<Folder>& table) {
  std::set<std::string> result = names;
  for (const Folder& folder : table) {
    if (names.contains(folder.name)) result.insert(folder.links.begin(), folder.links.end());
  }
  return result;
}

}  // namespace

Folder parse_folder(const std::string& cmake_text) {
  Folder folder;
  const size_t begin = cmake_text.find("retrograd_folder(");
  if (begin == std::string::npos) return folder;
  const size_t open = cmake_text.find('(', begin) + 1;
  const std::string call = cmake_text.substr(open, cmake_text.find(')', open) - open);
  std::string key;
  for (const std::string& word : split_words(call)) {
    if (word == "NAME" || word == "LINKS" || word == "PACKAGES" || word == "HEADERS" || word == "GENERATED") {
      key = word;
    } else if (key == "NAME") {
      folder.name = word;
    } else if (key == "LINKS") {
      folder.links.insert(word);
    } else if (key == "HEADERS") {
      folder.headers.push_back(word);
    }
  }
  return folder;
}

std::vector<Folder> parse_architecture(const std::string& markdown) {
  static const std::regex row(R"(^\| `src/([a-z]+)/` \|.*\| ([^|]*) \|$)");
  static const std::regex aside(R"(\([^)]*\))");
  std::vector<Folder> table;
  std::istringstream stream(markdown);
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    std::string uses = std::regex_replace(match[2].str(), aside, "");
    const size_t closure = uses.find(" and what they use");
    if (closure != std::string::npos) uses.resize(closure);
    std::replace(uses.begin(), uses.end(), ',', ' ');
    std::set<std::string> names;
    for (const std::string& word : split_words(uses)) {
      if (word != "std" && word != "fmt") names.insert(word);
    }
    table.push_back({match[1], closure == std::string::npos ? names : used_by(names, table), {}});
  }
  return table;
}

std::vector<Include> parse_includes(const std::string& text) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> includes;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) includes.push_back({match[1] == "\"", match[2]});
  }
  return includes;
}

std::vector<std::string> violations(const House& house, const std::string& path, const std::string& text) {
  std::vector<std::string> result;
  for (const Include& include : parse_includes(text)) {
    const std::string problem = check(house, path, include);
    if (!problem.empty()) result.push_back(path + ": #include " + include.path + ": " + problem);
  }
  return result;
}

}  // namespace house
