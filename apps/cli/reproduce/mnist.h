// MNIST with other parts than load_idx() gives.
#pragma once

#include <retrograd/data.h>

#include <cstdint>
#include <string>

namespace cli::reproduce {

// As Nielsen has it: 50,000 images to learn from, the next 10,000 for validation, and the test images.
retrograd::data::Parts nielsen_parts(const std::string& folder);

// All 60,000 images to learn from, none for validation.
retrograd::data::Parts mnist_without_validation(const std::string& folder);

// nielsen_parts() with 250,000 images to learn from: each of the 50,000 also shifted by a pixel up, down,
// left and right, what comes in black; in an order drawn from the seed.
retrograd::data::Parts nielsen_parts_shifted(const std::string& folder, std::uint64_t seed);

}  // namespace cli::reproduce
