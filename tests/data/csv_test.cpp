// Reading of CSV: RFC 4180, types, what is missing, errors.
#include <retrograd/table.h>

#include <cmath>
#include <random>

#include "data/file.h"
#include "data/value.h"
#include "data_test.h"

namespace retrograd::data {
namespace {

Table parse(const std::string& text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

void expect_data_error(const std::string& text, const std::string& message) {
  expect_error(ErrorKind::data, message, [&] { parse(text); });
}

TEST(Csv, ReadsNumbersAndText) {
  const Table table = parse("a,b\n1,x\n-2.5e3,y\n+.5,x\n");
  ASSERT_EQ(table.rows(), 3);
  EXPECT_EQ(table["a"].numbers, (std::vector<double>{1, -2500, 0.5}));
  EXPECT_TRUE(table["b"].is_text);
  EXPECT_EQ(table["b"].words, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(table["b"].codes, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(table.lines, (std::vector<std::int64_t>{2, 3, 4}));
}

TEST(Csv, QuotedFieldsHoldSeparatorsNewlinesAndQuotes) {
  const Table table = parse("\"a,1\",b\n\"x,\"\"y\"\"\",\"two\nlines\"\nz,\"\"\n");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"a,1", "b"}));
  EXPECT_EQ(table.columns[0].text(0), "x,\"y\"");
  EXPECT_EQ(table.columns[1].text(0), "two\nlines");
  EXPECT_TRUE(table.columns[1].is_missing(1));
  EXPECT_EQ(table.lines, (std::vector<std::int64_t>{2, 4}));
}

TEST(Csv, AcceptsByteOrderMarkCrlfAndNoNewlineAtTheEnd) {
  const Table table = parse(
      "\xEF\xBB\xBF"
      "a,b\r\n1,x\r\n\r\n2,\"y\"\r\n3,z");
  EXPECT_EQ(table.names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table["a"].numbers, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(table["b"].words, (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(table.lines, (std::vector<std::int64_t>{2, 4, 5}));
}

TEST(Csv, DetectsTheSeparatorInTheHeader) {
  EXPECT_EQ(parse("a;b,c;d\n1;2;3\n").names(), (std::vector<std::string>{"a", "b,c", "d"}));
  EXPECT_EQ(parse("a\tb\n1\t\n").names(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse("\"a;;;\",b\n1,2\n").names(), (std::vector<std::string>{"a;;;", "b"}));
  EXPECT_EQ(parse("a;b,c\n1;2,3\n", {.separator = ','}).names(), (std::vector<std::string>{"a;b", "c"}));
}

TEST(Csv, EmptyAndNaAreMissing) {
  const Table table = parse("n,t\n,\nNA,NA\nNaN,N/A\nnull,nan\n1,Na\n");
  for (int row = 0; row < 4; ++row) {
    EXPECT_TRUE(table["n"].is_missing(row));
    EXPECT_TRUE(table["t"].is_missing(row));
  }
  EXPECT_EQ(table["n"].numbers[4], 1);
  EXPECT_EQ(table["t"].text(4), "Na");  // sodium is not missing
}

TEST(Csv, BoolIsText) { EXPECT_TRUE(parse("a\ntrue\nfalse\n")["a"].is_text); }

TEST(Csv, AColumnWithALateTextKeepsTheTextOfItsNumbers) {
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) text += "007,1\n";
  const Table table = parse(text + "?,2\n08,3\n");
  EXPECT_EQ(table["a"].words, (std::vector<std::string>{"007", "?", "08"}));
  EXPECT_EQ(table["a"].codes.size(), 102u);
  EXPECT_EQ(table["a"].codes[101], 2);
  EXPECT_EQ(table["b"].numbers[101], 3);
  EXPECT_EQ(table.notices,
            (std::vector<std::string>{"t.csv: column \"a\" is read as text because of \"?\" in line 102."}));
}

TEST(Csv, ColumnsCanBeReadAsText) {
  const Table table = parse("zip,n\n01,1\n1,2\n", {.text_columns = {"zip", "not there"}});
  EXPECT_EQ(table["zip"].words, (std::vector<std::string>{"01", "1"}));
  EXPECT_FALSE(table["n"].is_text);
}

TEST(Csv, BlanksAroundAFieldAreDropped) {
  const Table table = parse("a , b\n 1 , \"x, y\" \n2,\" z \"\n");
  EXPECT_EQ(table["a"].numbers, (std::vector<double>{1, 2}));
  EXPECT_EQ(table["b"].words, (std::vector<std::string>{"x, y", " z "}));
}

TEST(Csv, AnUnnamedColumnIsCalledByItsPlace) {
  EXPECT_EQ(parse(",a\n1,2\n").names(), (std::vector<std::string>{"column_1", "a"}));
}

TEST(Csv, AHeaderOfNumbersIsNoticed) {
  EXPECT_EQ(parse("5.1,3.5\n1,2\n").notices,
            (std::vector<std::string>{"t.csv: line 1 is taken as the header although it has only numbers."}));
}

TEST(Csv, NamesTheFaultAndItsLine) {
  expect_data_error("", "t.csv: is empty; expected a header line and rows");
  expect_data_error("\n \n", "t.csv: is empty; expected a header line and rows");
  expect_data_error("a,b\n", "t.csv: has a header but no rows");
  expect_data_error("a,b\n1,2\n1\n", "t.csv: line 3 has 1 field; expected 2 as in the header");
  expect_data_error("a,b\n\"1\n\",2\n1,2,3\n", "t.csv: line 4 has 3 fields; expected 2 as in the header");
  expect_data_error("a,b\n1,2\n3,\"open\n4,5\n", "t.csv: line 3: the quote that opens here is never closed");
  expect_data_error("a,b\n\"x\ny\",\"open\n", "t.csv: line 3: the quote that opens here is never closed");
  expect_data_error(
      "a,b\n\"x\"y,1\n",
      "t.csv: line 2: text follows a closing quote; a quote inside a quoted field is written twice");
  expect_data_error("a,b,a\n1,2,3\n",
                    "t.csv: line 1: the column name \"a\" stands twice in the header, in fields 1 and 3");
  expect_data_error("a\n1\n\ninf\n",
                    "t.csv: line 4: column \"a\" has an infinite number, \"inf\"; expected finite numbers");
  expect_data_error("a\n1e999\n",
                    "t.csv: line 2: column \"a\" has an infinite number, \"1e999\"; expected finite numbers");
  expect_data_error(
      "a,b\nx,1\n\xE4,2\n",
      "t.csv: line 3: column \"a\" has text that is not UTF-8; convert the file, for example with iconv "
      "-f LATIN1 -t UTF-8");
  expect_data_error(std::string("\xFF\xFE"
                                "a\0\n\0",
                                6),
                    "t.csv: is not a text file: line 1 has a zero byte");
}

TEST(Csv, InfinityInATextColumnIsText) { EXPECT_EQ(parse("a\ninf\nx\n")["a"].words[0], "inf"); }

TEST(Csv, MissingFileAndFolderAreNamed) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/none.csv";
  expect_error(ErrorKind::data, path + ": no such file", [&] { read_csv(path); });
  expect_error(ErrorKind::data, folder.path() + ": is a folder, expected a file",
               [&] { read_csv(folder.path()); });
}

TEST(Csv, AFileReadsLikeItsBytesAndHasTheirDigest) {
  const TemporaryFolder folder;
  // Long enough that the digest is computed beside the reading.
  std::string text = "a,b\n";
  for (int i = 0; i < 200000; ++i) text += "1.25,x\n";
  const Table table = read_csv(folder.write("t.csv", text));
  EXPECT_EQ(table.rows(), 200000);
  EXPECT_EQ(table.sha256, sha256_hex(text));
}

TEST(Csv, UnknownColumnGetsASuggestion) {
  const Table table = parse("digit,p00\n1,2\n");
  expect_error(ErrorKind::argument, "t.csv has no column \"digt\": did you mean \"digit\"?",
               [&] { table["digt"]; });
  expect_error(ErrorKind::argument, "t.csv has no column \"zzzzz\": its columns are \"digit\", \"p00\"",
               [&] { table["zzzzz"]; });
}

// Any table written with csv_field is read back as it was.
TEST(Csv, RandomTablesComeBackAsTheyWereWritten) {
  std::mt19937 random(7);
  const std::string alphabet = "ab,;\t\"\n\r x1.\xC3\xA4";
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t columns = 1 + random() % 5, rows = 1 + random() % 40;
    const char separator = ",;\t"[random() % 3];
    std::vector<std::vector<std::string>> cells(rows + 1, std::vector<std::string>(columns));
    std::string text;
    for (std::size_t r = 0; r <= rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        std::string& cell = cells[r][c];
        if (r == 0) cell = "c" + std::to_string(c);  // distinct
        for (std::size_t i = random() % 6; i > 0; --i) {
          const char letter = alphabet[random() % (alphabet.size() - 2)];
          cell += letter == 'b' ? "\xC3\xA4" : std::string(1, letter);
        }
        // An empty line is no row: the one empty field of a row has to be quoted.
        text +=
            (c > 0 ? std::string(1, separator) : "") + (cell.empty() ? "\"\"" : csv_field(cell, separator));
      }
      text += random() % 2 != 0 ? "\n" : "\r\n";
    }
    CsvOptions options{.separator = separator, .text_columns = cells[0]};
    const Table table = parse(text, options);
    ASSERT_EQ(table.names(), cells[0]);
    ASSERT_EQ(table.rows(), static_cast<std::int64_t>(rows));
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        const Column& column = table.columns[c];
        const std::string& cell = cells[r + 1][c];
        double number;
        const bool missing = read_value(cell, number) == Value::missing;  // blanks alone are missing, too
        ASSERT_EQ(column.text(static_cast<std::int64_t>(r)), missing ? "" : cell) << text;
      }
    }
  }
}

TEST(Csv, AnyBytesGiveATableOrAnErrorOfData) {
  std::mt19937 random(11);
  const std::string alphabet = "a1,;\"\n\r\t \xC3\xA4\xEF\xBB\xBF.-e";
  for (int trial = 0; trial < 5000; ++trial) {
    std::string text = "a,b\n1,2\n";
    if (trial % 2 != 0) text.clear();
    for (std::size_t i = random() % 40; i > 0; --i) text += alphabet[random() % alphabet.size()];
    try {
      const Table table = parse(text);
      for (const Column& column : table.columns) {
        const std::size_t rows = column.is_text ? column.codes.size() : column.numbers.size();
        ASSERT_EQ(static_cast<std::int64_t>(rows), table.rows()) << text;
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::data) << error.what();
    }
  }
}

TEST(Value, ShortNumbersEqualTheNearestDouble) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text = random() % 2 != 0 ? "-" : "";
    const std::size_t digits = 1 + random() % 20, point = random() % 24;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i == point) text += '.';
      text += static_cast<char>('0' + random() % 10);
    }
    double number = 0;
    ASSERT_EQ(read_value(text, number), Value::number) << text;
    ASSERT_EQ(number, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Value, TellsNumbersFromText) {
  double number;
  for (const char* text : {"1", "-1.", ".5", "1e5", "1E-5", "+3", " 7\t", "1e-999", "00012"}) {
    EXPECT_EQ(read_value(text, number), Value::number) << text;
  }
  for (const char* text :
       {"-", "+", ".", "1.2.3", "1,5", "0x10", "1e", "--1", "+-1", "1 2", "true", "e5", "-."}) {
    EXPECT_EQ(read_value(text, number), Value::text) << text;
  }
  for (const char* text : {"inf", "-Infinity", "1e400", "-1e400"}) {
    EXPECT_EQ(read_value(text, number), Value::infinite) << text;
  }
  EXPECT_EQ(read_value("1e-999", number), Value::number);
  EXPECT_EQ(number, 0);
}

TEST(Value, NumberTextReadsBackTheSame) {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 1000; ++trial) {
    const double value =
        std::ldexp(static_cast<double>(random()) - 9e18, static_cast<int>(random() % 200) - 100);
    double number;
    ASSERT_EQ(read_value(number_text(value), number), Value::number);
    ASSERT_EQ(number, value);
  }
  EXPECT_EQ(number_text(3.0), "3");
  EXPECT_EQ(number_text(-0.0), "0");
}

TEST(Utf8, RefusesOverlongSurrogatesAndCutSequences) {
  for (const char* text : {"", "abc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xE2\x82", "\xC3(", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const std::vector<std::string_view> pieces{"a", "", "bc"};
  EXPECT_EQ(sha256_hex(pieces), sha256_hex("abc"));
}

}  // namespace
}  // namespace retrograd::data
