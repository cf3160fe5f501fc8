#include "exec/template/template_memory.h"

#include <fmt/format.h>

#include "base/packing/packed_bytes.h"
#include "exec/template/template_record.h"

namespace omen::exec {
namespace {

constexpr uint32_t kVersion = kTemplateRecordVersion;
constexpr std::string_view kTemplates = "template/", kRuns = "template-runs/",
                           kHours = "template-hours/", kOthers = "template-others",
                           kHeat = "template-others-heat";

std::string RecordKey(std::string_view prefix, uint64_t id) {
  return fmt::format("{}{:016x}", prefix, id);
}

}  // namespace

TemplateMemory::TemplateMemory(memo::Memo* memo, Templates* templates)
    : memo_(memo), templates_(templates) {
  RestoreAll();
  RestoreOthers();
}

void TemplateMemory::RestoreAll() {
  std::vector<std::string> strange;
  std::vector<TemplatePtr> found;
  memo_->ForEach(kTemplates, [&](std::string_view key, uint32_t version, std::string_view record) {
    TemplatePtr known = version == kVersion ? DecodeTemplate(record) : nullptr;
    if (known == nullptr) {
      strange.emplace_back(key);
      return;
    }
    found.push_back(std::move(known));
  });
  for (const std::string& key : strange) memo_->Erase(key);
  for (TemplatePtr& known : found) {
    const uint64_t id = known->traits.template_id;
    const auto runs = memo_->Get(RecordKey(kRuns, id), kVersion);
    const auto hours = memo_->Get(RecordKey(kHours, id), kVersion);
    Templates::Counted counted;
    if (hours) counted.arrivals.Append(*hours);
    Kept& kept = kept_[id];
    if (!counted.arrivals.empty()) kept.hours_until = counted.arrivals.last_hour() + 1;
    PackedReader in(runs ? std::string_view(*runs) : std::string_view());
    const std::string_view shown = in.Text(), latest = in.Text();
    if (!RestoreRuns(shown, known.get(), &counted)) continue;
    counted.arrivals.Append(latest);
    kept.counted = counted.calls;
    kept.calls = known->runs.totals().all().calls;
    templates_->Restore(std::move(known), std::move(counted));
  }
}

void TemplateMemory::RestoreOthers() {
  const auto record = memo_->Get(kOthers, kVersion);
  const auto totals = record ? DecodeTotals(*record) : std::nullopt;
  if (!totals) return;
  Heat heat;
  if (const auto kept = memo_->Get(kHeat, kVersion); !kept || !heat.Restore(*kept)) heat = Heat();
  kept_others_ = totals->all().calls;
  templates_->RestoreOthers(*totals, std::move(heat));
}

void TemplateMemory::KeepOne(const StatementTemplate& known, Kept* kept) {
  const uint64_t id = known.traits.template_id;
  const uint64_t calls = known.runs.totals().all().calls;
  if (calls == kept->calls && kept->counted == calls) return;
  if (kept->calls == 0) memo_->Put(RecordKey(kTemplates, id), kVersion, EncodeTemplate(known));
  kept->calls = calls;
  const Templates::Counted counted = templates_->CountedOf(id);
  kept->counted = counted.calls;
  // All hours but the last are over.
  const int64_t last_hour = counted.arrivals.empty() ? 0 : counted.arrivals.last_hour();
  if (last_hour > kept->hours_until) {
    kept->hours_until = last_hour;
    memo_->Put(RecordKey(kHours, id), kVersion, counted.arrivals.EncodeBefore(last_hour));
  }
  PackedWriter record;
  record.Text(EncodeRuns(known, counted));
  record.Text(counted.arrivals.EncodeFrom(kept->hours_until));
  memo_->Put(RecordKey(kRuns, id), kVersion, record.Take());
}

void TemplateMemory::KeepOthers() {
  const TemplateRuns::Totals others = templates_->others();
  if (others.all().calls == kept_others_) return;
  kept_others_ = others.all().calls;
  memo_->Put(kOthers, kVersion, EncodeTotals(others));
  memo_->Put(kHeat, kVersion, templates_->heat_of_others().Encode());
}

void TemplateMemory::Forget(uint64_t id) {
  for (const std::string_view prefix : {kTemplates, kRuns, kHours}) {
    memo_->Erase(RecordKey(prefix, id));
  }
}

Status TemplateMemory::Keep() {
  std::lock_guard lock(mutex_);
  std::map<uint64_t, Kept> present;
  for (const auto& known : templates_->All()) {
    const uint64_t id = known->traits.template_id;
    Kept& kept = present[id];
    if (const auto before = kept_.find(id); before != kept_.end()) kept = before->second;
    KeepOne(*known, &kept);
  }
  for (const auto& [id, kept] : kept_) {
    if (!present.contains(id)) Forget(id);
  }
  kept_.swap(present);
  KeepOthers();
  return memo_->broken() ? Status(sqlstate::kIoError, "the memo cannot be written") : Status::Ok();
}

}  // namespace omen::exec
