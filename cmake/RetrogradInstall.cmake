# What `cmake --install` puts where: headers, library, tool with its manual page and completions, the digits, the
# CMake package.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Retrograd")

if(TARGET retrograd)
  install(TARGETS retrograd EXPORT RetrogradTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT RetrogradTargets NAMESPACE retrograd:: DESTINATION "${package_dir}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING
          PATTERN "*.h")
endif()
if(TARGET retrograd_cli)
  install(TARGETS retrograd_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

# The tool writes its manual page and completions, so where it can run: they say what this build takes.
if(TARGET retrograd_cli AND NOT CMAKE_CROSSCOMPILING)
  # What the tool is asked, the file it makes, the folder it goes to.
  foreach(words
      "man|retrograd.1|${CMAKE_INSTALL_MANDIR}/man1"
      "completion bash|retrograd|${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
      "completion zsh|_retrograd|${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
      "completion fish|retrograd.fish|${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
    string(REPLACE "|" ";" words "${words}")
    list(GET words 0 question)
    list(GET words 1 file)
    list(GET words 2 folder)
    separate_arguments(question)
    set(output "${PROJECT_BINARY_DIR}/generated/help/${file}")
    add_custom_command(OUTPUT "${output}" COMMAND retrograd_cli ${question} > "${output}" DEPENDS retrograd_cli)
    list(APPEND help_files "${output}")
    install(FILES "${output}" DESTINATION "${folder}")
  endforeach()
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/generated/help")
  add_custom_target(retrograd_help ALL DEPENDS ${help_files})
endif()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/RetrogradConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/cmake/RetrogradConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cmake/RetrogradConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/cmake/RetrogradConfig.cmake"
  "${PROJECT_BINARY_DIR}/cmake/RetrogradConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/RetrogradDependencies.cmake"
  DESTINATION "${package_dir}")

install(FILES "${PROJECT_SOURCE_DIR}/data/digits.csv" "${PROJECT_SOURCE_DIR}/data/README.md"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/retrograd/data")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
