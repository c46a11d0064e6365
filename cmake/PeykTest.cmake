# The test kinds. A test's name is a path, its labels are its kind and its room, so that
# `ctest -L fetch` runs what concerns one room.
find_program(PEYK_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)

# Sanitizers make everything slower; a test may take so many times its usual limit.
set(PEYK_PATIENCE 1)
if(PEYK_SANITIZE OR PEYK_COVERAGE)
    set(PEYK_PATIENCE 5)
endif()

# peyk_unit_test(<room>/<file> [ROOMS ...] [LIBRARIES ...])
#
# tests/unit/<room>/<file>.c becomes the test unit/<room>/<file>. It links its room alone,
# so that a dependency that is not declared does not link.
function(peyk_unit_test path)
    cmake_parse_arguments(UNIT "" "" "ROOMS;LIBRARIES" ${ARGN})
    string(REGEX MATCH "^[a-z]+" room ${path})
    string(REPLACE "/" "_" target "unit_${path}")
    add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/unit/${path}.c)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${target} PRIVATE peyk_flags peyk_${room} PkgConfig::cmocka
        ${UNIT_LIBRARIES})
    foreach(other ${UNIT_ROOMS})
        target_link_libraries(${target} PRIVATE peyk_${other})
    endforeach()
    target_compile_definitions(${target} PRIVATE
        PEYK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" PEYK_BINARY_DIR="${PROJECT_BINARY_DIR}")
    add_test(NAME unit/${path} COMMAND ${target})
    math(EXPR limit "60 * ${PEYK_PATIENCE}")
    set_tests_properties(unit/${path} PROPERTIES LABELS "unit;${room}" TIMEOUT ${limit})
endfunction()

# peyk_script_test(<name> LABELS ... [TIMEOUT s] [LONG s] COMMAND ...): a test that is a
# script; exit status 77 means that it cannot run here and says why.
#
# LONG: it has a long form, too, that may take so many seconds: the test long/<name>, which only
# `ctest -C long` knows (./dev test --long), with PEYK_TEST_LONG=1 in its environment.
function(peyk_script_test name)
    cmake_parse_arguments(SCRIPT "" "TIMEOUT;LONG" "LABELS;COMMAND" ${ARGN})
    if(NOT SCRIPT_TIMEOUT)
        set(SCRIPT_TIMEOUT 120)
    endif()
    math(EXPR limit "${SCRIPT_TIMEOUT} * ${PEYK_PATIENCE}")
    add_test(NAME ${name} COMMAND ${SCRIPT_COMMAND}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS "${SCRIPT_LABELS}"
        TIMEOUT ${limit} SKIP_RETURN_CODE 77)
    if(SCRIPT_LONG)
        math(EXPR limit "${SCRIPT_LONG} * ${PEYK_PATIENCE}")
        add_test(NAME long/${name} CONFIGURATIONS long COMMAND ${SCRIPT_COMMAND}
            WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
        set_tests_properties(long/${name} PROPERTIES LABELS "long;${SCRIPT_LABELS}"
            TIMEOUT ${limit} SKIP_RETURN_CODE 77 ENVIRONMENT PEYK_TEST_LONG=1)
    endif()
endfunction()

# peyk_promises(<test> P1 ...): this test proves these promises of README.md: `ctest -L P1`. In
# the CMakeLists.txt that makes the test.
function(peyk_promises test)
    set_property(TEST ${test} APPEND PROPERTY LABELS ${ARGN})
endfunction()

# peyk_fuzz_target(<name> ROOMS ...): tests/fuzz/<name>.c with libFuzzer in the fuzz preset,
# with tests/fuzz/standalone.c elsewhere, which replays the kept corpus as a ctest:
# tests/fuzz/corpus/<name>/ and <name>-*/.
function(peyk_fuzz_target name)
    cmake_parse_arguments(FUZZ "" "" "ROOMS;LIBRARIES" ${ARGN})
    set(target fuzz_${name})
    file(GLOB corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}
        ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}-*)
    add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.c)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${target} PRIVATE peyk_flags ${FUZZ_LIBRARIES})
    target_compile_definitions(${target} PRIVATE PEYK_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        PEYK_BINARY_DIR="${PROJECT_BINARY_DIR}")
    foreach(room ${FUZZ_ROOMS})
        target_link_libraries(${target} PRIVATE peyk_${room})
    endforeach()
    if(PEYK_FUZZ)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        add_test(NAME fuzz/${name} COMMAND ${target} -runs=0 ${corpus})
    else()
        target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/standalone.c)
        add_test(NAME fuzz/${name} COMMAND ${target} ${corpus})
    endif()
    math(EXPR limit "120 * ${PEYK_PATIENCE}")
    set_tests_properties(fuzz/${name} PROPERTIES LABELS "fuzz" TIMEOUT ${limit})
endfunction()
