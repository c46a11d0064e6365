# Language packs, made at build (extract/pack/image.h).

# An image fits the sources that say how things lie in memory, and no others: any change
# of them makes another layout.
file(GLOB layout_sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/base/*.[ch] ${PROJECT_SOURCE_DIR}/extract/pack/*.[ch]
    ${PROJECT_SOURCE_DIR}/extract/text/*.[ch] ${PROJECT_SOURCE_DIR}/extract/names/*.[ch]
    ${PROJECT_SOURCE_DIR}/extract/events/*.[ch])
set(layout ${PROJECT_BINARY_DIR}/generated/extract/pack/image_layout.h)
add_custom_command(OUTPUT ${layout}
    COMMAND ${CMAKE_COMMAND} -D OUT=${layout} -D "SOURCES=${layout_sources}"
        -P ${PROJECT_SOURCE_DIR}/cmake/image_layout.cmake
    DEPENDS ${layout_sources} ${PROJECT_SOURCE_DIR}/cmake/image_layout.cmake VERBATIM)
target_sources(peyk_extract PRIVATE ${layout})

add_executable(peyk-pack ${PROJECT_SOURCE_DIR}/extract/pack/main.c)
target_link_libraries(peyk-pack PRIVATE peyk_flags peyk_extract peyk_base)
set_target_properties(peyk-pack PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools)

# peyk_pack(<language> <folder>): <folder>/<language>.pack of the tables in <folder>.
function(peyk_pack language folder)
    file(GLOB tables CONFIGURE_DEPENDS
        ${PROJECT_SOURCE_DIR}/extract/lang/${language}/*.tsv
        ${PROJECT_SOURCE_DIR}/extract/knowledge/*.tsv)
    add_custom_command(OUTPUT ${folder}/${language}.pack
        COMMAND peyk-pack . ${language} ${language}.pack
        WORKING_DIRECTORY ${folder}
        DEPENDS peyk-pack ${tables} VERBATIM)
    add_custom_target(peyk_pack_${language} ALL DEPENDS ${folder}/${language}.pack)
    install(FILES ${folder}/${language}.pack DESTINATION ${CMAKE_INSTALL_DATADIR}/peyk)
endfunction()
