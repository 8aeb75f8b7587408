// The folds of a cross-validation: as many splits of the same rows, each row in the test part of one of them.
#pragma once

#include <retrograd/data.h>
#include <retrograd/images.h>

#include <cstdint>
#include <span>
#include <string>

namespace retrograd::data {

// Fold `fold` (from 1): its rows are the test part, options.validation of the others the validation part.
// Folds are stratified; their sizes, and those of each class in them, differ by one at most. labels [rows],
// each 0 <= label, all 0 for regression and several labels. Throws Error(argument) unless 2 <= folds <= rows
// and 1 <= fold <= folds.
Split fold_split(std::span<const std::int32_t> labels, std::int64_t folds, std::int64_t fold,
                 const SplitOptions& options = {});

// As load_csv, with the parts of a fold; options.test and options.split_file have no meaning.
Parts load_fold(const std::string& path, std::int64_t folds, std::int64_t fold,
                const LoadOptions& options = {});

// As load_images, with the parts of a fold; options.test has no meaning.
Parts load_fold(const std::string& folder, std::int64_t folds, std::int64_t fold,
                const ImageOptions& options);

// As load_idx, with folds of the rows of train; t10k is in no part, and options.test has no meaning.
Parts load_idx_fold(const std::string& folder, std::int64_t folds, std::int64_t fold,
                    const SplitOptions& options = {});

}  // namespace retrograd::data
