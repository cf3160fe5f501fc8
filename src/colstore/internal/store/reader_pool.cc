#include "colstore/internal/store/reader_pool.h"

namespace omen::colstore {
namespace {

constexpr size_t kRestingMax = 4;

}  // namespace

class ReaderPool::Lent final : public Reader {
 public:
  Lent(std::weak_ptr<ReaderPool> pool, std::unique_ptr<Reader> reader)
      : pool_(std::move(pool)), reader_(std::move(reader)) {}
  ~Lent() override {
    reader_->End();
    if (detailed_) return;
    if (const std::shared_ptr<ReaderPool> pool = pool_.lock()) pool->TakeBack(std::move(reader_));
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  Result<Watermark> Begin() override { return reader_->Begin(); }
  void End() override { reader_->End(); }
  Result<std::unique_ptr<Cursor>> Query(const std::string& sql,
                                        const std::vector<Type>& param_types, const Row& params,
                                        const std::vector<Type>& result_types,
                                        std::vector<std::shared_ptr<ScanSource>> sources,
                                        const functions::CallContext& context,
                                        CancelToken* cancel) override {
    return reader_->Query(sql, param_types, params, result_types, std::move(sources), context,
                          cancel);
  }
  Result<PlanOperator> Plan(const std::string& sql, const std::vector<Type>& param_types,
                            const Row& params,
                            std::vector<std::shared_ptr<ScanSource>> sources) override {
    detailed_ = true;
    return reader_->Plan(sql, param_types, params, std::move(sources));
  }
  void AddDetails() override {
    detailed_ = true;
    reader_->AddDetails();
  }

 private:
  const std::weak_ptr<ReaderPool> pool_;
  std::unique_ptr<Reader> reader_;
  bool detailed_ = false;  // of no use to others
};

std::unique_ptr<Reader> ReaderPool::Lend() {
  std::unique_ptr<Reader> reader;
  {
    std::lock_guard lock(mutex_);
    if (!resting_.empty()) {
      reader = std::move(resting_.back());
      resting_.pop_back();
    }
  }
  if (reader == nullptr) reader = MakeReader(engine_);
  return std::make_unique<Lent>(weak_from_this(), std::move(reader));
}

void ReaderPool::TakeBack(std::unique_ptr<Reader> reader) {
  std::lock_guard lock(mutex_);
  if (resting_.size() < kRestingMax) resting_.push_back(std::move(reader));
}

}  // namespace omen::colstore
