// What a reproduction of a published result is: rows that run seed by seed, and what is concluded from the
// seeds together. Each experiment stands in a file of its own; keeping what was measured is in journal.h,
// writing it down in page.h.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli::reproduce {

using Json = nlohmann::ordered_json;

// Points (x, y) to be drawn as a line.
struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

struct Chart {
  std::string name;  // of its file
  std::string title;
  std::string x, y;  // what the axes show
  std::vector<Curve> curves;
};

// A picture of another kind: an SVG document.
struct Picture {
  std::string name;
  std::string title;
  std::string svg;
};

// What came out of a row.
struct Finding {
  std::string measured;
  bool reproduced = false;
  bool compared = true;  // false: nothing was published to compare with
  std::string verdict;   // by how much not, and why; or what "reproduced" means here
  std::vector<std::string> notes = {};
  std::vector<Chart> charts = {};
  std::vector<Picture> pictures = {};
};

// What a row learns from.
enum class Material { none, mnist, shakespeare };

struct Request {
  bool quick = false;      // fewer epochs: a look, not a measurement
  std::string material;    // the folder with MNIST's four files, or the text
  std::string checkpoint;  // a file for a long training to go on from; empty: none
  double minutes = 0;  // of a training, after which it ends with the epochs it has, one at least; 0: no limit
  std::function<void()> stay = [] {};  // called often; throws when the user wants to stop
};

struct Row {
  std::string_view setting;
  std::string_view published;
  std::int64_t seeds;  // 1 ... seeds are run
  // Runs one seed. What it gives is kept in the journal, so that a row goes on where it was cut off.
  Json (*run)(const Request&, std::uint64_t seed);
  // At least one outcome, in the order of the seeds.
  Finding (*conclude)(std::span<const Json> outcomes);
  Material material = Material::none;
};

struct Experiment {
  std::string_view name;
  std::string_view title;
  std::string_view source;
  std::string_view settings;  // the recipe, and where it leaves the published one
  std::span<const Row> rows;
};

extern const Experiment mazur;
extern const Experiment xor_gate;
extern const Experiment symmetry;
extern const Experiment family_trees;
extern const Experiment nielsen_1;
extern const Experiment nielsen_3;
extern const Experiment nielsen_6;
extern const Experiment lenet5;
extern const Experiment char_rnn;
extern const Experiment char_lstm;

// All of them, in the order of the page.
std::span<const Experiment* const> experiments();

}  // namespace cli::reproduce
