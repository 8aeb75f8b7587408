# What `cmake --install` puts where: headers, library, tool, the digits, the CMake package.
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
