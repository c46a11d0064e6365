# Runs at `cmake --install`: the unit with the paths of the prefix, and a first
# configuration. file(INSTALL) respects DESTDIR.
set(prefix ${CMAKE_INSTALL_PREFIX})
if(prefix MATCHES "^/usr(/local)?/?$")
    set(etc /etc)
else()
    set(etc ${prefix}/etc)
endif()

file(READ ${PEYK_SOURCE}/systemd/peykd.service unit)
string(REPLACE "=/usr/bin/peyk" "=${prefix}/${PEYK_BINDIR}/peyk" unit "${unit}")
string(REPLACE "/etc/peyk/" "${etc}/peyk/" unit "${unit}")
file(WRITE ${PEYK_BINARY}/install/peykd.service "${unit}")
file(INSTALL ${PEYK_BINARY}/install/peykd.service DESTINATION ${prefix}/lib/systemd/system)

# A configuration that somebody has made his own stays.
if(EXISTS $ENV{DESTDIR}${etc}/peyk/peyk.yaml)
    message(STATUS "Kept: $ENV{DESTDIR}${etc}/peyk/peyk.yaml")
else()
    file(INSTALL ${PEYK_SOURCE}/config/examples/peyk.yaml DESTINATION ${etc}/peyk)
endif()
