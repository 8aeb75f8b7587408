# One folder of src/ is one target; all folders together are the library.

# retrograd_folder(NAME <folder> LINKS <folders> PACKAGES <imported targets> HEADERS <public headers>
#                  GENERATED <sources>)
#   LINKS     every folder that this one may include from: the arrows of docs/architecture.md, all of them
#   HEADERS   the headers of include/retrograd/ that this folder implements
#   GENERATED sources that the build writes (see GenerateTables.cmake)
# tests/house reads LINKS and HEADERS from the text of the CMakeLists.txt.
function(retrograd_folder)
  cmake_parse_arguments(arg "" "NAME" "LINKS;PACKAGES;HEADERS;GENERATED" ${ARGN})
  set(target retrograd_${arg_NAME})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(links ${arg_LINKS})
  list(TRANSFORM links PREPEND retrograd_)

  if(NOT sources)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${links})
    return()
  endif()

  add_library(${target} STATIC ${sources} ${arg_GENERATED})
  target_include_directories(${target} PUBLIC
    "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/generated/include")
  target_link_libraries(${target} PUBLIC ${links} ${arg_PACKAGES})
  set_property(GLOBAL APPEND PROPERTY RETROGRAD_FOLDERS ${arg_NAME})
  set_property(GLOBAL APPEND PROPERTY RETROGRAD_PACKAGES ${arg_PACKAGES})
endfunction()

# retrograd_library(): the target retrograd, one static library with the objects of every folder, so that an
# installation has one file and folders that call each other through declarations need no link order.
function(retrograd_library)
  get_property(folders GLOBAL PROPERTY RETROGRAD_FOLDERS)
  get_property(packages GLOBAL PROPERTY RETROGRAD_PACKAGES)
  list(REMOVE_DUPLICATES packages)
  if(NOT folders)
    return()
  endif()
  foreach(folder ${folders})
    list(APPEND objects $<TARGET_OBJECTS:retrograd_${folder}>)
  endforeach()
  add_library(retrograd STATIC ${objects})
  add_library(retrograd::retrograd ALIAS retrograd)
  target_compile_features(retrograd PUBLIC cxx_std_20)
  target_include_directories(retrograd PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(retrograd PRIVATE ${packages})
  set_target_properties(retrograd PROPERTIES LINKER_LANGUAGE CXX)
endfunction()
