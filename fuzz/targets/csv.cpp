// Tables as CSV, read, split and encoded.
#include <retrograd/data.h>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  const MemoryFile file(bytes);
  refusing([&] { retrograd::data::load_csv(file.path()); });
  refusing([&] { retrograd::data::load_csv(file.path(), {.task = retrograd::data::Task::multi_label}); });
  refusing([&] { retrograd::data::load_csv(file.path(), {.task = retrograd::data::Task::reconstruction}); });
}

std::vector<std::string> seeds() {
  return {"a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n9,0,x\n1,2,y\n",
          "\xef\xbb\xbfname;size;price\r\n\"a;\"\"b\";1e3;-2.5\r\n;NA;3\r\nc;4;1.5\r\nd;-0;9\r\n",
          "a,kinds\n1,x|y\n2,\n3,y | z|\n4,x\n5,|\n6,z\n7,x|y|z\n",
          "x\ty\n1\t0.1\n2\t0.2\n3\t0.3\n4\t0.4\n5\t0.5\n6\t0.6\n7\t0.7\n"};
}

}  // namespace

const Target csv{"csv", feed, seeds};

}  // namespace fuzz
