#include "replica/replica.h"

#include <atomic>

#include "base/blame.h"
#include "base/contention/wait_order.h"
#include "replica/internal/follower.h"

namespace omen::replica {
namespace {

/// A pin's reader, counted.
class PinnedReader final : public colstore::Reader {
 public:
  PinnedReader(std::unique_ptr<colstore::Reader> reader, std::shared_ptr<std::atomic<int>> pins)
      : reader_(std::move(reader)), pins_(std::move(pins)) {
    ++*pins_;
  }
  ~PinnedReader() override { --*pins_; }

  Result<colstore::Watermark> Begin() override { return reader_->Begin(); }
  void End() override { reader_->End(); }
  Result<std::unique_ptr<colstore::Cursor>> Query(
      const std::string& sql, const std::vector<Type>& param_types, const Row& params,
      const std::vector<Type>& result_types,
      std::vector<std::shared_ptr<colstore::ScanSource>> sources,
      const functions::CallContext& context, CancelToken* cancel) override {
    return reader_->Query(sql, param_types, params, result_types, std::move(sources), context,
                          cancel);
  }
  Result<colstore::PlanOperator> Plan(
      const std::string& sql, const std::vector<Type>& param_types, const Row& params,
      std::vector<std::shared_ptr<colstore::ScanSource>> sources) override {
    return reader_->Plan(sql, param_types, params, std::move(sources));
  }
  void AddDetails() override { reader_->AddDetails(); }

 private:
  std::unique_ptr<colstore::Reader> reader_;
  std::shared_ptr<std::atomic<int>> pins_;
};

/// Calls it at the end of a scope.
class AtEnd {
 public:
  ~AtEnd() {
    if (call) call();
  }
  std::function<void()> call;
};

/// Holds apply back while it lives.
class HoldGuard {
 public:
  explicit HoldGuard(Follower* follower) : follower_(follower) {}
  ~HoldGuard() { follower_->Release(); }
  HoldGuard(const HoldGuard&) = delete;
  HoldGuard& operator=(const HoldGuard&) = delete;

 private:
  Follower* follower_;
};

constexpr std::chrono::seconds kBetweenUpkeeps{1};

Status ColumnsGone() { return Unavailable("the column store is not available"); }

}  // namespace

struct Replica::Impl {
  /// One pin is made at a time.
  class PinTurn {
   public:
    Status Take(const CancelToken* cancel, std::function<void()>* give_back) {
      MayWaitFor(WaitStep::kPin);
      std::unique_lock lock(mutex_);
      OMEN_RETURN_IF_ERROR(freed_.Wait(lock, cancel, [this] { return !taken_; }));
      taken_ = true;
      *give_back = [this] {
        std::lock_guard guard(mutex_);
        taken_ = false;
        freed_.NotifyOne();
      };
      return Status::Ok();
    }

   private:
    std::mutex mutex_;
    Condition freed_;
    bool taken_ = false;
  };

  Impl(const Options& with, rowstore::RowStore* rows) : options(with), follower(with, rows) {}

  Result<std::unique_ptr<colstore::Reader>> NewReader() {
    const auto store = follower.store();
    if (store == nullptr) return ColumnsGone();
    if (store->failed()) follower.StoreFailed(store);
    return store->NewReader();
  }

  /// Begins as a pin does: apply stands still.
  Status Upkeep(const CancelToken* cancel) {
    if (!follower.UpkeepDue()) return Status::Ok();
    AtEnd give_back;
    OMEN_RETURN_IF_ERROR(pin_turn.Take(cancel, &give_back.call));
    OMEN_RETURN_IF_ERROR(follower.Hold(cancel));
    const HoldGuard held(&follower);
    return follower.Maintain();
  }

  const Options options;
  Follower follower;
  PinTurn pin_turn;
  std::unique_ptr<jobs::Job> upkeep;  // ends before the follower
  std::shared_ptr<std::atomic<int>> pins = std::make_shared<std::atomic<int>>(0);
};

Replica::Replica(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Replica::~Replica() { Stop(); }

Result<std::unique_ptr<Replica>> Replica::Start(const Options& options, rowstore::RowStore* rows,
                                                catalog::Catalog*) {
  std::unique_ptr<Replica> replica(new Replica(std::make_unique<Impl>(options, rows)));
  OMEN_RETURN_IF_ERROR(replica->impl_->follower.Open());
  rows->AddObserver(replica.get());
  replica->impl_->follower.Start();
  if (options.jobs != nullptr) replica->KeepFile(options.jobs);
  return replica;
}

void Replica::KeepFile(jobs::Runner* runner) {
  jobs::JobOptions job;
  job.name = "columns.upkeep";
  job.urgency = jobs::Urgency::kDue;  // who waits for freshness waits for it
  job.every = kBetweenUpkeeps;
  impl_->upkeep = runner->Add(std::move(job), [impl = impl_.get()](jobs::JobRun* run) {
    return impl->Upkeep(run->cancel());
  });
}

void Replica::Stop() {
  impl_->upkeep.reset();
  impl_->follower.Stop();
}

void Replica::OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) {
  impl_->follower.OnCommit(record);
}

rowstore::CommitId Replica::watermark() const { return impl_->follower.watermark(); }

Status Replica::WaitFor(rowstore::CommitId commit, const CancelToken* cancel) {
  return impl_->follower.WaitFor(commit, cancel);
}

Result<std::unique_ptr<colstore::Reader>> Replica::OpenReader(rowstore::CommitId at_least,
                                                              const CancelToken* cancel,
                                                              rowstore::CommitId* seen) {
  OMEN_RETURN_IF_ERROR(WaitFor(at_least, cancel));
  OMEN_ASSIGN_OR_RETURN(auto reader, impl_->NewReader());
  OMEN_ASSIGN_OR_RETURN(const colstore::Watermark watermark, reader->Begin());
  // A rebuild may have begun a new file since the wait.
  if (watermark.commit_id < at_least) return ColumnsGone();
  if (seen != nullptr) *seen = watermark.commit_id;
  return reader;
}

Result<Pin> Replica::PinAt(const std::function<std::shared_ptr<rowstore::ReadView>()>& take_view,
                           const CancelToken* cancel) {
  if (*impl_->pins >= impl_->options.pins_max) {
    return Unavailable("too many pinned column snapshots");
  }
  AtEnd turn;
  OMEN_RETURN_IF_ERROR(impl_->pin_turn.Take(cancel, &turn.call));
  const HeldStep pinning(WaitStep::kPin);
  OMEN_RETURN_IF_ERROR(impl_->follower.Hold(cancel));
  const HoldGuard hold(&impl_->follower);
  Pin pin;
  pin.view = take_view();
  pin.commit_id = pin.view->commit_id();
  OMEN_RETURN_IF_ERROR(impl_->follower.ApplyExactly(pin.view, cancel));
  OMEN_ASSIGN_OR_RETURN(auto reader, impl_->NewReader());
  OMEN_ASSIGN_OR_RETURN(const colstore::Watermark watermark, reader->Begin());
  if (watermark.commit_id != pin.commit_id) return ColumnsGone();
  pin.reader = std::make_unique<PinnedReader>(std::move(reader), impl_->pins);
  return pin;
}

bool Replica::Has(catalog::StorageId storage, uint32_t schema_version) const {
  return impl_->follower.Has(storage, schema_version);
}

State Replica::state() const { return impl_->follower.state(); }

std::shared_ptr<colstore::ColumnStore> Replica::columns() const { return impl_->follower.store(); }

}  // namespace omen::replica
