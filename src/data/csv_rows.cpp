// Waves of pieces: while one is parsed, the next is read and the digest goes on.
#include "data/csv_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/fail.h"
#include "core/thread_pool.h"
#include "data/csv_header.h"
#include "data/sha256.h"

namespace retrograd::data {
namespace {

// Pieces in a wave: enough for as many threads; memory for two waves' text and one wave's cells is held.
constexpr std::size_t pieces_at_once = 8;

struct Wave {
  std::array<Piece, pieces_at_once> pieces;
  std::size_t count = 0;
  std::exception_ptr error;  // that the reading ended with

  void fill(TextPieces& text) noexcept {
    count = 0;
    try {
      while (count < pieces_at_once && text.next(pieces[count])) ++count;
    } catch (...) {
      error = std::current_exception();
    }
  }
};

class Reading {
 public:
  Reading(TextPieces& text, CsvRead& read, RowSink& sink) : text_(text), read_(read), sink_(sink) {}

  // The whole text. False where a column turned out to be text after numbers of it had been handed over; it
  // is text in the layout now.
  bool pass(const CsvHeader& header) {
    read_.columns.assign(read_.layout.names.size(), {});
    for (std::size_t i = 0; i < read_.columns.size(); ++i) {
      read_.columns[i].is_text = read_.layout.kinds[i] == CellKind::text;
    }
    sink_.begin(read_.layout);
    text_.rewind();
    rows_ = 0;
    late_ = false;
    Sha256 digest;
    Wave now, next;
    next.fill(text_);
    bool first = true;
    while (next.count > 0 || next.error) {
      std::swap(now, next);
      if (now.error) std::rethrow_exception(now.error);
      parse(now, next, digest, first ? &header : nullptr);
      first = false;
      for (std::size_t i = 0; i < now.count; ++i) merge(chunks_[i]);
      sink_.add(std::span(chunks_).first(now.count), read_.columns);
    }
    if (read_.sha256.empty()) read_.sha256 = digest.hex();
    return !late_;
  }
  std::int64_t rows() const { return rows_; }

 private:
  void parse(const Wave& wave, Wave& next, Sha256& digest, const CsvHeader* header) {
    for (std::size_t i = 0; i < wave.count; ++i) {
      chunks_[i].text = wave.pieces[i].text;
      chunks_[i].first_line = wave.pieces[i].first_line;
      chunks_[i].offset = wave.pieces[i].offset;
    }
    for (std::size_t i = 0; header != nullptr && i < wave.count; ++i) skip(*header, chunks_[i]);
    const bool wants_digest = read_.sha256.empty();
    core::parallel_for(static_cast<int>(wave.count) + 2, [&](int shard) {
      if (shard > 1) {
        parse_chunk(read_.layout, chunks_[static_cast<std::size_t>(shard) - 2]);
      } else if (shard == 1) {
        next.fill(text_);
      } else if (wants_digest) {
        if (header != nullptr && wave.pieces[0].offset > 0) digest.update("\xEF\xBB\xBF");
        for (std::size_t i = 0; i < wave.count; ++i) digest.update(wave.pieces[i].text);
      }
    });
  }

  // Cuts off what lies before the first row.
  static void skip(const CsvHeader& header, Chunk& chunk) {
    const auto size = static_cast<std::int64_t>(chunk.text.size());
    const std::int64_t cut = std::clamp<std::int64_t>(header.end - chunk.offset, 0, size);
    if (cut == 0) return;
    const std::string_view before = chunk.text.substr(0, static_cast<std::size_t>(cut));
    chunk.first_line += std::count(before.begin(), before.end(), '\n');
    chunk.text.remove_prefix(before.size());
    chunk.offset += cut;
  }

  void merge(Chunk& chunk) {
    if (chunk.error) std::rethrow_exception(chunk.error);
    for (std::size_t i = 0; i < read_.columns.size(); ++i) merge_column(chunk, i);
    rows_ += chunk.rows();
  }

  void merge_column(Chunk& chunk, std::size_t i) {
    CsvColumn& all = read_.columns[i];
    ChunkColumn& part = chunk.columns[i];
    if (!part.is_text) {
      if (all.is_text && (part.has_numbers || part.infinite)) become_text(i);
      all.has_numbers = all.has_numbers || part.has_numbers;
      if (!all.infinite) all.infinite = std::move(part.infinite);
      return;
    }
    if (!all.is_text) {
      const bool numbers_before = all.has_numbers || all.infinite;
      if (part.first_text && (numbers_before || part.has_numbers || part.infinite)) {
        read_.notices.push_back(fmt::format("{}: column \"{}\" is read as text because of \"{}\" in line {}.",
                                            read_.layout.name, read_.layout.names[i], part.first_text->text,
                                            part.first_text->line));
      }
      if (numbers_before) become_text(i);
      all.is_text = true;
      read_.layout.kinds[i] = CellKind::text;  // of the waves to come
    }
    std::vector<double> places;
    for (std::string& word : part.words) {
      const auto [found, is_new] = all.codes.emplace(word, static_cast<std::int32_t>(all.words.size()));
      if (is_new) all.words.push_back(std::move(word));
      places.push_back(found->second);
    }
    const std::size_t width = read_.columns.size();
    for (std::size_t at = i; at < chunk.cells.size(); at += width) {
      double& cell = chunk.cells[at];
      if (!std::isnan(cell)) cell = places[static_cast<std::size_t>(cell)];
    }
  }

  void become_text(std::size_t i) {
    read_.layout.kinds[i] = CellKind::text;
    late_ = true;
  }

  TextPieces& text_;
  CsvRead& read_;
  RowSink& sink_;
  std::array<Chunk, pieces_at_once> chunks_;
  std::int64_t rows_ = 0;
  bool late_ = false;
};

}  // namespace

CsvRead read_rows(TextPieces& text, const std::string& name, const CsvOptions& options, RowSink& sink) {
  CsvRead read;
  text.set_separator(options.separator);
  const CsvHeader header = read_header(text, name, options, read.layout, read.notices);
  Reading reading(text, read, sink);
  while (!reading.pass(header)) {
  }
  if (reading.rows() == 0) fail(ErrorKind::data, "{}: has a header but no rows", name);
  for (std::size_t i = 0; i < read.columns.size(); ++i) {
    const CsvColumn& column = read.columns[i];
    if (column.is_text || !column.infinite) continue;
    fail(ErrorKind::data,
         "{}: line {}: column \"{}\" has an infinite number, \"{}\"; expected finite numbers", name,
         column.infinite->line, read.layout.names[i], column.infinite->text);
  }
  return read;
}

}  // namespace retrograd::data
