// Decompression of gzip in memory, by zlib.
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/fail.h"
#include "data/idx.h"

namespace retrograd::data {
namespace {

class Inflater {
 public:
  explicit Inflater(const std::string& name) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream, gzip_only) != Z_OK)
      fail(ErrorKind::data, "{}: zlib could not be started", name);
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream stream{};
};

uInt bounded(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::numeric_limits<uInt>::max()));
}

bool is_padding(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

}  // namespace

std::string inflate_gzip(std::string_view file, const std::string& name, std::size_t most, bool& ended) {
  Inflater inflater(name);
  z_stream& stream = inflater.stream;
  std::string bytes;
  std::size_t used = 0;   // of bytes
  std::size_t given = 0;  // of file
  ended = false;
  while (true) {
    if (used == bytes.size() && used < most) {
      bytes.resize(std::min(most, std::max<std::size_t>(bytes.size() * 2, std::size_t{1} << 16)));
    }
    char beyond;  // shows whether there is a byte more than `most`
    const bool full = used == most;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data() + given));
    stream.avail_in = bounded(file.size() - given);
    stream.next_out = reinterpret_cast<Bytef*>(full ? &beyond : bytes.data() + used);
    stream.avail_out = full ? 1 : bounded(bytes.size() - used);
    const uInt in = stream.avail_in;
    const uInt out = stream.avail_out;
    const int status = inflate(&stream, Z_NO_FLUSH);
    given += in - stream.avail_in;
    if (full && stream.avail_out == 0) break;
    used += full ? 0 : out - stream.avail_out;

    if (status == Z_STREAM_END) {
      ended = is_padding(file.substr(given));
      if (ended) break;
      if (inflateReset(&stream) != Z_OK) fail(ErrorKind::data, "{}: zlib could not be started", name);
    } else if (status == Z_BUF_ERROR || (status == Z_OK && given == file.size() && stream.avail_out != 0)) {
      fail(ErrorKind::data, "{}: the compressed file is cut off after {} bytes, which hold {}", name,
           file.size(), used);
    } else if (status != Z_OK) {
      fail(ErrorKind::data, "{}: the compressed file is damaged: {}", name,
           stream.msg != nullptr ? stream.msg : "unknown reason");
    }
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace retrograd::data
