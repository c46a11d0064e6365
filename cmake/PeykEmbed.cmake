# peyk_embed_sql(<room> <file>...): the room's migrations, in the order of their names, as
# pk_<room>_schema[] and pk_<room>_schema_steps in build/<preset>/generated/<room>/schema.h.
#
# A migration is never edited once it was released; a change is a new file.
function(peyk_embed_sql room)
    set(header ${PROJECT_BINARY_DIR}/generated/${room}/schema.h)
    string(REPLACE "/" "_" name ${room})
    set(text "/* Made from the room's schema folder; do not edit. */\n")
    string(APPEND text "#include <stddef.h>\n")
    string(APPEND text "static const char *const pk_${name}_schema[] = {\n")
    list(LENGTH ARGN steps)
    foreach(file ${ARGN})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
            ${CMAKE_CURRENT_SOURCE_DIR}/${file})
        file(READ ${file} sql)
        string(REPLACE "\\" "\\\\" sql "${sql}")
        string(REPLACE "\"" "\\\"" sql "${sql}")
        string(REPLACE "\n" "\\n\"\n\"" sql "${sql}")
        string(APPEND text "\"${sql}\",\n")
    endforeach()
    string(APPEND text "};\nstatic const size_t pk_${name}_schema_steps = ${steps};\n")
    file(CONFIGURE OUTPUT ${header} CONTENT "${text}" @ONLY)
endfunction()
