#include "exec/template/template_record.h"

#include "base/packing/packed_bytes.h"

namespace omen::exec {
namespace {

void WriteTables(const std::vector<Oid>& tables, PackedWriter* out) {
  out->Int(tables.size());
  for (const Oid table : tables) out->Int(table);
}

std::vector<Oid> ReadTables(PackedReader* in) {
  std::vector<Oid> tables(in->Count());
  for (Oid& table : tables) table = static_cast<Oid>(in->Int());
  return tables;
}

void WriteColumn(const sql::ColumnRef& column, PackedWriter* out) {
  out->Int(column.table);
  out->Int(static_cast<uint64_t>(column.attnum));
}

sql::ColumnRef ReadColumn(PackedReader* in) {
  const auto table = static_cast<Oid>(in->Int());
  return {table, static_cast<int>(in->Int())};
}

void WriteColumns(const std::vector<sql::ColumnRef>& columns, PackedWriter* out) {
  out->Int(columns.size());
  for (const sql::ColumnRef& column : columns) WriteColumn(column, out);
}

std::vector<sql::ColumnRef> ReadColumns(PackedReader* in) {
  std::vector<sql::ColumnRef> columns(in->Count());
  for (sql::ColumnRef& column : columns) column = ReadColumn(in);
  return columns;
}

/// Of an enumeration whose last value is `last`.
template <typename Enum>
Enum ReadEnum(PackedReader* in, Enum last) {
  const uint64_t value = in->Int();
  return value <= static_cast<uint64_t>(last) ? static_cast<Enum>(value) : last;
}

void WriteShape(const sql::StatementShape& shape, PackedWriter* out) {
  for (const int count : {shape.relations, shape.inner_joins, shape.outer_joins, shape.subqueries,
                          shape.set_operations, shape.group_keys, shape.aggregates, shape.windows,
                          shape.order_keys, shape.ctes}) {
    out->Int(static_cast<uint64_t>(count));
  }
  for (const bool flag : {shape.distinct, shape.limit, shape.recursive, shape.locks}) {
    out->Int(flag ? 1 : 0);
  }
}

void ReadShape(PackedReader* in, sql::StatementShape* shape) {
  for (int* count : {&shape->relations, &shape->inner_joins, &shape->outer_joins,
                     &shape->subqueries, &shape->set_operations, &shape->group_keys,
                     &shape->aggregates, &shape->windows, &shape->order_keys, &shape->ctes}) {
    *count = static_cast<int>(in->Int());
  }
  for (bool* flag : {&shape->distinct, &shape->limit, &shape->recursive, &shape->locks}) {
    *flag = in->Int() != 0;
  }
}

void WriteTraits(const sql::StatementTraits& traits, PackedWriter* out) {
  out->Fixed(traits.template_id);
  WriteTables(traits.tables_read, out);
  WriteTables(traits.tables_written, out);
  WriteColumns(traits.columns_read, out);
  WriteColumns(traits.columns_written, out);
  out->Int(traits.predicates.size());
  for (const sql::Predicate& predicate : traits.predicates) {
    WriteColumn(predicate.column, out);
    out->Int(static_cast<uint64_t>(predicate.kind));
  }
  out->Int(traits.key_operands.size());
  for (const sql::KeyOperand& operand : traits.key_operands) {
    WriteColumn(operand.column, out);
    out->Int(static_cast<uint64_t>(operand.position));
  }
  out->Int(static_cast<uint64_t>(traits.volatility));
  out->Int(traits.surroundings);
  out->Int(traits.reads_system ? 1 : 0);
  WriteShape(traits.shape, out);
  out->Int(traits.parts.size());
  for (const sql::PlanPart& part : traits.parts) {
    out->Int(static_cast<uint64_t>(part.kind));
    out->Fixed(part.id);
    WriteTables(part.tables, out);
  }
}

sql::StatementTraits ReadTraits(PackedReader* in) {
  sql::StatementTraits traits;
  traits.template_id = in->Fixed();
  traits.tables_read = ReadTables(in);
  traits.tables_written = ReadTables(in);
  traits.columns_read = ReadColumns(in);
  traits.columns_written = ReadColumns(in);
  for (size_t count = in->Count(); count > 0 && in->ok(); --count) {
    const sql::ColumnRef column = ReadColumn(in);
    traits.predicates.push_back({column, ReadEnum(in, sql::PredicateKind::kOther)});
  }
  for (size_t count = in->Count(); count > 0 && in->ok(); --count) {
    const sql::ColumnRef column = ReadColumn(in);
    traits.key_operands.push_back({column, static_cast<int>(in->Int())});
  }
  traits.volatility = ReadEnum(in, functions::Volatility::kVolatile);
  traits.surroundings = static_cast<uint16_t>(in->Int());
  traits.reads_system = in->Int() != 0;
  ReadShape(in, &traits.shape);
  for (size_t count = in->Count(); count > 0 && in->ok(); --count) {
    sql::PlanPart part;
    part.kind = ReadEnum(in, sql::PlanPart::Kind::kGroup);
    part.id = in->Fixed();
    part.tables = ReadTables(in);
    traits.parts.push_back(std::move(part));
  }
  return traits;
}

void WriteTotals(const TemplateRuns::Totals& totals, PackedWriter* out) {
  for (const TemplateRuns::OnPath& of : totals.by_path) {
    out->Int(of.calls);
    if (of.calls == 0) continue;
    for (const int64_t us : {of.total_us, of.cpu_us, of.waited_us}) {
      out->Int(static_cast<uint64_t>(us));
    }
    for (const uint64_t count : {of.errors, of.rows, of.rows_read, of.bytes}) out->Int(count);
  }
  out->Double(totals.squares_us2);
  for (const int64_t number : {totals.min_us, totals.max_us, totals.last_run_micros}) {
    out->Int(static_cast<uint64_t>(number));
  }
  out->Int(totals.blocks_cached);
  out->Int(totals.blocks_read);
}

void ReadTotals(PackedReader* in, TemplateRuns::Totals* totals) {
  for (TemplateRuns::OnPath& of : totals->by_path) {
    of.calls = in->Int();
    if (of.calls == 0) continue;
    for (int64_t* us : {&of.total_us, &of.cpu_us, &of.waited_us}) {
      *us = static_cast<int64_t>(in->Int());
    }
    for (uint64_t* count : {&of.errors, &of.rows, &of.rows_read, &of.bytes}) *count = in->Int();
  }
  totals->squares_us2 = in->Double();
  for (int64_t* number : {&totals->min_us, &totals->max_us, &totals->last_run_micros}) {
    *number = static_cast<int64_t>(in->Int());
  }
  totals->blocks_cached = in->Int();
  totals->blocks_read = in->Int();
}

}  // namespace

std::string EncodeTemplate(const StatementTemplate& known) {
  PackedWriter out;
  out.Text(known.tag);
  out.Text(known.text);
  WriteTraits(known.traits, &out);
  return out.Take();
}

TemplatePtr DecodeTemplate(std::string_view bytes) {
  PackedReader in(bytes);
  const std::string_view tag = in.Text(), text = in.Text();
  sql::StatementTraits traits = ReadTraits(&in);
  if (!in.whole()) return nullptr;
  return std::make_shared<StatementTemplate>(std::move(traits), text, std::string(tag),
                                             StatementTemplate::Origin::kRestored);
}

std::string EncodeTotals(const TemplateRuns::Totals& totals) {
  PackedWriter out;
  WriteTotals(totals, &out);
  return out.Take();
}

std::optional<TemplateRuns::Totals> DecodeTotals(std::string_view bytes) {
  PackedReader in(bytes);
  TemplateRuns::Totals totals;
  ReadTotals(&in, &totals);
  return in.whole() ? std::optional(totals) : std::nullopt;
}

std::string EncodeRuns(const StatementTemplate& known, const Templates::Counted& counted) {
  PackedWriter out;
  WriteTotals(known.runs.totals(), &out);
  out.Int(counted.calls);
  out.Double(counted.weight_us);
  out.Text(known.parameters.Encode());
  for (size_t path = 0; path < TemplateRuns::kPaths; ++path) {
    const learn::DecayedQuantiles* recent = known.runs.recent(static_cast<Path>(path));
    out.Text(recent == nullptr ? "" : recent->Encode());
  }
  return out.Take();
}

bool RestoreRuns(std::string_view bytes, StatementTemplate* known, Templates::Counted* counted) {
  PackedReader in(bytes);
  TemplateRuns::Totals totals;
  ReadTotals(&in, &totals);
  counted->calls = in.Int();
  counted->weight_us = in.Double();
  if (!in.ok()) return false;
  known->runs.Add(totals);
  known->parameters.Restore(in.Text());
  for (size_t path = 0; path < TemplateRuns::kPaths; ++path) {
    const std::string_view recent = in.Text();
    if (recent.empty()) continue;
    if (!known->runs.MutableRecent(static_cast<Path>(path))->Restore(recent)) return false;
  }
  return in.whole();
}

}  // namespace omen::exec
