// A table of 50 columns that is not kept in memory: read once, then its training part gathered in random
// batches from the file, which is written first, to the folder of temporary files (3.5 GB for 10,000,000
// rows). Counters: megabytes in a second while it is read (two passes: all rows, and those of the training
// part for means and deviations) and while batches are gathered, and the memory that the process had at most,
// beside that of the data in f32.
#include <benchmark/benchmark.h>
#include <retrograd/retrograd.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace rg = retrograd;

namespace {

constexpr std::int64_t columns = 50;
constexpr std::int64_t batch = 512;
constexpr std::int64_t bytes_of_a_row = columns * 7;

// Numbers of one digit and four decimals.
std::string write_file(std::int64_t rows) {
  const auto path = std::filesystem::temp_directory_path() / "retrograd_bench_stream.csv";
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::mt19937_64 random(1);
  std::string line;
  for (std::int64_t column = 0; column < columns; ++column) {
    line += (column == 0 ? "x" : ",x") + std::to_string(column);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), file);
  line.assign(static_cast<std::size_t>(bytes_of_a_row), ',');
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t at = 0; at < line.size(); at += 7) {
      std::uint64_t number = random() >> 40;
      line[at + 1] = '.';
      for (const std::size_t place : {0, 2, 3, 4, 5}) {
        line[at + place] = static_cast<char>('0' + number % 10);
        number /= 10;
      }
    }
    line.back() = '\n';
    std::fwrite(line.data(), 1, line.size(), file);
  }
  std::fclose(file);
  return path.string();
}

class Clock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// state.range: rows, threads
void stream_table(benchmark::State& state) {
  const std::int64_t rows = state.range(0);
  rg::set_threads(static_cast<int>(state.range(1)));
  const std::string path = write_file(rows);
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  for (auto _ : state) {
    const Clock reading;
    const rg::data::Parts parts = rg::data::load_csv(path, {.task = rg::data::Task::regression, .memory = 0});
    state.counters["read_mb/s"] = megabytes / reading.seconds();

    std::vector<std::int64_t> order(static_cast<std::size_t>(parts.train.rows()));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
    std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
    std::vector<float> inputs(static_cast<std::size_t>(batch * parts.train.input_shape().size()));
    const Clock gathering;
    for (std::size_t first = 0; first + batch <= order.size(); first += batch) {
      parts.train.copy_inputs(std::span(order).subspan(first, batch), inputs.data());
      benchmark::DoNotOptimize(inputs.data());
    }
    const double gathered = static_cast<double>(parts.train.rows() * bytes_of_a_row) / 1e6;
    state.counters["gather_mb/s"] = gathered / gathering.seconds();
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_mb"] = static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
  state.counters["data_mb"] = static_cast<double>(rows * columns * 4) / 1e6;
  std::filesystem::remove(path);
}

BENCHMARK(stream_table)
    ->Args({1'000'000, 2})
    ->Args({10'000'000, 2})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
