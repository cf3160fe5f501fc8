# Writes the header that names the commit, if it changed. cmake -DSOURCE=… -DHEADER=… -DVERSION=… -P
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(commit)
  set(commit " (commit ${commit})")
endif()
set(text "#define OMEN_VERSION \"${VERSION}\"\n#define OMEN_COMMIT \"${commit}\"\n")
if(EXISTS ${HEADER})
  file(READ ${HEADER} before)
endif()
if(NOT text STREQUAL "${before}")
  file(WRITE ${HEADER} "${text}")
endif()
