// omen_rows(i): the rows of a ScanSource as an engine table. Columns are c1..cn; only
// those that the plan needs are asked for, and parts are read in parallel.
#include <fmt/format.h>

#include <atomic>

#include "base/containment.h"
#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/rows_binding.h"
#include "colstore/internal/engine/statement_state.h"
#include "colstore/internal/kernel/kernel_binding.h"
#include "colstore/internal/kernel/registration.h"
#include "colstore/internal/kernel/scan_bounds.h"
#include "colstore/internal/vector/vectors.h"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/parsed_data/create_table_function_info.hpp"
#include "types/column_functions.h"

namespace omen::colstore {
namespace {

/// A column of the output: where in the source's rows it stands, -1 for one without content.
struct OutputColumn {
  Type type;
  int position;
};

struct Global final : duckdb::GlobalTableFunctionState {
  duckdb::idx_t MaxThreads() const override {
    return static_cast<duckdb::idx_t>(std::max(1, source->parts()));
  }
  std::shared_ptr<ScanSource> source;
  std::vector<int> wanted;  // indexes into types(), as the source is asked
  std::vector<OutputColumn> output;
  std::atomic<int> next_part{0};
};

struct Local final : duckdb::LocalTableFunctionState {
  std::unique_ptr<ScanSource::Cursor> cursor;
  std::vector<Row> rows;
};

duckdb::unique_ptr<duckdb::FunctionData> BindRows(duckdb::ClientContext& context,
                                                  duckdb::TableFunctionBindInput& input,
                                                  duckdb::vector<duckdb::LogicalType>& types,
                                                  duckdb::vector<std::string>& names) {
  const auto& sources = StatementState::Of(context).sources;
  const auto index = input.inputs[0].GetValue<int64_t>();
  if (index < 0 || static_cast<size_t>(index) >= sources.size()) {
    ThrowToEngine(InternalError(fmt::format("omen_rows({}) has no source", index)));
  }
  const auto& source = sources[static_cast<size_t>(index)];
  for (const Type& type : source->types()) {
    types.push_back(EngineType(type));
    names.push_back(fmt::format("c{}", names.size() + 1));
  }
  return duckdb::make_uniq<RowsBinding>(source, static_cast<int>(index));
}

/// What is to be read of the source by what joins have told of their keys.
std::shared_ptr<ScanSource> SourceWithin(const duckdb::TableFunctionInitInput& input) {
  const auto& whole = input.bind_data->Cast<RowsBinding>().source;
  if (!input.filters) return whole;
  const auto bounds = BoundsOf(*input.filters, input.column_ids, whole->types());
  if (bounds.empty()) return whole;
  auto within = whole->Within(bounds);
  if (!within.ok()) ThrowToEngine(within.status());
  return *within != nullptr ? std::move(within).value() : whole;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(
    duckdb::ClientContext&, duckdb::TableFunctionInitInput& input) {
  auto global = duckdb::make_uniq<Global>();
  global->source = SourceWithin(input);
  const auto& types = global->source->types();
  for (const duckdb::column_t column : input.column_ids) {
    if (column >= types.size()) {  // count(*): any column will do
      global->output.push_back({Type{}, -1});
      continue;
    }
    global->output.push_back({types[column], static_cast<int>(global->wanted.size())});
    global->wanted.push_back(static_cast<int>(column));
  }
  return global;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocalRows(
    duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&, duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<Local>();
}

/// Moves to the next rows, over parts; 0 when every part is taken.
size_t NextRows(duckdb::ClientContext& context, Global& global, Local& local) {
  for (;;) {
    if (context.interrupted) throw duckdb::InterruptException();
    if (local.cursor == nullptr) {
      const int part = global.next_part.fetch_add(1);
      if (part >= global.source->parts()) return 0;
      auto opened = global.source->Open(part, global.wanted);
      if (!opened.ok()) ThrowToEngine(opened.status());
      local.cursor = std::move(opened).value();
    }
    auto count = local.cursor->Next(&local.rows, STANDARD_VECTOR_SIZE);
    if (!count.ok()) ThrowToEngine(count.status());
    if (!count->has_value()) {
      local.cursor.reset();
    } else if (**count > 0) {
      return **count;
    }
  }
}

void Scan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input,
          duckdb::DataChunk& output) {
  const ContainedScope contained;
  auto& global = input.global_state->Cast<Global>();
  auto& local = input.local_state->Cast<Local>();
  const size_t count = NextRows(context, global, local);
  OMEN_CHECK(count <= STANDARD_VECTOR_SIZE);
  for (size_t i = 0; i < global.output.size() && count > 0; ++i) {
    const OutputColumn& column = global.output[i];
    if (column.position < 0) {
      output.data[i].SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
      duckdb::ConstantVector::SetNull(output.data[i], true);
      continue;
    }
    VectorWriter writer(output.data[i], column.type);
    const auto position = static_cast<size_t>(column.position);
    for (size_t row = 0; row < count; ++row) writer.Set(row, local.rows[row][position]);
  }
  output.SetCardinality(count);
}

/// For EXPLAIN.
duckdb::InsertionOrderPreservingMap<std::string> Describe(
    duckdb::TableFunctionToStringInput& input) {
  duckdb::InsertionOrderPreservingMap<std::string> described;
  std::string columns;
  for (const duckdb::idx_t column : input.bind_data->Cast<RowsBinding>().joined) {
    columns += fmt::format("{}c{}", columns.empty() ? "" : "\n", column + 1);
  }
  if (!columns.empty()) described["Join Keys"] = columns;
  return described;
}

duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(duckdb::ClientContext&,
                                                       const duckdb::FunctionData* bind_data) {
  const uint64_t rows = bind_data->Cast<RowsBinding>().source->row_estimate();
  return duckdb::make_uniq<duckdb::NodeStatistics>(rows);
}

}  // namespace

int RowSourceIndex(const duckdb::FunctionData* binding) {
  const auto* rows = dynamic_cast<const RowsBinding*>(binding);
  return rows == nullptr ? -1 : rows->index;
}

void RegisterRowSource(duckdb::DatabaseInstance& database) {
  duckdb::TableFunction function(std::string(column_functions::kRows),
                                 {duckdb::LogicalType::BIGINT}, Scan, BindRows, InitGlobal,
                                 InitLocalRows);
  function.projection_pushdown = true;
  function.cardinality = Cardinality;
  function.to_string = Describe;
  function.serialize = RefuseCopy<duckdb::TableFunction>;
  duckdb::ExtensionLoader(database, "omen").RegisterFunction(std::move(function));
}

}  // namespace omen::colstore
