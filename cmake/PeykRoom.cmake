# peyk_room(<name> SOURCES ... [ROOMS ...] [LIBRARIES ...])
#
# One room is one static library. ROOMS are the rooms it may see, LIBRARIES the outside
# ones, which stay private to it: a hidden dependency is an undefined symbol.
function(peyk_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
    add_library(peyk_${name} STATIC ${ROOM_SOURCES})
    target_link_libraries(peyk_${name} PRIVATE peyk_flags ${ROOM_LIBRARIES})
    foreach(room ${ROOM_ROOMS})
        target_link_libraries(peyk_${name} PUBLIC peyk_${room})
    endforeach()
endfunction()

# peyk_program(<name> SOURCES ... ROOMS ... [LIBRARIES ...]): a binary in build/<preset>/bin.
function(peyk_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE peyk_flags ${PROGRAM_LIBRARIES})
    foreach(room ${PROGRAM_ROOMS})
        target_link_libraries(${name} PRIVATE peyk_${room})
    endforeach()
    install(TARGETS ${name} RUNTIME)
endfunction()
