// The omendb schema: what the server tells about itself.
#include "answers/checker.h"
#include "exec/system/system_definition.h"

namespace omen::exec {
namespace {

Value Int(uint64_t value) { return CountValue(value); }

Status ReplicaStatus(const SystemContext& context, std::vector<Row>* rows) {
  const SystemSources& parts = context.sources;
  if (parts.replica == nullptr) return Status::Ok();
  const replica::State state = parts.replica->state();
  rows->push_back({Int(state.watermark), Int(state.last_commit), Int(state.queued_commits),
                   Int(state.queued_bytes), Int(state.applied_commits), Int(state.applied_batches),
                   Int(state.rebuilds), Value::Int(state.lag_ms), Value::Text(state.phase),
                   state.last_error.empty() ? Value() : Value::Text(state.last_error)});
  return Status::Ok();
}

Status QueryHistory(const SystemContext& context, std::vector<Row>* rows) {
  const obs::QueryHistory* history = context.sources.history;
  if (history == nullptr) return Status::Ok();
  for (const obs::QueryRecord& record : history->Recent()) {
    rows->push_back({Int(record.id),
                     Int(record.session_id),
                     Value::Text(record.user),
                     Value::Text(record.template_text),
                     Value::Text(record.tag),
                     Value::Text(record.path),
                     Value::Text(record.reason),
                     UnixTimestamp(record.started_micros),
                     Value::Int(record.duration_us),
                     Int(record.rows),
                     Int(record.snapshot_commit),
                     Int(record.watermark),
                     record.sqlstate.empty() ? Value() : Value::Text(record.sqlstate),
                     Int(record.template_id),
                     Value::Bool(record.asked_router),
                     Value::Double(record.estimated_rows),
                     Value::Double(record.estimated_us),
                     Int(record.rows_read),
                     Int(record.bytes),
                     Value::Int(record.cpu_us),
                     Value::Int(record.waited_us),
                     Value::Int(record.engine_us),
                     Int(record.blocks_cached),
                     Int(record.blocks_read)});
  }
  return Status::Ok();
}

Status TableSizes(const SystemContext& context, std::vector<Row>* rows) {
  rowstore::RowStore* store = context.sources.rows;
  const replica::Replica* replica = context.sources.replica;
  for (const catalog::Object* object : context.catalog.All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    rows->push_back({Value::Int(table.oid), Value::Text(table.name), Int(table.storage_id),
                     Value::Int(table.schema_version), Int(store->EstimateRows(table.storage_id)),
                     Int(store->EstimateBytes(table.storage_id)),
                     Value::Bool(replica != nullptr && replica->Has(table.storage_id)),
                     Int(store->changes().LastChange(table.storage_id))});
  }
  return Status::Ok();
}

Status AnswerDifferences(const SystemContext& context, std::vector<Row>* rows) {
  const answers::Checker* checker = context.sources.checker;
  if (checker == nullptr) return Status::Ok();
  for (const answers::Difference& found : checker->Differences()) {
    rows->push_back({Int(found.id), UnixTimestamp(found.found_micros),
                     Value::Text(found.template_text), Int(found.commit), Value::Text(found.path),
                     Value::Text(found.digest), Value::Text(found.other_path),
                     Value::Text(found.other_digest)});
  }
  return Status::Ok();
}

Status AnswerChecks(const SystemContext& context, std::vector<Row>* rows) {
  const answers::Checker* checker = context.sources.checker;
  if (checker == nullptr) return Status::Ok();
  const answers::Counts counts = checker->counts();
  rows->push_back({Value::Text("checked"), Value(), Int(counts.checked)});
  rows->push_back({Value::Text("equal"), Value(), Int(counts.equal)});
  rows->push_back({Value::Text("different"), Value(), Int(counts.different)});
  rows->push_back({Value::Text("waiting"), Value(), Int(counts.waiting)});
  for (const auto& [reason, count] : counts.skipped) {
    rows->push_back({Value::Text("skipped"), Value::Text(reason), Int(count)});
  }
  return Status::Ok();
}

Status Jobs(const SystemContext& context, std::vector<Row>* rows) {
  constexpr const char* kStates[] = {"resting", "waiting", "running", "paused"};
  const jobs::Runner* runner = context.sources.jobs;
  if (runner == nullptr) return Status::Ok();
  const double share = runner->share();
  for (const jobs::JobReport& job : runner->Reports()) {
    const bool spare = job.urgency == jobs::Urgency::kSpare;
    rows->push_back(
        {Value::Text(job.name), Value::Text(spare ? "spare" : "due"),
         Value::Text(kStates[static_cast<size_t>(job.state)]), Int(job.runs), Int(job.failures),
         Int(job.cancelled), job.last_error.empty() ? Value() : Value::Text(job.last_error),
         UnixTimestamp(job.last_started_micros), Value::Int(job.last_us), Value::Int(job.total_us),
         Value::Int(job.cpu_us), Value::Int(job.paused_us), spare ? Value::Int(job.bytes) : Value(),
         UnixTimestamp(job.next_due_micros), spare ? Value::Double(share) : Value()});
  }
  return Status::Ok();
}

Status CostModelRows(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.costs == nullptr) return Status::Ok();
  const CostModel now = context.sources.costs->model(), built_in;
  for (const Coefficient& each : Coefficients()) {
    rows->push_back({Value::Text(each.name), Value::Double(now.*each.value),
                     Value::Double(built_in.*each.value), Value::Text(each.meaning)});
  }
  return Status::Ok();
}

Value IntOrNull(const std::optional<uint64_t>& value) { return value ? Int(*value) : Value(); }

Status CacheRows(const SystemContext& context, std::vector<Row>* rows) {
  for (const rowstore::CacheState& cache : context.sources.rows->caches()) {
    rows->push_back({Value::Text(cache.name), Int(cache.bytes), Int(cache.bytes_max),
                     IntOrNull(cache.entries), IntOrNull(cache.found), IntOrNull(cache.missed)});
  }
  return Status::Ok();
}

}  // namespace

std::vector<SystemDefinition> OmendbRelations() {
  using catalog::kOmendbSchema;
  return {
      {kOmendbSchema,
       {13501, "replica_status",
        "watermark int8, last_commit int8, queued_commits int8, queued_bytes int8, "
        "applied_commits int8, applied_batches int8, rebuilds int8, lag_ms int8, phase text, "
        "last_error text"},
       ReplicaStatus},
      {kOmendbSchema,
       {13502, "query_history",
        "id int8, session_id int8, user_name text, query text, tag text, path text, reason text, "
        "started timestamptz, duration_us int8, rows int8, snapshot_commit int8, watermark int8, "
        "sqlstate text, template_id int8, asked_router bool, estimated_rows float8, "
        "estimated_us float8, rows_read int8, bytes int8, cpu_us int8, waited_us int8, "
        "engine_us int8, blocks_cached int8, blocks_read int8"},
       QueryHistory},
      {kOmendbSchema,
       {13503, "table_sizes",
        "table_oid oid, name text, storage_id int8, schema_version int4, rows_estimate int8, "
        "bytes_estimate int8, replicated bool, last_change int8"},
       TableSizes},
      {kOmendbSchema,
       {13504, "answer_differences",
        "id int8, found timestamptz, query text, commit int8, path text, digest text, "
        "other_path text, other_digest text"},
       AnswerDifferences},
      {kOmendbSchema,
       {13505, "answer_checks", "outcome text, reason text, reads int8"},
       AnswerChecks},
      {kOmendbSchema,
       {13507, "jobs",
        "name text, urgency text, state text, runs int8, failures int8, cancelled int8, "
        "last_error text, last_started timestamptz, last_us int8, total_us int8, cpu_us int8, "
        "paused_us int8, bytes int8, next_due timestamptz, share float8"},
       Jobs},
      {kOmendbSchema,
       {13511, "cost_model", "name text, microseconds float8, built_in float8, meaning text"},
       CostModelRows},
      {kOmendbSchema,
       {13512, "caches",
        "name text, bytes int8, bytes_max int8, entries int8, found int8, missed int8"},
       CacheRows},
      {kOmendbSchema,
       {13508, "statistics",
        "schema_name text, table_name text, rows float8, changed int8, followed_rows int8, "
        "taken timestamptz, commit_id int8, source text, column_name text, null_share float8, "
        "average_width float8, distinct_values float8, common_values int8, bounds int8, "
        "correlation float8"},
       StatisticsRows},
      {kOmendbSchema,
       {13509, "statistics_pairs",
        "schema_name text, table_name text, column_a text, column_b text, distinct_pairs float8, "
        "a_gives_b float8, b_gives_a float8, common_pairs int8"},
       StatisticsPairRows},
  };
}

}  // namespace omen::exec
