#include "exec/template/heat.h"

#include <algorithm>

#include "base/packing/packed_bytes.h"

namespace omen::exec {
namespace {

void AddUses(uint64_t statements, int64_t last_micros, Heat::Uses* uses) {
  uses->statements += statements;
  uses->last_micros = std::max(uses->last_micros, last_micros);
}

void WriteUses(const Heat::Uses& uses, PackedWriter* out) {
  out->Int(uses.statements);
  out->Int(static_cast<uint64_t>(uses.last_micros));
}

void ReadUses(PackedReader* in, Heat::Uses* uses) {
  const uint64_t statements = in->Int();
  AddUses(statements, static_cast<int64_t>(in->Int()), uses);
}

}  // namespace

void Heat::Add(const sql::StatementTraits& traits, const TemplateRuns::Totals& runs) {
  const TemplateRuns::OnPath all = runs.all();
  if (all.calls == 0) return;
  const auto add = [&](Uses* uses) { AddUses(all.calls, runs.last_run_micros, uses); };
  for (const Oid oid : traits.tables_read) {
    Table& table = tables_[oid];
    add(&table.reads);
    table.read_us += all.total_us;
  }
  for (const Oid oid : traits.tables_written) {
    Table& table = tables_[oid];
    add(&table.writes);
    table.write_us += all.total_us;
  }
  for (const sql::ColumnRef& column : traits.columns_read) add(&columns_[column].reads);
  for (const sql::ColumnRef& column : traits.columns_written) add(&columns_[column].writes);
  for (const sql::Predicate& predicate : traits.predicates) {
    columns_[predicate.column].filtered[static_cast<size_t>(predicate.kind)] += all.calls;
  }
}

std::string Heat::Encode() const {
  PackedWriter out;
  out.Int(tables_.size());
  for (const auto& [oid, table] : tables_) {
    out.Int(oid);
    WriteUses(table.reads, &out);
    WriteUses(table.writes, &out);
    out.Int(static_cast<uint64_t>(table.read_us));
    out.Int(static_cast<uint64_t>(table.write_us));
  }
  out.Int(columns_.size());
  for (const auto& [column, of] : columns_) {
    out.Int(column.table);
    out.Int(static_cast<uint64_t>(column.attnum));
    WriteUses(of.reads, &out);
    WriteUses(of.writes, &out);
    for (const uint64_t statements : of.filtered) out.Int(statements);
  }
  return out.Take();
}

bool Heat::Restore(std::string_view bytes) {
  PackedReader in(bytes);
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    Table& table = tables_[static_cast<Oid>(in.Int())];
    ReadUses(&in, &table.reads);
    ReadUses(&in, &table.writes);
    table.read_us += static_cast<int64_t>(in.Int());
    table.write_us += static_cast<int64_t>(in.Int());
  }
  for (size_t count = in.Count(); count > 0 && in.ok(); --count) {
    const auto oid = static_cast<Oid>(in.Int());
    Column& column = columns_[{oid, static_cast<int>(in.Int())}];
    ReadUses(&in, &column.reads);
    ReadUses(&in, &column.writes);
    for (uint64_t& statements : column.filtered) statements += in.Int();
  }
  return in.whole();
}

}  // namespace omen::exec
