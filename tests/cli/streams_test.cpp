// What goes where: results on stdout, progress and notices on stderr; the terminal's bar and colours; exit
// codes of failures in mid-run. Not here: messages of bad input (bad_input_test.cpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// All that the tool writes where stdout and stderr are a terminal of `columns` columns.
std::string on_terminal(const Workplace& here, const std::vector<std::string>& arguments,
                        unsigned short columns = 80, const char* no_color = nullptr) {
  std::vector<std::string> words{RETROGRAD_TOOL};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const winsize size{.ws_row = 40, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  const pid_t process = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (process == 0) {
    ::setenv("TERM", "xterm", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    no_color == nullptr ? ::unsetenv("NO_COLOR") : ::setenv("NO_COLOR", no_color, 1);
    if (::chdir(here.file("").c_str()) == 0) ::execv(RETROGRAD_TOOL, pointers.data());
    ::_exit(127);
  }
  std::string text;
  char bytes[4096];
  for (ssize_t count; (count = ::read(terminal, bytes, sizeof bytes)) > 0;) text.append(bytes, count);
  ::close(terminal);
  int status = 0;
  ::waitpid(process, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << text;
  return text;
}

// The words of a shell, whose `retrograd` is the tool.
Outcome by_shell(const Workplace& here, const std::string& line) {
  const std::string script =
      "cd '" + here.file("") + "'; retrograd() { '" RETROGRAD_TOOL "' \"$@\"; }; " + line;
  here.write("line.sh", script);
  const int status = ::system(("bash '" + here.file("line.sh") + "' > '" + here.file("out.txt") + "' 2> '" +
                               here.file("err.txt") + "'")
                                  .c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, here.read("out.txt"), here.read("err.txt")};
}

class Streams : public testing::Test {
 protected:
  Streams() { here.write("rows.csv", two_classes(100)); }
  std::vector<std::string> train(const std::string& out, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"train", "rows.csv", "--epochs", "3", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Workplace here;
};

TEST_F(Streams, ABarIsDrawnOnATerminalAlone) {
  const std::string text = on_terminal(here, train("a"));
  EXPECT_THAT(text, AllOf(HasSubstr("\repoch 1/3 "), HasSubstr("\x1b[K"),
                          Not(HasSubstr("epoch 1/3  training loss"))));
  const Outcome outcome = here.run(train("b"));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("epoch 1/3  training loss"), Not(HasSubstr("\r"))));
}

TEST_F(Streams, TheBarKeepsToTheTerminalsWidth) {
  const std::string text = on_terminal(here, train("a"), 50);
  const std::size_t from = text.find("\repoch");
  ASSERT_NE(from, text.npos);
  std::string line = text.substr(from + 1, text.find("\x1b[K", from) - from - 1);
  std::size_t letters = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b')
      i = line.find('m', i);  // a colour
    else if ((line[i] & 0xc0) != 0x80)
      ++letters;
  }
  EXPECT_LE(letters, 50u) << line;
}

TEST_F(Streams, NoticesBreakBetweenWordsOnATerminal) {
  const std::string text = on_terminal(here, train("a"), 40);
  const std::string notice = text.substr(0, text.find("model: "));
  for (std::size_t at = 0; at < notice.size();) {
    const std::size_t end = std::min(notice.find("\r\n", at), notice.size());
    EXPECT_LT(end - at, 40u) << notice;
    at = end + 2;
  }
  EXPECT_THAT(notice, HasSubstr("\r\n"));
}

TEST_F(Streams, ColoursAreForTerminalsThatWantThem) {
  const char* const color = "\x1b[3";  // the beginning of a colour
  EXPECT_THAT(on_terminal(here, train("a")), HasSubstr(color));
  EXPECT_THAT(on_terminal(here, train("b", {"--no-color"})), Not(HasSubstr(color)));
  EXPECT_THAT(on_terminal(here, train("c"), 80, "1"), Not(HasSubstr(color)));
  EXPECT_THAT(on_terminal(here, train("d"), 80, ""), HasSubstr(color)) << "an empty NO_COLOR says nothing";
  const Outcome outcome = here.run(train("e"));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("\x1b")));
}

TEST_F(Streams, QuietLeavesTheResultAlone) {
  const Outcome quiet = here.run(train("a", {"--batch", "1000", "-q"}));
  EXPECT_EQ(quiet.err, "");
  EXPECT_THAT(quiet.out, HasSubstr("accuracy"));
  EXPECT_THAT(on_terminal(here, train("b", {"--quiet"})), Not(HasSubstr("epoch 1/3")));
}

TEST_F(Streams, NoticesAreOnStderrAndDoNotStopAnything) {
  ASSERT_EQ(here.run(train("run")).exit_code, 0);
  here.write("bare/config.toml", here.read("run/config.toml"));
  here.write("moved.csv", two_classes(101));
  const struct {
    std::vector<std::string> words;
    const char* notice;
  } cases[] = {
      {train("a", {"--batch", "1000"}), "1000"},
      {{"train", "bare", "--resume"}, "holds no checkpoint yet: the training starts anew"},
      {{"train", "run", "--data", "moved.csv", "--out", "b"},
       "is not what it was when the configuration was written"},
      {{"predict", "run", "--data", "rows.csv", "-o", "answers.csv"}, "100 predictions are in answers.csv"},
      {{"export-config", "run/model.safetensors"}, "names no data"},
      {{"doctor"}, "measuring"},
  };
  for (const auto& one : cases) {
    const Outcome outcome = here.run(one.words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(one.notice));
    EXPECT_THAT(outcome.out, Not(HasSubstr(one.notice)));
    std::vector<std::string> quietly = one.words;
    quietly.push_back("-q");
    for (std::string& word : quietly) {
      if (word == "a" || word == "b") word += "2";
      if (word == "bare") here.write("bare2/config.toml", here.read("run/config.toml")), word = "bare2";
    }
    EXPECT_EQ(here.run(quietly).err, "");
  }
}

TEST_F(Streams, AFullStdoutIsAFailure) {
  const Outcome outcome = by_shell(here, "retrograd explain > /dev/full");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("retrograd: stdout: writing failed"), HasSubstr("space")));
  // With nowhere to write the JSON the message goes to stderr.
  const Outcome json = by_shell(here, "retrograd explain --json > /dev/full");
  EXPECT_EQ(json.exit_code, 1);
  EXPECT_THAT(json.err, HasSubstr("writing failed"));
}

// A limit on the size of files does what a full disk does.
TEST_F(Streams, AFullDiskInMidRunIsAFailureThatNamesTheFile) {
  const Outcome outcome =
      by_shell(here, "trap '' XFSZ; ulimit -f 4; retrograd train rows.csv --epochs 3 --out full -q");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("retrograd: full/"), HasSubstr("cannot be written")));
}

TEST_F(Streams, AnInterruptIsAnErrorObjectToo) {
  const Outcome outcome = here.run_until(
      {"train", cli_test::digits(), "--epochs", "1000", "--out", "run", "--json", "-q"}, "run", 1, SIGINT);
  EXPECT_EQ(outcome.exit_code, 130);
  const nlohmann::json error = outcome.json().at("error");
  EXPECT_EQ(error.at("kind"), "interrupted");
  EXPECT_EQ(error.at("exit_code"), 130);
  EXPECT_THAT(error.at("message").get<std::string>(), HasSubstr("retrograd train run --resume"));
  EXPECT_TRUE(here.has("run/checkpoint/checkpoint.safetensors"));
}

}  // namespace
