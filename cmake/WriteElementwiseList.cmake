# Run by the build (cmake -P): writes the header that retrograd_elementwise_list() of GenerateTables.cmake describes.
cmake_minimum_required(VERSION 3.25)
string(REPLACE "|" ";" sources "${SOURCES}")

set(includes "")
set(entries "")
foreach(source ${sources})
  get_filename_component(file "${source}" NAME)
  file(READ "${source}" content)
  if(NOT content MATCHES "(^|\n)struct ([A-Za-z0-9]+) *(:|{)")
    message(FATAL_ERROR "${source} has no struct")
  endif()
  string(APPEND includes "#include \"kernels/elementwise/${file}\"\n")
  string(APPEND entries " \\\n  X(${CMAKE_MATCH_2})")
endforeach()

string(CONCAT text
  "// Every element-wise function. Written by the build; not for editing. Included once for each vocabulary of\n"
  "// values (scalars, vectors of one instruction set), inside that vocabulary's namespace.\n"
  "${includes}\n#undef RETROGRAD_ELEMENTWISE\n#define RETROGRAD_ELEMENTWISE(X)${entries}\n")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "@text@" @ONLY)
