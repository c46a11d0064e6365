# Writes OUT: a digest of SOURCES as PEYK_IMAGE_LAYOUT.
set(all "")
foreach(source ${SOURCES})
    file(SHA256 ${source} digest)
    string(APPEND all ${digest})
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUT} "/* Made by cmake/image_layout.cmake; do not edit. */
#define PEYK_IMAGE_LAYOUT \"${digest}\"
")
