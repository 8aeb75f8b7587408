// The manual page, in the language of man(7).
#include <fmt/format.h>

#include "cli/help/command_line.h"

namespace cli::help {
namespace {

// Text as it stands: no letter of it is a request or a typographic sign.
std::string escaped(const std::string& text) {
  std::string result = replaced(text, "\\", "\\e");
  for (const auto& [from, to] :
       {std::pair{"-", "\\-"}, {"'", "\\(aq"}, {"`", "\\(ga"}, {"^", "\\(ha"}, {"~", "\\(ti"}}) {
    result = replaced(result, from, to);
  }
  return result.starts_with('.') ? "\\&" + result : result;
}

std::string examples(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = ".PP\n.nf\n";
  for (const std::string& line : lines) text += escaped(line) + "\n";
  return text + ".fi\n";
}

std::string entry(const Flag& flag, bool positional) {
  std::string names;
  for (const std::string& name : flag.names) {
    names += (names.empty() ? "" : ", ") + fmt::format("\\fB{}\\fR", escaped(name));
  }
  if (!flag.value.empty() && !positional) names += fmt::format(" \\fI{}\\fR", escaped(flag.value));
  return fmt::format(".TP\n{}\n{}\n", names, escaped(flag.text));
}

// "retrograd eval [FLAGS] RUN DATA"
std::string synopsis(const Command& command) {
  std::string text = fmt::format("\\fBretrograd {}\\fR [\\fIFLAGS\\fR]", escaped(command.name));
  for (const Flag& argument : command.arguments) {
    const std::string name = fmt::format("\\fI{}\\fR", escaped(argument.names[0]));
    text += argument.required ? " " + name : " [" + name + "]";
  }
  return text;
}

constexpr const char* end = R"TEXT(.SH EXIT STATUS
.TP
0
done
.TP
1
failed: input or output in mid-run, a full disk, a check
.TP
2
usage: an unknown flag, column or model text, a folder that exists or cannot be written
.TP
3
data: missing, empty, truncated or malformed
.TP
4
the training diverged
.TP
130
interrupted, after a checkpoint
.SH ENVIRONMENT
.TP
NO_COLOR
no colours, where it is not empty
.TP
RETROGRAD_DATA
the folder above
.IR mnist /
.TP
RETROGRAD_PLAN
.I plain
runs every step by its reference kernel and checks each value: slow, for debugging
.SH FILES
A run is a folder:
.I config.toml
(every setting; training it repeats the run),
.IR metrics.csv ,
.IR metrics.jsonl ,
.I events.out.tfevents.retrograd
(for TensorBoard),
.IR model.safetensors ,
.IR checkpoint/ ,
.IR report.html ,
.IR result.json ,
.IR log.txt .
)TEXT";

}  // namespace

std::string manual_page(const CommandLine& line) {
  std::string text = fmt::format(
      ".TH RETROGRAD 1 \"\" \"Retrograd {}\" \"User Commands\"\n.SH NAME\nretrograd \\- "
      "train neural networks by backpropagation\n.SH SYNOPSIS\n",
      line.version);
  for (const Command& command : line.commands)
    text += (&command == line.commands.data() ? "" : ".br\n") + synopsis(command) + "\n";
  text += fmt::format(".SH DESCRIPTION\n{}\n", escaped(line.description));
  for (const Flag& flag : line.flags) text += entry(flag, false);
  text += ".SH VERBS\n";
  for (const Command& command : line.commands) {
    text += fmt::format(".SS {}\n{}\n", escaped(command.name), escaped(command.description));
    for (const Flag& argument : command.arguments) text += entry(argument, true);
    for (const Flag& flag : command.flags) text += entry(flag, false);
    text += examples(command.examples);
  }
  return text + end + ".SH EXAMPLES\n" + examples(line.examples).substr(line.examples.empty() ? 0 : 4);
}

}  // namespace cli::help
