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

add_executable(peyk-train ${PROJECT_SOURCE_DIR}/extract/names/train.c)
target_link_libraries(peyk-train PRIVATE peyk_flags peyk_extract peyk_base)
set_target_properties(peyk-train PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools)

add_executable(peyk-rules ${PROJECT_SOURCE_DIR}/extract/events/prove.c)
target_link_libraries(peyk-rules PRIVATE peyk_flags peyk_extract peyk_base)
set_target_properties(peyk-rules PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools)

# What a model depends on, besides the tables: how features are made, and how it is learned.
set(tagger_sources ${PROJECT_SOURCE_DIR}/extract/names/features.c
    ${PROJECT_SOURCE_DIR}/extract/names/tagger.c ${PROJECT_SOURCE_DIR}/extract/names/tagger.h
    ${PROJECT_SOURCE_DIR}/extract/names/train.c)

set(events_tables refusals|predicates|prepositions|modality|modes|openers|confidence|.*_test)

# peyk_pack(<language> <folder>): <folder>/<language>.pack of the tables in <folder>, with a
# model learned from the language's sentences, where it has any.
function(peyk_pack language folder)
    set(source ${PROJECT_SOURCE_DIR}/extract)
    file(GLOB tables CONFIGURE_DEPENDS ${source}/lang/${language}/*.tsv
        ${source}/knowledge/*.tsv)
    file(GLOB sentences CONFIGURE_DEPENDS ${source}/lang/${language}/sentences/*.txt)
    set(model)
    if(sentences)
        set(model ${folder}/${language}.tagger)
        # names know nothing of events, but glued words are parted by all words that are known
        set(words ${tables})
        list(FILTER words EXCLUDE REGEX "/(${events_tables})\\.tsv$")
        # from the sources, where no pack of an earlier build lies
        add_custom_command(OUTPUT ${model}
            COMMAND peyk-train ${source} ${language} ${model} ${sentences}
            DEPENDS ${words} ${sentences} ${tagger_sources} VERBATIM)
        install(FILES ${model} DESTINATION ${CMAKE_INSTALL_DATADIR}/peyk)
    endif()
    add_custom_command(OUTPUT ${folder}/${language}.pack
        COMMAND peyk-pack . ${language} ${language}.pack
        WORKING_DIRECTORY ${folder}
        DEPENDS peyk-pack ${tables} ${model} VERBATIM)
    add_custom_target(peyk_pack_${language} ALL DEPENDS ${folder}/${language}.pack)
    install(FILES ${folder}/${language}.pack DESTINATION ${CMAKE_INSTALL_DATADIR}/peyk)

    # Every rule holds for its sentences and not for their near misses, or nothing is built.
    if(EXISTS ${source}/lang/${language}/rules_test.tsv)
        set(stamp ${PROJECT_BINARY_DIR}/generated/extract/${language}.rules)
        add_custom_command(OUTPUT ${stamp}
            COMMAND peyk-rules ${folder} ${source} ${language}
            COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
            DEPENDS peyk-rules ${folder}/${language}.pack ${tables}
            COMMENT "Trying the rules of ${language}" VERBATIM)
        add_custom_target(peyk_rules_${language} ALL DEPENDS ${stamp})
    endif()
endfunction()
