// Where the rows come from: a CSV file, a text, a folder of pictures or of IDX images, or the word "mnist".
#pragma once

#include <retrograd/data.h>

#include <optional>
#include <string>

#include "cli/settings.h"

namespace cli {

struct Source {
  std::string path;
  std::string name;       // for people and for the folder of the run
  bool images = false;    // a folder of IDX files or of pictures
  bool text = false;      // a file named .txt: a language model learns from it
  bool pictures = false;  // a folder with a folder of PNG and JPEG files for each class

  // Is the split that of the data, not one that a seed draws?
  bool has_own_split() const { return text || (images && !pictures); }
};

// How a table is read. Throws UsageError, retrograd::Error(argument).
retrograd::data::CsvOptions csv_options(const Settings& settings);

// What --task says; none where it is not given. Throws UsageError.
std::optional<retrograd::data::Task> task_of(const Settings& settings);

// `data` is DATA of the command line, `folder` the value of --data. "mnist" is the folder of --data, else
// $RETROGRAD_DATA/mnist; "-" is a table on the standard input. Throws UsageError or retrograd::Error(data).
Source find_source(const std::string& data, const std::string& folder);

// Reads, splits and encodes. Throws what retrograd::data::load_csv, load_images and load_idx throw,
// UsageError for a setting that images or text do not have.
retrograd::data::Parts load(const Source& source, const Settings& settings);

// The rows of a file or folder with their targets, as the encoder of a trained network takes them; of IDX
// images t10k. With `strict` a picture that cannot be read is an error. Throws retrograd::Error(data), where
// they are of another kind too; UsageError for `strict` where there are no pictures.
retrograd::data::Dataset load_rows(const Source& source, const retrograd::data::Encoder& encoder,
                                   bool strict = false);

}  // namespace cli
