// Reading a table of 1,000,000 rows and 50 columns, which is written first, to the folder of temporary files:
// parsed, split, standardised. Counters: the bytes of the file in a second, and the memory that the process
// had at most, beside that of the data in f32. Not here: training on it (docs/performance.md).
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>
#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

namespace rg = retrograd;

namespace {

constexpr std::int64_t columns = 50;

// How numbers are written.
enum Form { one_digit, four_decimals, all_digits };

std::string field(Form form, std::mt19937_64& random) {
  const double uniform = static_cast<double>(random() >> 11) * 0x1p-53;
  char text[40];
  switch (form) {
    case one_digit:
      std::snprintf(text, sizeof text, "%d", static_cast<int>(uniform * 10));
      break;
    case four_decimals:
      std::snprintf(text, sizeof text, "%.4f", 4 * uniform - 2);
      break;
    case all_digits:
      std::snprintf(text, sizeof text, "%.17g", 4 * uniform - 2);
      break;
  }
  return text;
}

std::string write_file(std::int64_t rows, Form form) {
  const auto path =
      std::filesystem::temp_directory_path() / ("retrograd_bench_" + std::to_string(form) + ".csv");
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::mt19937_64 random(1);
  std::string line;
  for (std::int64_t row = -1; row < rows; ++row) {
    line.clear();
    for (std::int64_t column = 0; column < columns; ++column) {
      line += column == 0 ? "" : ",";
      line += row < 0 ? "x" + std::to_string(column) : field(form, random);
    }
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), file);
  }
  std::fclose(file);
  return path.string();
}

// state.range: rows, threads
void read_table(benchmark::State& state, Form form) {
  const std::int64_t rows = state.range(0);
  rg::set_threads(static_cast<int>(state.range(1)));
  const std::string path = write_file(rows, form);
  for (auto _ : state) {
    const rg::data::Parts parts = rg::data::load_csv(path, {.task = rg::data::Task::regression});
    benchmark::DoNotOptimize(parts.train.rows());
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
  state.counters["peak_mb"] = static_cast<double>(usage.ru_maxrss) / 1e3;
  state.counters["data_mb"] = static_cast<double>(rows * columns * 4) / 1e6;
  std::filesystem::remove(path);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->Args({1'000'000, 1})->Args({1'000'000, 2})->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(read_table, four_decimals, four_decimals)->Apply(sizes);
BENCHMARK_CAPTURE(read_table, one_digit, one_digit)->Apply(sizes);
BENCHMARK_CAPTURE(read_table, all_digits, all_digits)->Apply(sizes);

}  // namespace
