# What goes where, besides programs (peyk_program) and manual pages (docs).
#
# Under /usr and /usr/local the configuration is in /etc, as Debian wants it; under any
# other prefix it stays inside. The prefix may still change at `cmake --install --prefix`,
# so the unit and the configuration are placed by a script that runs then.
install(DIRECTORY extract/knowledge extract/lang extract/sites DESTINATION ${CMAKE_INSTALL_DATADIR}/peyk
    PATTERN "README.md" EXCLUDE)
install(DIRECTORY config/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(CODE "
    set(PEYK_SOURCE [[${PROJECT_SOURCE_DIR}]])
    set(PEYK_BINARY [[${PROJECT_BINARY_DIR}]])
    set(PEYK_BINDIR [[${CMAKE_INSTALL_BINDIR}]])
    include([[${PROJECT_SOURCE_DIR}/cmake/install_unit.cmake]])")
