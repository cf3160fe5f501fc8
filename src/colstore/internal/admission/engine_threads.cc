#include "colstore/internal/admission/engine_threads.h"

#include "base/containment.h"
#include "base/contention/scheduling.h"
#include "duckdb/main/database.hpp"
#include "duckdb/parallel/task_scheduler.hpp"

namespace omen::colstore {
namespace {

/// A tenth of what a thread gets that serves clients, where both want a core.
constexpr int kEngineNice = 10;

}  // namespace

EngineThreads::EngineThreads(int statements) {
  for (int i = 0; i < statements; ++i) threads_.emplace_back([this] { Serve(); });
}

EngineThreads::~EngineThreads() {
  EndHelp();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  called_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

void EngineThreads::Run(const std::function<void()>& work) {
  Call call{&work, nullptr, false, {}};
  {
    std::unique_lock lock(mutex_);
    calls_.push_back(&call);
    called_.NotifyOne();
    call.ended.WaitInBackground(lock, [&] { return call.done; });
  }
  if (call.thrown != nullptr) std::rethrow_exception(call.thrown);
}

void EngineThreads::Serve() {
  GiveWay(kEngineNice);
  std::unique_lock lock(mutex_);
  for (;;) {
    called_.WaitInBackground(lock, [this] { return stopping_ || !calls_.empty(); });
    if (calls_.empty()) return;
    Call* call = calls_.front();
    calls_.pop_front();
    lock.unlock();
    try {
      const ContainedScope contained;
      (*call->work)();
    } catch (...) {
      call->thrown = std::current_exception();
    }
    lock.lock();
    call->done = true;
    call->ended.NotifyOne();
  }
}

void EngineThreads::Help(duckdb::DatabaseInstance* database, int helpers) {
  database_ = database;
  helping_ = true;
  for (int i = 0; i < helpers; ++i) {
    helpers_.emplace_back([this] {
      GiveWay(kEngineNice);
      duckdb::TaskScheduler::GetScheduler(*database_).ExecuteForever(&helping_);
    });
  }
}

void EngineThreads::EndHelp() {
  if (helpers_.empty()) return;
  helping_ = false;
  duckdb::TaskScheduler::GetScheduler(*database_).Signal(helpers_.size());
  for (std::thread& thread : helpers_) thread.join();
  helpers_.clear();
}

}  // namespace omen::colstore
