# Run by the build (cmake -P): writes the table that retrograd_table() of GenerateTables.cmake describes.
cmake_minimum_required(VERSION 3.25)
string(REPLACE "|" ";" sources "${SOURCES}")

set(names "")
foreach(source ${sources})
  file(STRINGS "${source}" lines REGEX "^extern (constinit )?const ${TYPE} [A-Za-z0-9_]+ *({|=)")
  foreach(line ${lines})
    string(REGEX MATCH "^extern (constinit )?const ${TYPE} ([A-Za-z0-9_]+)" match "${line}")
    list(APPEND names "${CMAKE_MATCH_2}")
  endforeach()
endforeach()
list(LENGTH names count)
set(unique ${names})
list(REMOVE_DUPLICATES unique)
list(LENGTH unique unique_count)
if(NOT count EQUAL unique_count)
  message(FATAL_ERROR "${TABLE}: a name is defined twice among: ${names}")
endif()

set(declarations "")
set(entries "")
foreach(name ${names})
  string(APPEND declarations "extern const ${TYPE} ${name};\n")
  string(APPEND entries "      &${name},\n")
endforeach()
if(count EQUAL 0)
  set(body "  return {};\n")
else()
  set(body "  static constexpr const ${TYPE}* table[] = {\n${entries}  };\n  return table;\n")
endif()

string(CONCAT text
  "// Every ${TYPE} of the sources. Written by the build; not for editing.\n"
  "#include \"${HEADER}\"\n\n"
  "namespace ${NAMESPACE} {\n\n${declarations}\n"
  "std::span<const ${TYPE}* const> ${TABLE}() {\n${body}}\n\n"
  "}  // namespace ${NAMESPACE}\n")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "@text@" @ONLY)
