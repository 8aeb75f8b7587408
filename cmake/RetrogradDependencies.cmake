# The libraries that Retrograd links, as imported targets. Used by the build and, installed beside
# RetrogradConfig.cmake, by programs that link the static library.
include(CMakeFindDependencyMacro)

foreach(package Threads ZLIB PNG JPEG fmt hwy)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "Retrograd")
    find_dependency(${package})
  else()
    find_package(${package} REQUIRED)
  endif()
endforeach()

# oneDNN by path: its CMake package asks for OpenCL headers that a CPU build does not need.
if(NOT TARGET Retrograd::dnnl)
  find_path(RETROGRAD_DNNL_INCLUDE oneapi/dnnl/dnnl.hpp REQUIRED)
  find_library(RETROGRAD_DNNL_LIBRARY dnnl REQUIRED)
  add_library(Retrograd::dnnl UNKNOWN IMPORTED)
  set_target_properties(Retrograd::dnnl PROPERTIES
    IMPORTED_LOCATION "${RETROGRAD_DNNL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RETROGRAD_DNNL_INCLUDE}")
endif()

# The OpenMP runtime of oneDNN is libgomp. Linking it by name, whatever the compiler, keeps a second runtime
# out of the process; nothing here is compiled with -fopenmp.
if(NOT TARGET Retrograd::gomp)
  add_library(Retrograd::gomp INTERFACE IMPORTED)
  set_target_properties(Retrograd::gomp PROPERTIES INTERFACE_LINK_LIBRARIES "-lgomp")
endif()

# SHA-256.
if(NOT TARGET Retrograd::md)
  find_path(RETROGRAD_MD_INCLUDE sha2.h REQUIRED)
  find_library(RETROGRAD_MD_LIBRARY md REQUIRED)
  add_library(Retrograd::md UNKNOWN IMPORTED)
  set_target_properties(Retrograd::md PROPERTIES
    IMPORTED_LOCATION "${RETROGRAD_MD_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RETROGRAD_MD_INCLUDE}")
endif()
