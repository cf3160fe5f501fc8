// How the follower begins, catches up and begins anew.
#include <algorithm>

#include "obs/log.h"
#include "replica/internal/follower.h"

namespace omen::replica {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstBackoff = 500ms;
constexpr auto kLongestBackoff = 30'000ms;
constexpr size_t kLogWindowBytes = 32u << 20;
constexpr int kCatalogTries = 1000;

bool IsShortage(const Status& status) {
  return status.Is(sqlstate::kDiskFull) || status.Is(sqlstate::kOutOfMemory) ||
         status.Is(sqlstate::kIoError);
}

}  // namespace

Status Follower::Open() {
  Status trusted = OpenTrusted();
  if (!trusted.ok()) {
    obs::Log(obs::LogLevel::kWarn, "the column store's file is not used",
             {{"reason", trusted.ToString()}, {"detail", trusted.error().detail}});
    OMEN_RETURN_IF_ERROR(BeginNewFile());
  }
  begin_anew_ = held_.watermark == 0 && rows_->last_commit() > 0;
  if (begin_anew_ && trusted.ok()) {
    obs::Log(obs::LogLevel::kWarn, "the column store is empty and is rebuilt");
    ++state_.rebuilds;
  }
  Lock lock(mutex_);
  if (begin_anew_) return Status::Ok();
  Publish();
  return Status::Ok();
}

Status Follower::OpenTrusted() {
  OMEN_ASSIGN_OR_RETURN(std::shared_ptr<colstore::ColumnStore> store,
                        colstore::ColumnStore::Open(options_.colstore));
  OMEN_ASSIGN_OR_RETURN(const colstore::Watermark watermark, store->ReadWatermark());
  OMEN_RETURN_IF_ERROR(CheckWatermark(watermark));
  OMEN_ASSIGN_OR_RETURN(const std::vector<TablePtr> tables, store->Definitions());
  held_ = Held();
  held_.tables = TableSet(tables);
  for (const TablePtr& table : tables) held_.columnar.insert(table->storage_id);
  held_.watermark = watermark.commit_id;
  applier_.Attach(store.get());
  Lock lock(mutex_);
  store_ = std::move(store);
  return Status::Ok();
}

Status Follower::CheckWatermark(const colstore::Watermark& watermark) const {
  if (watermark.commit_id > rows_->last_commit()) {
    return Status(sqlstate::kDataCorrupted, "the watermark is ahead of the last commit");
  }
  const uint64_t epoch = watermark.commit_id == 0 ? 0 : rows_->EpochOf(watermark.commit_id);
  if (watermark.epoch != epoch) {
    return Status(sqlstate::kDataCorrupted, "the watermark's commit belongs to a lost log");
  }
  return Status::Ok();
}

Status Follower::BeginNewFile() {
  obs::Log(obs::LogLevel::kWarn, "column store is rebuilt");
  {
    Lock lock(mutex_);
    ++state_.rebuilds;
    visible_.clear();
    store_.reset();  // readers of the old file keep it until they end; its name goes now
    watermark_.store(0, std::memory_order_release);
  }
  applier_.Attach(nullptr);
  held_ = Held();
  OMEN_RETURN_IF_ERROR(colstore::ColumnStore::Remove(options_.colstore));
  return OpenTrusted();
}

Status Follower::CatchUp(rowstore::CommitId limit) {
  SetPhase("catching up");
  Window window(held_.tables);
  bool reached = false;
  const auto flush = [&]() -> Status {
    if (window.empty()) return Status::Ok();
    OMEN_RETURN_IF_ERROR(ApplyWindow(window, window.last(), nullptr));
    window = Window(held_.tables);
    return Status::Ok();
  };
  auto read = rows_->ReadChanges(held_.watermark, [&](const RecordPtr& record) -> Status {
    reached = stopping_ || record->id > limit;
    if (reached) return Status(sqlstate::kQueryCanceled, "enough");
    const rowstore::CommitId last = window.empty() ? held_.watermark : window.last();
    if (record->id != last + 1) {
      return Status(sqlstate::kDataCorrupted, "the change log skips a commit");
    }
    window.Add(record);
    return window.bytes() < kLogWindowBytes ? Status::Ok() : flush();
  });
  if (!read.ok() && !reached) return std::move(read).status();
  if (read.ok() && !*read) {
    obs::Log(obs::LogLevel::kWarn, "the change log no longer reaches back",
             {{"watermark", held_.watermark}});
    reopen_ = true;
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(flush());
  if (held_.pending.empty()) SetPhase("following");
  return Status::Ok();
}

Status Follower::Resync() {
  SetPhase("rebuilding");
  if (reopen_) {
    OMEN_RETURN_IF_ERROR(BeginNewFile());
    reopen_ = false;
    begin_anew_ = true;
  }
  OMEN_RETURN_IF_ERROR(Refill());
  begin_anew_ = false;
  obs::Log(obs::LogLevel::kInfo, "column store filled",
           {{"commit", held_.watermark}, {"tables", held_.columnar.size()}});
  SetPhase("following");
  return Status::Ok();
}

/// The catalogue is read before the view is taken; the commits between the two, which the feed
/// has, bring it up to the view.
Status Follower::Refill() {
  for (int i = 0; i < kCatalogTries && !stopping_; ++i) {
    const rowstore::CommitId before = rows_->last_commit();
    OMEN_ASSIGN_OR_RETURN(const std::vector<catalog::Object> objects, rows_->LoadCatalog());
    Window window{TableSet(objects)};
    const ViewPtr view = rows_->View();
    const rowstore::CommitId goal = view->commit_id();
    {
      Lock lock(mutex_);
      for (const RecordPtr& record : feed_.Take(before, goal, SIZE_MAX)) window.Add(record);
    }
    if ((window.empty() ? before : window.last()) != goal) {
      PauseBriefly(1ms);
      continue;
    }
    for (const auto& [storage, table] : window.tables().by_storage()) held_.pending.insert(storage);
    return ApplyWindow(window, goal, view);
  }
  return Status(sqlstate::kNotInPrerequisiteState, "the catalogue did not stand still");
}

void Follower::Recover(Status failure) {
  if (stopping_) return;
  if (!IsShortage(failure) || store_ == nullptr || store_->failed()) reopen_ = true;
  // A file that is found damaged is replaced at once; one that cannot be made is tried later.
  const bool at_once = failures_ == 0 && store_ != nullptr && store_->failed();
  const auto doubled = at_once ? 0ms : kFirstBackoff * (1 << std::min(failures_, 6));
  const auto backoff = std::min<std::chrono::milliseconds>(doubled, kLongestBackoff);
  ++failures_;
  obs::Log(obs::LogLevel::kError, "column store could not follow",
           {{"reason", failure.ToString()},
            {"detail", failure.error().detail},
            {"retry_ms", backoff.count()},
            {"rebuild", reopen_}});
  Lock lock(mutex_);
  state_.phase = "failed";
  state_.last_error = failure.ToString();
  retry_at_ = std::chrono::steady_clock::now() + backoff;
  store_failed_ = false;
  done_.NotifyAll();
}

}  // namespace omen::replica
