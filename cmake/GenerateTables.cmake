# Tables of definitions, written by the build from the sources that hold them. A static registrar would be
# dropped by the linker from a static library; a name in a table is a reference that it must resolve.

set(RETROGRAD_TABLE_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/WriteTable.cmake")
set(RETROGRAD_ELEMENTWISE_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/WriteElementwiseList.cmake")

# retrograd_table(<out> TYPE <type> NAMESPACE <namespace> TABLE <function> HEADER <header> SOURCES <files>)
# Writes a source that defines `std::span<const TYPE* const> TABLE()`, declared in HEADER, with every
# `extern const TYPE <name>` of SOURCES in the order of SOURCES. Sets <out> to the source's path.
function(retrograd_table out)
  cmake_parse_arguments(arg "" "TYPE;NAMESPACE;TABLE;HEADER" "SOURCES" ${ARGN})
  get_filename_component(folder "${arg_HEADER}" DIRECTORY)
  set(output "${PROJECT_BINARY_DIR}/generated/${folder}/${arg_TABLE}.cpp")
  string(REPLACE ";" "|" sources "${arg_SOURCES}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DTYPE=${arg_TYPE}" "-DNAMESPACE=${arg_NAMESPACE}" "-DTABLE=${arg_TABLE}"
            "-DHEADER=${arg_HEADER}" "-DOUTPUT=${output}" "-DSOURCES=${sources}"
            -P "${RETROGRAD_TABLE_SCRIPT}"
    DEPENDS ${arg_SOURCES} "${RETROGRAD_TABLE_SCRIPT}"
    COMMENT "Writing the table ${arg_TABLE}"
    VERBATIM)
  set(${out} "${output}" PARENT_SCOPE)
endfunction()

# retrograd_elementwise_list(<out> SOURCES <headers>)
# Writes kernels/elementwise_list.h, which includes every header and defines RETROGRAD_ELEMENTWISE(X) as X(Name)
# for the first struct of each. Sets <out> to the header's path.
function(retrograd_elementwise_list out)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  set(output "${PROJECT_BINARY_DIR}/generated/include/kernels/elementwise_list.h")
  string(REPLACE ";" "|" sources "${arg_SOURCES}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DSOURCES=${sources}"
            -P "${RETROGRAD_ELEMENTWISE_SCRIPT}"
    DEPENDS ${arg_SOURCES} "${RETROGRAD_ELEMENTWISE_SCRIPT}"
    COMMENT "Writing the list of element-wise functions"
    VERBATIM)
  set(${out} "${output}" PARENT_SCOPE)
endfunction()
