# How every target of the project is compiled and linked.
# Not here: what a single folder needs in addition (see src/<folder>/CMakeLists.txt).

# No -march=native and no contraction: the same instruction set gives the same bits on every machine.
add_compile_options(-ffp-contract=off)

# A designated initialiser leaves out what has a default: that is how definitions and options are written.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers)
if(RETROGRAD_WERROR)
  add_compile_options(-Werror)
endif()

if(RETROGRAD_SANITIZE)
  add_compile_options(-fsanitize=${RETROGRAD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RETROGRAD_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)  # false reports from instrumented code, as its manual says
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

  find_program(RETROGRAD_CCACHE ccache)
  if(RETROGRAD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${RETROGRAD_CCACHE}")
  endif()

  find_program(RETROGRAD_MOLD mold)
  find_program(RETROGRAD_LLD ld.lld)
  if(RETROGRAD_MOLD)
    add_link_options(-fuse-ld=mold)
  elseif(RETROGRAD_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()
