# find_package(taos) gives the imported target taos::taos and taos_INCLUDE_DIRS, taos_LIBRARIES.
get_filename_component(_taos_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(taos_VERSION "@VERSION@")
set(taos_INCLUDE_DIRS "${_taos_prefix}/include")
set(taos_LIBRARIES "${_taos_prefix}/lib/@LIBRARY@")
if(NOT TARGET taos::taos)
  add_library(taos::taos SHARED IMPORTED)
  set_target_properties(taos::taos PROPERTIES
    IMPORTED_LOCATION "${taos_LIBRARIES}"
    INTERFACE_INCLUDE_DIRECTORIES "${taos_INCLUDE_DIRS}")
  if(EXISTS "${_taos_prefix}/lib/taos.lib")
    set_target_properties(taos::taos PROPERTIES IMPORTED_IMPLIB "${_taos_prefix}/lib/taos.lib")
  endif()
endif()
unset(_taos_prefix)
