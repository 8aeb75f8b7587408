// The events of a run for TensorBoard, read by a reader of their own: lengths, checksums, tags, values.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;

// CRC-32C bit by bit, the highest power first, as RFC 3720 defines it.
std::uint32_t reference_crc(const std::string& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool in = (static_cast<unsigned char>(byte) >> bit & 1) != 0;
      const bool out = crc >> 31 != 0;
      crc <<= 1;
      if (in != out) crc ^= 0x1edc6f41;
    }
  }
  std::uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (crc >> bit & 1) << (31 - bit);
  return ~reversed;
}

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8; }

// Takes bytes from the front; throws where there are too few.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}
  bool done() const { return at_ == bytes_.size(); }
  std::string take(std::uint64_t count) {
    if (count > bytes_.size() - at_) throw std::runtime_error("cut off");
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  template <typename T>
  T number() {
    T value{};
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = number<unsigned char>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

// The fields of a message by number; of repeated ones all, of numbers their bytes.
std::multimap<unsigned, std::string> fields(const std::string& message) {
  std::multimap<unsigned, std::string> result;
  for (Reader reader(message); !reader.done();) {
    const std::uint64_t key = reader.varint();
    const auto field = static_cast<unsigned>(key >> 3);
    switch (key & 7) {
      case 0:
        result.emplace(field, std::to_string(reader.varint()));
        break;
      case 1:
        result.emplace(field, reader.take(8));
        break;
      case 2:
        result.emplace(field, reader.take(reader.varint()));
        break;
      case 5:
        result.emplace(field, reader.take(4));
        break;
      default:
        throw std::runtime_error("unknown wire type");
    }
  }
  return result;
}

std::vector<std::string> records(const std::string& file) {
  std::vector<std::string> result;
  for (Reader reader(file); !reader.done();) {
    const std::string length = reader.take(8);
    EXPECT_EQ(reader.number<std::uint32_t>(), masked(reference_crc(length)));
    result.push_back(reader.take(Reader(length).number<std::uint64_t>()));
    EXPECT_EQ(reader.number<std::uint32_t>(), masked(reference_crc(result.back())));
  }
  return result;
}

// Of one event.
std::map<std::string, float> scalars(const std::string& event) {
  std::map<std::string, float> result;
  const auto summaries = fields(event);
  const auto summary = fields(summaries.find(5)->second);
  for (auto [at, end] = summary.equal_range(1); at != end; ++at) {
    const auto value = fields(at->second);
    result[value.find(1)->second] = Reader(value.find(2)->second).number<float>();
  }
  return result;
}

const char* const name = "events.out.tfevents.retrograd";

TEST(Events, HoldTheMetricsOfEachEpochWithChecksums) {
  EXPECT_EQ(reference_crc("123456789"), 0xe3069283);  // RFC 3720, B.4
  const Workplace here;
  here.write("rows.csv", two_classes(100));
  const Outcome outcome =
      here.run({"train", "rows.csv", "--epochs", "3", "--track-test", "--out", "run", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::vector<std::string> events = records(here.read(std::string("run/") + name));
  ASSERT_EQ(events.size(), 1u + 3u);
  EXPECT_EQ(fields(events[0]).find(3)->second, "brain.Event:2");
  std::ifstream lines(here.file("run/metrics.jsonl"));
  for (std::size_t epoch = 1; epoch <= 3; ++epoch) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    const nlohmann::json metrics = nlohmann::json::parse(line);
    EXPECT_EQ(fields(events[epoch]).find(2)->second, std::to_string(epoch));
    const std::map<std::string, float> expected{{"loss/train", metrics["train_loss"].get<float>()},
                                                {"loss/validation", metrics["val_loss"].get<float>()},
                                                {"accuracy/validation", metrics["val_accuracy"].get<float>()},
                                                {"accuracy/test", metrics["test_accuracy"].get<float>()},
                                                {"learning_rate", metrics["learning_rate"].get<float>()},
                                                {"gradient_norm", metrics["grad_norm"].get<float>()}};
    EXPECT_EQ(scalars(events[epoch]), expected);
  }
}

TEST(Events, AreTheSameAgainButForTheTime) {
  const Workplace here;
  here.write("rows.csv", two_classes(100));
  std::vector<std::vector<std::string>> runs;
  for (const char* out : {"a", "b"}) {
    ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "2", "--out", out, "-q"}).exit_code, 0);
    runs.push_back(records(here.read(std::string(out) + "/" + name)));
  }
  ASSERT_EQ(runs[0].size(), runs[1].size());
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    auto first = fields(runs[0][i]), second = fields(runs[1][i]);
    EXPECT_EQ(first.erase(1), 1u);
    EXPECT_EQ(second.erase(1), 1u);
    EXPECT_EQ(first, second);
  }
}

TEST(Events, OfAResumedTrainingAreWholeAgain) {
  const Workplace here;
  here.write("rows.csv", two_classes(100));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "3", "--out", "run", "-q"}).exit_code, 0);
  here.write(std::string("run/") + name, "damaged");
  ASSERT_EQ(here.run({"train", "run", "--resume", "-q"}).exit_code, 0);
  EXPECT_EQ(records(here.read(std::string("run/") + name)).size(), 4u);
}

}  // namespace
