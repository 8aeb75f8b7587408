// Images in IDX files, plain and compressed.
#include <retrograd/data.h>
#include <zlib.h>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  const MemoryFile file(bytes);
  refusing([&] { retrograd::data::load_idx_images(file.path()); });
}

std::string compressed(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);  // 16: with gzip's header
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<std::string> seeds() {
  // Unsigned bytes, three axes: 3 images of 4 x 5.
  std::string plain{'\0', '\0', '\x08', '\x03', '\0', '\0', '\0', '\x03',
                    '\0', '\0', '\0',   '\x04', '\0', '\0', '\0', '\x05'};
  for (int i = 0; i < 60; ++i) plain += static_cast<char>(i * 4);
  return {plain, compressed(plain)};
}

}  // namespace

const Target idx{"idx", feed, seeds};

}  // namespace fuzz
