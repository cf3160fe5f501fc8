#include "app/serve.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "app/data_folder.h"
#include "app/instance.h"
#include "app/sample.h"
#include "app/usable_memory.h"
#include "base/wait.h"
#include "colstore/colstore.h"
#include "obs/log.h"
#include "pgwire/server.h"

namespace omen::app {
namespace {

/// For cancelled statements to end, the columns' last changes, and closing both stores.
constexpr std::chrono::seconds kBeyondGrace{15};

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

bool IsLoopback(const std::string& host) {
  return host.empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
}

// Trust on a public address would hand the database to anyone; SCRAM without a password lets
// nobody in.
Status CheckPublicAddress(const Config& config, Instance& instance) {
  if (IsLoopback(config.host)) return Status::Ok();
  if (config.auth == "trust") {
    return Status(sqlstate::kInvalidAuthorization,
                  fmt::format("refusing to listen on {} with auth = trust", config.host));
  }
  const catalog::Role* superuser = instance.catalog().Current()->FindRole("omendb");
  if (superuser != nullptr && !superuser->scram_verifier.empty()) return Status::Ok();
  return Status(sqlstate::kInvalidAuthorization,
                fmt::format("refusing to listen on {}: the superuser has no password yet; give one "
                            "with --password-file",
                            config.host));
}

pgwire::ServerOptions ServerOptionsOf(const Config& config) {
  pgwire::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.socket_dir = config.socket_dir;
  options.auth = config.auth == "trust"   ? pgwire::AuthMode::kTrust
                 : config.auth == "scram" ? pgwire::AuthMode::kScram
                                          : pgwire::AuthMode::kAuto;
  options.max_connections = config.max_connections;
  options.tls_certificate = config.tls_certificate;
  options.tls_key = config.tls_key;
  options.require_tls = config.require_tls;
  options.server_memory_bytes = config.server_memory_mb << 20;
  options.session_memory_bytes = config.session_memory_mb << 20;
  options.facts = {{"omendb.wal_writer_delay", fmt::format("{}ms", config.wal_writer_delay_ms)}};
  options.settings = {{"omendb.answer_check", config.answer_check},
                      {"omendb.learning", config.learning},
                      {"omendb.statement_memory", fmt::format("{}MB", config.statement_memory_mb)}};
  return options;
}

void LogMemory(const Config& config) {
  const UsableMemory usable = FindUsableMemory("/");
  const int64_t usable_mb = usable.bytes >> 20;
  const int64_t shared_mb = config.row_cache_mb + config.column_memory_mb + config.server_memory_mb;
  obs::Log(shared_mb > usable_mb ? obs::LogLevel::kWarn : obs::LogLevel::kInfo, "memory",
           {{"usable_mb", usable_mb},
            {"by", usable.source},
            {"row_cache_mb", config.row_cache_mb},
            {"column_memory_mb", config.column_memory_mb},
            {"server_memory_mb", config.server_memory_mb},
            {"session_memory_mb", config.session_memory_mb},
            {"statement_memory_mb", config.statement_memory_mb}});
}

/// What was given back to the column engine's allocator, it must give back too, which by itself it
/// does late or not at all.
class Trimming {
 public:
  void Look(int64_t used) {
    constexpr int kLooksPerTrim = 4;
    constexpr int64_t kMuch = int64_t{256} << 20;
    most_ = std::max(most_, used);
    if (++looks_ % kLooksPerTrim != 0 || most_ - used < kMuch) return;
    most_ = used;
    colstore::ReturnFreeMemory();
  }

 private:
  int64_t most_ = 0;
  unsigned looks_ = 0;
};

std::unique_ptr<jobs::Job> TrimMemory(jobs::Runner* runner) {
  jobs::JobOptions job;
  job.name = "memory.trim";
  job.urgency = jobs::Urgency::kDue;
  job.every = std::chrono::milliseconds(250);
  return runner->Add(std::move(job), [columns = Trimming()](jobs::JobRun*) mutable {
    columns.Look(colstore::AllocatedBytes());
    return Status::Ok();
  });
}

void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  obs::Log(obs::LogLevel::kInfo, "stopping", {{"signal", signal}});
}

void PrintWelcome(const Config& config) {
  fmt::print("\nOmenDB is ready. In another terminal:\n\n  psql -h {} -p {} -U omendb omendb\n\n",
             config.socket_dir.starts_with("/") ? config.socket_dir : config.host, config.port);
  if (config.sample) fmt::print("{}\n", SampleStatements());
  std::fflush(stdout);
}

// Runs Stop on its own thread so that a second signal can cut it short.
void StopServer(pgwire::Server* server, const Config& config, const sigset_t& signals) {
  std::thread stopper([&] { server->Stop(std::chrono::seconds(config.shutdown_grace_s)); });
  std::thread impatient([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    server->StopNow();
  });
  stopper.join();
  // Wakes the waiting thread when no second signal came; StopNow after Stop does nothing.
  pthread_kill(impatient.native_handle(), SIGTERM);
  impatient.join();
}

/// Ends the process when stopping takes too long, whatever hangs: what was acknowledged is on
/// disk, and the files are as after a crash, which they are made for.
class LastResort {
 public:
  explicit LastResort(std::chrono::seconds limit) : thread_([this, limit] { Run(limit); }) {}
  ~LastResort() {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.NotifyAll();
    thread_.join();
  }
  LastResort(const LastResort&) = delete;
  LastResort& operator=(const LastResort&) = delete;

 private:
  void Run(std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(mutex_);
    if (changed_.WaitInBackground(lock, until, [this] { return stopped_; })) return;
    obs::Log(obs::LogLevel::kError, "stopping took too long; the process ends at once",
             {{"seconds", limit.count()}});
    std::_Exit(kEndedByForce);
  }

  static constexpr int kEndedByForce = 3;
  std::mutex mutex_;
  Condition changed_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

Status Serve(const Config& config) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // Nothing is written before the address and the folder are this process's own.
  OMEN_ASSIGN_OR_RETURN(auto server, pgwire::Server::Listen(ServerOptionsOf(config)));
  OMEN_ASSIGN_OR_RETURN(const DataFolder folder,
                        DataFolder::Take(config.data, DataFolder::Use::kServe));
  LogMemory(config);
  OMEN_ASSIGN_OR_RETURN(auto instance, Instance::Open(config));
  OMEN_RETURN_IF_ERROR(CheckPublicAddress(config, *instance));
  if (config.sample && instance->created()) OMEN_RETURN_IF_ERROR(LoadSample(instance.get()));
  OMEN_RETURN_IF_ERROR(server->Serve(&instance->database()));
  obs::Log(obs::LogLevel::kInfo, "ready",
           {{"data", config.data},
            {"host", config.host},
            {"port", server->port()},
            {"last_commit", instance->rows().last_commit()}});
  PrintWelcome(config);
  auto trimming = TrimMemory(&instance->jobs());
  WaitForSignal(signals);
  trimming.reset();
  const LastResort last_resort(std::chrono::seconds(config.shutdown_grace_s) + kBeyondGrace);
  StopServer(server.get(), config, signals);
  server.reset();
  return instance->Close();
}

}  // namespace omen::app
