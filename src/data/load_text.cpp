// From a text file to windows of tokens.
#include <retrograd/text.h>

#include <cmath>

#include "core/fail.h"
#include "data/file.h"

namespace retrograd::data {
namespace {

void check(const TextOptions& options) {
  if (options.context < 1 || options.context > (1 << 20)) {
    fail(ErrorKind::argument, "context is {}; expected 1 to {}", options.context, 1 << 20);
  }
  for (const double share : {options.test, options.validation}) {
    if (!(share >= 0 && share < 1)) {
      fail(ErrorKind::argument, "the share of a part is {}; expected 0 <= share < 1", share);
    }
  }
}

std::int64_t share_of(std::int64_t count, double share) {
  return std::llround(share * static_cast<double>(count));
}

// Tokens [first, last) as a part; none: an empty one.
Dataset part(std::span<const std::int32_t> tokens, std::int64_t first, std::int64_t last, const char* what,
             std::int64_t context, const Vocabulary& vocabulary, const Source& source) {
  if (first == last) return Dataset::text({}, context, vocabulary, source);
  if (last - first <= context) {
    fail(ErrorKind::data,
         "{}: {} has {} tokens, and a window of {} needs {}; take a shorter context, or a longer text",
         source.name, what, last - first, context, context + 1);
  }
  return Dataset::text(
      tokens.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)), context,
      vocabulary, source);
}

}  // namespace

Parts load_text(const std::string& path, const TextOptions& options) {
  check(options);
  const std::string text = read_file(path);
  Parts parts;
  if (text.empty()) fail(ErrorKind::data, "{}: is empty", path);
  const Vocabulary vocabulary = options.bytes ? Vocabulary::bytes() : Vocabulary::characters(text, path);
  const std::vector<std::int32_t> tokens = vocabulary.encode(text, path);
  const auto count = static_cast<std::int64_t>(tokens.size());
  const std::int64_t rest = count - share_of(count, options.test);
  const std::int64_t training = rest - share_of(rest, options.validation);
  const Source source{path, sha256_hex(text), (count - 1) / options.context, {}};
  const auto made = [&](std::int64_t first, std::int64_t last, const char* what) {
    return part(tokens, first, last, what, options.context, vocabulary, source);
  };
  parts.train = made(0, training, "the training part");
  if (parts.train.rows() == 0) fail(ErrorKind::data, "{}: its training part is empty", path);
  parts.validation = made(training, rest, "the validation part");
  parts.test = made(rest, count, "the test part");
  return parts;
}

Dataset load_text(const std::string& path, const Vocabulary& vocabulary, std::int64_t context) {
  const std::string text = read_file(path);
  const std::vector<std::int32_t> tokens = vocabulary.encode(text, path);
  const auto count = static_cast<std::int64_t>(tokens.size());
  const Source source{path, sha256_hex(text), (count - 1) / context, {}};
  return part(tokens, 0, count, "the text", context, vocabulary, source);
}

}  // namespace retrograd::data
