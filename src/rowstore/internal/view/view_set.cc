#include "rowstore/internal/view/view_set.h"

namespace omen::rowstore {

void LiveViews::Add(uint64_t generation) {
  std::lock_guard lock(mutex_);
  generations_.insert(generation);
}

void LiveViews::Remove(uint64_t generation) {
  std::lock_guard lock(mutex_);
  generations_.erase(generations_.find(generation));
}

uint64_t LiveViews::Oldest() const {
  std::lock_guard lock(mutex_);
  return generations_.empty() ? UINT64_MAX : *generations_.begin();
}

RocksView::RocksView(std::shared_ptr<Engine> engine, std::shared_ptr<LiveViews> live,
                     CommitId commit_id, uint64_t generation, Companions companions)
    : engine_(std::move(engine)),
      live_(std::move(live)),
      commit_id_(commit_id),
      generation_(generation),
      companions_(std::move(companions)),
      snapshot_(engine_->db()->GetSnapshot()),
      idle_(engine_->file_changes().changes()) {
  read_options_.snapshot = snapshot_;
  live_->Add(generation_);
}

RocksView::~RocksView() {
  engine_->db()->ReleaseSnapshot(snapshot_);
  live_->Remove(generation_);
}

std::unique_ptr<SeekableIterator> RocksView::TakeIterator() {
  if (std::unique_ptr<SeekableIterator> idle = idle_.Take()) return idle;
  auto made = std::make_unique<SeekableIterator>(read_options_);
  made->file_changes = engine_->file_changes().changes().load();
  made->iterator.reset(engine_->db()->NewIterator(made->options, engine_->rows()));
  return made;
}

void RocksView::KeepIterator(std::unique_ptr<SeekableIterator> iterator) {
  idle_.Keep(std::move(iterator));
}

ViewSet::ViewSet(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {
  engine_->file_changes().set_told([this] { DropIdleIterators(); });
}

ViewSet::~ViewSet() { engine_->file_changes().set_told(nullptr); }

void ViewSet::DropIdleIterators() {
  if (const std::shared_ptr<RocksView> view = Current()) view->DropIdleIterators();
}

void ViewSet::Publish(CommitId commit_id) {
  const uint64_t generation = generation_.load(std::memory_order_relaxed) + 1;
  RocksView::Companions companions;
  for (ViewExtender* extender : extenders_) companions.push_back(extender->At(commit_id));
  auto view =
      std::make_shared<RocksView>(engine_, live_, commit_id, generation, std::move(companions));
  {
    std::lock_guard lock(mutex_);
    current_.swap(view);
    generation_.store(generation, std::memory_order_release);
  }
  // The old view, if this was its last holder, ends here, outside the lock.
}

void ViewSet::Close() {
  std::shared_ptr<RocksView> last;
  std::lock_guard lock(mutex_);
  current_.swap(last);
}

std::shared_ptr<RocksView> ViewSet::Current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

}  // namespace omen::rowstore
