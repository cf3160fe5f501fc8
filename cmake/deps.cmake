# Every dependency: what it is for, its licence, and the one folder that may include it.
# Versions are Debian 12's unless said otherwise; tools/tidy.py holds the containment.
#
# name      version     licence      folder                 why
# rocksdb   7.8.3       Apache-2.0   src/rowstore/internal  transactions, WAL, LSM storage
# duckdb    1.4.4 (npm) MIT          src/colstore/internal  vectorised analytics
# pg_query  15-4.0      BSD-3        src/sql/internal       PostgreSQL's own grammar
# pg headers 15         PostgreSQL   src/sql/internal       node definitions of that grammar
# fmt       9.1         MIT          any                    text formatting (GCC 12 has no <format>)
# spdlog    1.10        MIT          src/obs                log sinks
# json      3.11        MIT          src/catalog            catalog objects on disk
# asio      1.22        BSL-1.0      src/pgwire             sockets
# openssl   3.0         Apache-2.0   src/pgwire             TLS, SCRAM digests, CSPRNG
# CLI11     2.3         BSD-3        src/app                command line
# toml++    3.3         MIT          src/app                configuration file
# absl      20220623    Apache-2.0   src/rowstore/internal  a B-tree of own writes, tables of locks, of cached rows;
#                                                        bench/index's yardstick, too
# jemalloc  5.3.0       BSD-2        linked by the server   malloc: less processor time for each transaction, free memory
#                                                        is given back; not beside a sanitizer, which brings its own
# gtest     1.12        BSD-3        tests only
# pgm-index, alex       Apache, MIT  bench/index            reference, only where a checkout is given

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(GTest REQUIRED)
find_package(absl REQUIRED)

set(DUCKDB_ROOT "$ENV{DUCKDB_ROOT}" CACHE PATH "Folder with include/ and lib/ of DuckDB; default: the npm packages")
if(NOT DUCKDB_ROOT)
  set(OMEN_ENGINES "$ENV{OMEN_ENGINES}" CACHE PATH "Where third_party/engines was installed by npm ci")
  if(NOT OMEN_ENGINES)
    set(OMEN_ENGINES "$ENV{HOME}/.cache/omendb/engines/node_modules" CACHE PATH "" FORCE)
  endif()
  set(duckdb_include "${OMEN_ENGINES}/duckdb/src/duckdb/src/include")
  set(duckdb_library "${OMEN_ENGINES}/@duckdb/node-bindings-linux-x64/libduckdb.so")
else()
  set(duckdb_include "${DUCKDB_ROOT}/include")
  set(duckdb_library "${DUCKDB_ROOT}/lib/libduckdb.so")
endif()
if(NOT EXISTS "${duckdb_library}")
  message(FATAL_ERROR "DuckDB not found at ${duckdb_library}; run ./dev build, or set DUCKDB_ROOT")
endif()

function(omen_dependency name)
  add_library(dep_${name} INTERFACE)
endfunction()

omen_dependency(fmt)
target_link_libraries(dep_fmt INTERFACE fmt::fmt)
omen_dependency(spdlog)
target_link_libraries(dep_spdlog INTERFACE spdlog::spdlog)
target_compile_definitions(dep_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
omen_dependency(jemalloc)
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  target_link_libraries(dep_jemalloc INTERFACE jemalloc)
endif()
omen_dependency(json)
omen_dependency(cli11)
omen_dependency(toml)
omen_dependency(asio)
target_compile_definitions(dep_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(dep_asio INTERFACE Threads::Threads)
omen_dependency(openssl)
target_link_libraries(dep_openssl INTERFACE OpenSSL::SSL OpenSSL::Crypto)
omen_dependency(rocksdb)
target_link_libraries(dep_rocksdb INTERFACE rocksdb)
omen_dependency(absl)
target_link_libraries(dep_absl INTERFACE absl::btree absl::flat_hash_map)
omen_dependency(pgquery)
target_include_directories(dep_pgquery SYSTEM INTERFACE /usr/include/postgresql/15/server)
target_link_libraries(dep_pgquery INTERFACE pg_query)
omen_dependency(duckdb)
target_include_directories(dep_duckdb SYSTEM INTERFACE "${duckdb_include}")
target_link_libraries(dep_duckdb INTERFACE "${duckdb_library}")
get_filename_component(duckdb_library_folder "${duckdb_library}" DIRECTORY)
list(APPEND CMAKE_BUILD_RPATH "${duckdb_library_folder}")
list(APPEND CMAKE_INSTALL_RPATH "${duckdb_library_folder}")
