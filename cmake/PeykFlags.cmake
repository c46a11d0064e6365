# peyk_flags: how every file of the project is compiled and linked.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# CMake's own RelWithDebInfo defines NDEBUG and would delete the asserts, which are part
# of the program's safety here.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

add_library(peyk_flags INTERFACE)
target_include_directories(peyk_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(peyk_flags INTERFACE _GNU_SOURCE
    PEYK_VERSION="${PROJECT_VERSION}" PEYK_FAILPOINTS=$<BOOL:${PEYK_FAILPOINTS}>)
target_compile_options(peyk_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Wcast-qual
    -Wwrite-strings -Wswitch-enum -fvisibility=hidden)
if(PEYK_WERROR)
    target_compile_options(peyk_flags INTERFACE -Werror)
endif()

if(PEYK_SANITIZE)
    target_compile_options(peyk_flags INTERFACE -fsanitize=${PEYK_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(peyk_flags INTERFACE -fsanitize=${PEYK_SANITIZE})
endif()
if(PEYK_FUZZ)
    target_compile_options(peyk_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(PEYK_COVERAGE)
    target_compile_options(peyk_flags INTERFACE --coverage)
    target_link_options(peyk_flags INTERFACE --coverage)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT PEYK_SANITIZE)
    target_compile_options(peyk_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
        -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    target_link_options(peyk_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
