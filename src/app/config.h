// Every setting of the server process: name, default, meaning. Read from a TOML file and
// the command line; unknown keys are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::app {

struct Config {
  std::string data = "data";
  std::string host = "127.0.0.1";
  uint16_t port = 5432;
  std::string socket_dir;     // empty: the data folder
  std::string auth = "auto";  // auto: trust on the socket and loopback, SCRAM elsewhere
  std::string password_file;  // first line becomes the superuser's password
  std::string tls_certificate, tls_key;
  bool require_tls = false;
  int max_connections = 500;
  int64_t row_cache_mb = 0;  // these: 0 is a share of the memory that the process may use
  int64_t column_memory_mb = 0;
  int64_t server_memory_mb = 0, session_memory_mb = 0, statement_memory_mb = 0;
  int column_threads = 0;  // 0: one per core
  int64_t wal_keep_mb = 512;
  bool sync = true;
  int wal_writer_delay_ms = 200;
  bool accept_lost_commits = false;
  int shutdown_grace_s = 30;
  int history_entries = 10'000;
  std::string learning = "on";     // what choices of sessions that say nothing else rest on
  std::string answer_check = "0";  // the share of reads run again on another path, 0 to 1
  std::string router = "learned";  // one of router/routers.h; answers are the same under each
  bool calibrate = true;           // the cost model, to this machine
  int background_percent = 50;     // of a core, for work that can wait, while a core is idle
  int background_mb_s = 64;        // and of the disk, read and written
  std::string log_level = "info";
  bool sample = false;
};

/// Reads a TOML file over `config`. 58P01 when it is missing, 22023 for an unknown key or a value
/// of the wrong type, with the line.
Status LoadConfigFile(const std::string& path, Config* config);
/// Refuses combinations that cannot work; fills the defaults that depend on the machine.
Status CompleteConfig(Config* config);
/// The settings and what they mean, one line each, for --help-settings and the documents.
std::string DescribeSettings();

}  // namespace omen::app
