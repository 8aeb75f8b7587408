// The completions and the manual page say what the command line takes: every verb, every flag of its help.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <set>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The first words of the lines of a help that `pattern` finds in its first group.
std::set<std::string> found(const std::string& text, const char* pattern) {
  std::set<std::string> names;
  const std::regex regex(pattern);
  for (auto at = std::sregex_iterator(text.begin(), text.end(), regex); at != std::sregex_iterator(); ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

class Completion : public testing::Test {
 protected:
  Completion() {
    const std::string help = here.run({"--help"}).out;
    const std::size_t first = help.find("Subcommands:");
    verbs = found(help.substr(first, help.find("Examples:") - first), "\n  ([a-z][a-z-]*)");
    for (const std::string& verb : verbs) {
      // Lines of flags begin with two blanks: "  -q,--quiet ...".
      flags[verb] = found(here.run({verb, "--help"}).out, "(?:\n  |,)(--[a-z0-9-]+)");
    }
  }
  std::string script(const std::string& shell) {
    const Outcome outcome = here.run({"completion", shell});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    here.write("completion." + shell, outcome.out);
    return outcome.out;
  }
  // Whether `command` succeeds in the folder of the test.
  bool succeeds(const std::string& command) {
    return std::system(("cd '" + here.file("") + "' && " + command + " 2>errors.txt").c_str()) == 0;
  }
  // What bash offers for the last of the words.
  std::vector<std::string> offered(const std::vector<std::string>& words) {
    std::string line = "source completion.bash; COMP_WORDS=(";
    for (const std::string& word : words) line += "'" + word + "' ";
    line += "); COMP_CWORD=" + std::to_string(words.size() - 1) +
            "; _retrograd; printf '%s\\n' \"${COMPREPLY[@]}\"";
    here.write("ask.sh", line);
    EXPECT_TRUE(succeeds("bash ask.sh > answers.txt"));
    const std::set<std::string> names = found("\n" + here.read("answers.txt"), "\n([^\n]+)");
    return {names.begin(), names.end()};
  }

  Workplace here;
  std::set<std::string> verbs;
  std::map<std::string, std::set<std::string>> flags;
};

TEST_F(Completion, TheHelpNamesVerbsAndFlags) {
  EXPECT_THAT(verbs, testing::IsSupersetOf({"train", "eval", "completion"}));
  EXPECT_THAT(flags["train"],
              testing::IsSupersetOf({"--learning-rate", "--lr", "--json", "--quiet", "--l2"}));
}

TEST_F(Completion, EachShellAndTheManualPageHaveEveryVerbAndFlag) {
  const std::string bash = script("bash"), zsh = script("zsh"), fish = script("fish");
  const std::string man = here.run({"man"}).out;
  const auto from = [](const std::string& text, const std::string& start, const char* end) {
    const std::size_t at = text.find(start);
    EXPECT_NE(at, text.npos) << start;
    return at == text.npos ? "" : text.substr(at, text.find(end, at + 1) - at);
  };
  for (const auto& [verb, names] : flags) {
    const std::string of_zsh = from(zsh, "\n    " + verb + ")\n", " ;;");
    const auto escaped = [](const std::string& name) {
      return std::regex_replace(name, std::regex("-"), "\\-");
    };
    const std::string of_man = from(man, "\n.SS " + escaped(verb) + "\n", "\n.S");
    EXPECT_NE(bash.find("\n    " + verb + ")\n"), bash.npos) << verb;
    EXPECT_NE(fish.find(" -a " + verb + " "), fish.npos) << verb;
    for (const std::string& flag : names) {
      EXPECT_THAT(offered({"retrograd", verb, flag}), Contains(flag)) << verb;
      EXPECT_NE(of_zsh.find(flag), of_zsh.npos) << verb << " " << flag;
      const std::regex of_fish("'__fish_seen_subcommand_from " + verb + "'[^\n]* -l " + flag.substr(2) + " ");
      EXPECT_TRUE(std::regex_search(fish, of_fish)) << verb << " " << flag;
      EXPECT_NE(of_man.find(escaped(flag)), of_man.npos) << verb << " " << flag;
    }
  }
}

TEST_F(Completion, OfBashOffersVerbsFlagsChoicesAndFiles) {
  script("bash");
  here.write("rows.csv", "a\n");
  EXPECT_THAT(offered({"retrograd", "tra"}), ElementsAre("train"));
  EXPECT_THAT(offered({"retrograd", "train", "--learn"}), ElementsAre("--learning-rate"));
  EXPECT_THAT(offered({"retrograd", "train", "--format", "js"}), ElementsAre("json"));
  EXPECT_THAT(offered({"retrograd", "train", "--format", "=", "t"}), ElementsAre("text"));
  EXPECT_THAT(offered({"retrograd", "completion", "z"}), ElementsAre("zsh"));
  EXPECT_THAT(offered({"retrograd", "train", "ro"}), ElementsAre("rows.csv"));
  EXPECT_THAT(offered({"retrograd", "eval", "run", "--data", "ro"}), ElementsAre("rows.csv"));
  EXPECT_THAT(offered({"retrograd", "train", "--epochs", ""}), IsEmpty());
}

TEST_F(Completion, EachShellReadsItsScript) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    script(shell);
    if (!has_program(shell)) continue;  // bash is needed to build; the others are read where they are
    EXPECT_TRUE(succeeds(std::string(shell) + " -n completion." + shell)) << here.read("errors.txt");
    EXPECT_EQ(here.read("errors.txt"), "") << shell;
  }
  const Outcome unknown = here.run({"completion", "csh"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("known are bash, zsh, fish"));
}

TEST_F(Completion, OfFishOffersVerbsAndFlags) {
  if (!has_program("fish")) GTEST_SKIP() << "fish is not installed";
  script("fish");
  ASSERT_TRUE(
      succeeds("HOME=. fish -N -c 'source completion.fish; complete -C \"retrograd ev\"' > answers.txt"));
  EXPECT_THAT(here.read("answers.txt"), HasSubstr("eval\t"));
  ASSERT_TRUE(succeeds(
      "HOME=. fish -N -c 'source completion.fish; complete -C \"retrograd train --learn\"' > answers.txt"));
  EXPECT_THAT(here.read("answers.txt"), HasSubstr("--learning-rate\t"));
}

// The examples may be longer: they are to be copied.
TEST_F(Completion, TheHelpFitsTheTerminal) {
  ::setenv("COLUMNS", "80", 1);
  for (const std::string& verb : verbs) {
    const std::string help = here.run({verb, "--help"}).out;
    const std::string text = help.substr(0, help.find("Examples:"));
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      EXPECT_LE(end - at, 80u) << text.substr(at, end - at);
      at = end + 1;
    }
  }
  ::unsetenv("COLUMNS");
}

TEST_F(Completion, TheManualPageIsWellFormed) {
  here.write("retrograd.1", here.run({"man"}).out);
  const bool groff = has_program("groff"), mandoc = has_program("mandoc");
  if (groff) {
    EXPECT_TRUE(succeeds("groff -man -ww -z -Tascii retrograd.1")) << here.read("errors.txt");
    EXPECT_EQ(here.read("errors.txt"), "");
  }
  if (mandoc) {
    EXPECT_TRUE(succeeds("mandoc -T lint -W error retrograd.1 > errors.txt")) << here.read("errors.txt");
  }
  if (!groff && !mandoc) GTEST_SKIP() << "neither groff nor mandoc is installed";
}

}  // namespace
