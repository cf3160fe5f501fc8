// What the router has learned, and how its choices turned out.
#include <cmath>

#include "exec/system/system_definition.h"

namespace omen::exec {
namespace {

constexpr router::Path kChosen[] = {router::Path::kRow, router::Path::kColumn,
                                    router::Path::kMixed};

Value NameOf(router::Path path) {
  constexpr const char* kNames[] = {"row", "column", "mixed"};
  return Value::Text(kNames[static_cast<size_t>(path)]);
}

Value Known(double value) { return value > 0 ? Value::Double(value) : Value(); }

Status RouterDecisions(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.router == nullptr) return Status::Ok();
  for (const router::Decision& decision : context.sources.router->Decisions()) {
    const router::Choice& choice = decision.choice;
    Row row = {CountValue(decision.id),    CountValue(decision.template_id),
               NameOf(choice.path),        NameOf(choice.by_rules),
               Value::Text(choice.reason), Value::Double(decision.rows_touched)};
    for (const double cost_us : decision.cost_us) row.push_back(Known(cost_us));
    for (const router::Path path : kChosen) {
      const router::Prediction& prediction = choice.on(path);
      const bool made = prediction.us > 0;
      row.push_back(Known(prediction.us));
      row.push_back(made ? Value::Double(prediction.spread) : Value());
      row.push_back(made ? Value::Text(router::SourceName(prediction.source)) : Value());
    }
    row.push_back(Known(decision.us));
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

Status RouterRegrets(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.router == nullptr) return Status::Ok();
  for (const router::Regret& regret : context.sources.router->Regrets()) {
    Row row = {CountValue(regret.template_id),
               NameOf(regret.chosen),
               NameOf(regret.best),
               Value::Double(regret.chosen_us),
               Value::Double(regret.best_us),
               Value::Double(regret.chosen_us - regret.best_us),
               Value::Double(regret.spread)};
    for (const double runs : regret.runs) row.push_back(Value::Double(runs));
    rows->push_back(std::move(row));
  }
  return Status::Ok();
}

Status LearnedParts(const SystemContext& context, std::vector<Row>* rows) {
  if (context.sources.router == nullptr) return Status::Ok();
  for (const router::SourceRecord& record : context.sources.router->Records()) {
    const bool asked = record.predictions > 0;
    rows->push_back({Value::Text("router"), Value::Text(router::SourceName(record.source)),
                     CountValue(record.predictions), CountValue(record.right),
                     asked ? Value::Double(std::exp(record.mean_log_error)) : Value(),
                     CountValue(record.trials),
                     record.trials > 0 ? Value::Double(record.saved) : Value(),
                     Value::Bool(record.in_use)});
  }
  return Status::Ok();
}

}  // namespace

std::vector<SystemDefinition> LearningRelations() {
  using catalog::kOmendbSchema;
  return {
      {kOmendbSchema,
       {13519, "router_decisions",
        "id int8, template_id int8, path text, by_rules text, reason text, rows_touched float8, "
        "row_cost_us float8, column_cost_us float8, mixed_cost_us float8, row_us float8, "
        "row_spread float8, row_source text, column_us float8, column_spread float8, "
        "column_source text, mixed_us float8, mixed_spread float8, mixed_source text, "
        "took_us float8"},
       RouterDecisions},
      {kOmendbSchema,
       {13520, "router_regret",
        "template_id int8, path text, best_path text, path_us float8, best_us float8, "
        "regret_us float8, spread float8, row_runs float8, column_runs float8, mixed_runs float8"},
       RouterRegrets},
      {kOmendbSchema,
       {13521, "learned_parts",
        "part text, source text, predictions int8, right_predictions int8, "
        "typical_factor float8, trials int8, saved_share float8, in_use bool"},
       LearnedParts},
  };
}

}  // namespace omen::exec
