#include "exec/template/template_memory.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace omen::exec {
namespace {

constexpr std::string_view kPrefix = "template/";
/// Of the record: the totals as 64-bit little-endian integers, in the order of Numbers, then the
/// tag, a zero byte and the text.
constexpr uint32_t kVersion = 1;
constexpr size_t kNumbers = 12;  // template id, calls and time of four paths, three more

using Numbers = std::array<uint64_t, kNumbers>;

std::string RecordKey(uint64_t id) { return fmt::format("{}{:016x}", kPrefix, id); }

std::string EncodeRecord(const StatementTemplate& known) {
  const StatementTemplate::Totals totals = known.totals();
  Numbers numbers{known.traits.template_id};
  size_t at = 1;
  for (const StatementTemplate::Runs& runs : totals.by_path) {
    numbers[at++] = runs.calls;
    numbers[at++] = static_cast<uint64_t>(runs.total_us);
  }
  numbers[at++] = totals.rows;
  numbers[at++] = totals.errors;
  numbers[at] = static_cast<uint64_t>(totals.last_run_micros);
  std::string record;
  for (const uint64_t number : numbers) AppendLittleEndian(record, number);
  return record + known.tag + '\0' + known.text;
}

/// Null for what is no record of ours.
std::shared_ptr<StatementTemplate> DecodeRecord(std::string_view record) {
  constexpr size_t kFixed = kNumbers * sizeof(uint64_t);
  const size_t end_of_tag = record.find('\0', kFixed);
  if (record.size() < kFixed || end_of_tag == std::string_view::npos) return nullptr;
  Numbers numbers;
  for (size_t i = 0; i < kNumbers; ++i) {
    numbers[i] = LoadLittleEndian<uint64_t>(record.data() + i * sizeof(uint64_t));
  }
  sql::StatementTraits traits;
  traits.template_id = numbers[0];
  StatementTemplate::Totals totals;
  size_t at = 1;
  for (StatementTemplate::Runs& runs : totals.by_path) {
    runs.calls = numbers[at++];
    runs.total_us = static_cast<int64_t>(numbers[at++]);
  }
  totals.rows = numbers[at++];
  totals.errors = numbers[at++];
  totals.last_run_micros = static_cast<int64_t>(numbers[at]);
  auto known =
      std::make_shared<StatementTemplate>(std::move(traits), record.substr(end_of_tag + 1),
                                          std::string(record.substr(kFixed, end_of_tag - kFixed)),
                                          StatementTemplate::Origin::kRestored);
  known->Add(totals);
  return known;
}

}  // namespace

TemplateMemory::TemplateMemory(memo::Memo* memo, Templates* templates)
    : memo_(memo), templates_(templates) {
  memo_->ForEach(kPrefix, [&](std::string_view, uint32_t version, std::string_view record) {
    auto known = version == kVersion ? DecodeRecord(record) : nullptr;
    if (known == nullptr) return;
    kept_[known->traits.template_id] = record;
    templates_->Restore(std::move(known));
  });
}

Status TemplateMemory::Keep() {
  std::lock_guard lock(mutex_);
  std::map<uint64_t, std::string> present;
  for (const auto& known : templates_->All()) {
    const uint64_t id = known->traits.template_id;
    std::string& record = present.emplace(id, EncodeRecord(*known)).first->second;
    const auto before = kept_.find(id);
    if (before == kept_.end() || before->second != record)
      memo_->Put(RecordKey(id), kVersion, record);
  }
  for (const auto& [id, record] : kept_) {
    if (!present.contains(id)) memo_->Erase(RecordKey(id));
  }
  kept_.swap(present);
  return memo_->broken() ? Status(sqlstate::kIoError, "the memo cannot be written") : Status::Ok();
}

}  // namespace omen::exec
