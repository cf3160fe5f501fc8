#include "router/learned_router.h"

#include <fmt/compile.h>

#include <algorithm>
#include <cmath>

namespace omen::router {
namespace {

constexpr Path kAllPaths[] = {Path::kRow, Path::kColumn, Path::kMixed};

// How far the cost model is off where nothing more is known: it is within a factor of e of most
// statements.
constexpr Belief kOfRules{0, 1};
constexpr double kExamplesMin = 40;              // before a regression is asked
constexpr double kEnoughRuns = 3;                // of its own: nothing else is asked
constexpr double kSpreadBetweenTemplates = 0.4;  // that share parts
// A path is left for another that is expected to take so much less, with so many deviations' doubt.
constexpr double kGainMin = 0.1, kDoubts = 1;
// So many runs in a row that are twice what was believed, or half: times have changed.
constexpr double kSurprise = 0.7;
constexpr int kSurprisesInARow = 3;
// Brief reads are not worth a change that others, who share the cores, would feel.
constexpr double kWorthUs = 50;

/// Where columns can show all tables, the mixed path is the columns'.
bool IsAWay(const Features& features, Path path) {
  if (path == Path::kMixed && features.on(Path::kColumn).possible) return false;
  return features.on(path).possible;
}

size_t Index(Path path) { return static_cast<size_t>(path); }

}  // namespace

std::string_view SourceName(Source source) {
  constexpr std::string_view kNames[] = {"rules", "model", "parts", "template"};
  return kNames[static_cast<size_t>(source)];
}

LearnedRouter::Inputs LearnedRouter::InputsOf(const Features& features, Path path) {
  const Shape& shape = features.shape;
  const auto size = [](double number) { return std::log1p(std::max(number, 0.0)) / 10; };
  const auto few = [](int count) { return std::min(count, 8) / 4.0; };
  return {1,
          size(features.rows_touched),
          size(features.cost_us(path)),
          few(shape.relations),
          few(shape.joins),
          few(shape.subqueries),
          few(shape.group_keys),
          few(shape.aggregates),
          few(shape.windows),
          few(shape.order_keys),
          few(shape.set_operations),
          shape.limit ? 1.0 : 0.0,
          shape.distinct ? 1.0 : 0.0,
          shape.limit && shape.order_keys > 0 ? 1.0 : 0.0};
}

Belief LearnedRouter::FromModel(const Features& features, Path path) const {
  const learn::Ridge& model = models_[Index(path)];
  const Inputs inputs = InputsOf(features, path);
  return {model.Predict(inputs), model.error_variance() * (1 + model.Novelty(inputs))};
}

bool LearnedRouter::FromParts(const Features& features, Path path, Belief* belief) const {
  bool found = false;
  for (const uint64_t part : features.parts) {
    const auto known = parts_.find(part);
    if (known == parts_.end()) continue;
    const LogRatios& ratios = known->second[Index(path)];
    if (ratios.weight() == 0) continue;
    const Belief of{ratios.mean(), ratios.variance() / ratios.weight() +
                                       kSpreadBetweenTemplates * kSpreadBetweenTemplates};
    // Parts of one statement err together, so that two are no surer than the surest.
    if (!found || of.variance < belief->variance) *belief = of;
    found = true;
  }
  return found;
}

Prediction LearnedRouter::Predict(const Features& features, Path path, const ArmTimes* own) const {
  const double cost_us = features.cost_us(path);
  if (cost_us <= 0) return {};
  Belief belief = kOfRules;
  Source source = Source::kRules;
  if (own != nullptr && own->weight(path) >= kEnoughRuns) {
    belief = own->Of(path, features.rows_touched);
    return {cost_us * std::exp(belief.mean), std::sqrt(belief.variance), Source::kTemplate};
  }
  if (models_[Index(path)].examples() >= kExamplesMin) {
    belief = belief.With(FromModel(features, path));
    source = Source::kModel;
  }
  if (Belief parts; FromParts(features, path, &parts)) {
    belief = belief.With(parts);
    source = Source::kParts;
  }
  if (own != nullptr && own->knows(path)) {
    belief = belief.With(own->Of(path, features.rows_touched));
    source = Source::kTemplate;
  }
  return {cost_us * std::exp(belief.mean), std::sqrt(belief.variance), source};
}

bool LearnedRouter::IsSurelyBetter(const Prediction& better, const Prediction& than) {
  if (better.us <= 0 || than.us <= 0 || better.source == Source::kRules) return false;
  const double gain = std::log(than.us / better.us);
  const double doubt = std::hypot(better.spread, than.spread);
  return than.us - better.us >= kWorthUs && gain >= std::max(kGainMin, kDoubts * doubt);
}

LearnedRouter::Known* LearnedRouter::Find(uint64_t template_id) const {
  const auto found = known_.find(template_id);
  return found != known_.end() ? found->second.get() : nullptr;
}

Choice LearnedRouter::Choose(const Features& features) const {
  Choice choice = rules_.Choose(features);
  choice.by_rules = choice.path;
  const bool open = choice.possible && features.reads_tables && !features.key_lookup &&
                    !features.locks_rows && features.template_id != 0;
  if (!open) return choice;
  const std::lock_guard lock(mutex_);
  Known* known = Find(features.template_id);
  for (const Path path : kAllPaths) {
    if (!IsAWay(features, path)) continue;
    choice.predictions[Index(path)] =
        Predict(features, path, known != nullptr ? &known->times : nullptr);
  }
  const Path by_rules = choice.by_rules;
  for (const Path path : kAllPaths) {
    if (!IsAWay(features, path) || features.replica_behind) continue;
    if (IsSurelyBetter(choice.on(path), choice.on(choice.path))) choice.path = path;
  }
  if (choice.path != by_rules) {
    const Prediction &taken = choice.on(choice.path), &left = choice.on(by_rules);
    choice.reason = fmt::format(FMT_COMPILE("learned by {}: about {:.0f} us, not {:.0f} us"),
                                SourceName(taken.source), taken.us, left.us);
  }
  if (known != nullptr) NoteLast(features, choice.path, known);
  WriteDown(features, &choice);
  return choice;
}

void LearnedRouter::NoteLast(const Features& features, Path chosen, Known* known) const {
  known->turn = ++turn_;
  known->chosen = chosen;
  known->rows_touched = features.rows_touched;
  for (const Path path : kAllPaths) known->cost_us[Index(path)] = features.cost_us(path);
}

void LearnedRouter::WriteDown(const Features& features, Choice* choice) const {
  Decision decision;
  decision.id = choice->decision = next_decision_++;
  decision.template_id = features.template_id;
  decision.rows_touched = features.rows_touched;
  for (const Path path : kAllPaths) {
    if (features.on(path).possible) decision.cost_us[Index(path)] = features.cost_us(path);
  }
  decision.choice = *choice;
  decisions_.push_back(std::move(decision));
  if (decisions_.size() > limits_.decisions) decisions_.pop_front();
}

void LearnedRouter::Judge(const RunSeen& run) {
  if (decisions_.empty() || run.decision < decisions_.front().id ||
      run.decision > decisions_.back().id) {
    return;
  }
  Decision& decision = decisions_[run.decision - decisions_.front().id];
  decision.us = run.us;
  const Prediction& prediction = decision.choice.on(run.path);
  if (prediction.us <= 0) return;
  SourceRecord& record = records_[static_cast<size_t>(prediction.source)];
  const double error = std::abs(std::log(run.us / prediction.us));
  record.predictions += 1;
  if (error <= std::log(1.5)) record.right += 1;
  const double share = std::max(0.02, 1 / static_cast<double>(record.predictions));
  record.mean_log_error += share * (error - record.mean_log_error);
}

std::vector<SourceRecord> LearnedRouter::Records() const {
  const std::lock_guard lock(mutex_);
  std::vector<SourceRecord> records(records_.begin(), records_.end());
  for (size_t i = 0; i < records.size(); ++i) records[i].source = static_cast<Source>(i);
  return records;
}

// Room is made by an eighth at a time, of those that were asked for longest ago.
LearnedRouter::Known* LearnedRouter::Enter(uint64_t template_id) {
  if (Known* known = Find(template_id)) return known;
  if (known_.size() >= limits_.templates) {
    std::vector<std::pair<uint64_t, uint64_t>> turns;
    for (const auto& [id, known] : known_) turns.emplace_back(known->turn, id);
    const auto leaving = static_cast<ptrdiff_t>(turns.size() / 8 + 1);
    std::nth_element(turns.begin(), turns.begin() + leaving - 1, turns.end());
    for (auto turn = turns.begin(); turn != turns.begin() + leaving; ++turn) {
      known_.erase(turn->second);
    }
  }
  auto& made = known_[template_id] = std::make_unique<Known>();
  return made.get();
}

void LearnedRouter::NoteParts(const Features& features, Path path, double log_ratio) {
  for (const uint64_t part : features.parts) {
    const auto found = parts_.find(part);
    if (found != parts_.end()) {
      found->second[Index(path)].Add(log_ratio);
    } else if (parts_.size() < limits_.parts) {
      parts_[part][Index(path)].Add(log_ratio);
    } else {
      parts_.erase(parts_.begin());  // any: the next makes use of the room
    }
  }
}

void LearnedRouter::Learn(const Features& features, const RunSeen& run) {
  const double cost_us = features.cost_us(run.path);
  const bool tells = features.template_id != 0 && cost_us > 0 && run.us > 0 &&
                     !features.key_lookup && !features.locks_rows;
  if (!tells) return;
  const double log_ratio = std::log(run.us / cost_us);
  const std::lock_guard lock(mutex_);
  Judge(run);
  Known* known = Enter(features.template_id);
  if (known->turn == 0) NoteLast(features, run.path, known);
  const bool knew = known->times.knows(run.path);
  const Belief believed = knew ? known->times.Of(run.path, features.rows_touched) : Belief();
  Count(run, knew ? &believed : nullptr, log_ratio, known);
  known->times.Note(run.path, run.measured ? ArmTimes::Run::kMeasured : ArmTimes::Run::kOfClient,
                    features.rows_touched, log_ratio);
  NoteParts(features, run.path, log_ratio);
  if (examples_.size() < limits_.examples) {
    examples_.push_back({run.path, InputsOf(features, run.path), log_ratio});
  }
}

bool LearnedRouter::WantsTrial(uint64_t template_id) const {
  const std::lock_guard lock(mutex_);
  const Known* known = Find(template_id);
  return known != nullptr && known->runs >= known->next_trial;
}

void LearnedRouter::Count(const RunSeen& run, const Belief* believed, double log_ratio,
                          Known* known) const {
  if (run.measured) {
    known->next_trial = std::max(2 * known->runs, kFirstTrial);
    known->surprises = 0;
    return;
  }
  ++known->runs;
  if (believed == nullptr) return;
  const double error = std::abs(log_ratio - believed->mean);
  const bool surprised = error > kSurprise && error > 2 * std::sqrt(believed->variance);
  known->surprises = surprised ? known->surprises + 1 : 0;
  if (known->surprises >= kSurprisesInARow) known->next_trial = known->runs;
}

void LearnedRouter::Train() {
  std::deque<Example> examples;
  std::vector<learn::Ridge> models;
  {
    const std::lock_guard lock(mutex_);
    examples.swap(examples_);
    if (examples.empty()) return;
    models = models_;
  }
  for (const Example& example : examples) {
    models[Index(example.path)].Learn(example.inputs, example.log_ratio);
  }
  const std::lock_guard lock(mutex_);
  models_.swap(models);
}

std::vector<Decision> LearnedRouter::Decisions() const {
  const std::lock_guard lock(mutex_);
  return {decisions_.begin(), decisions_.end()};
}

Prediction LearnedRouter::PredictAsLast(const Known& known, Path path) const {
  const Belief belief = known.times.Of(path, known.rows_touched);
  return {known.cost_us[Index(path)] * std::exp(belief.mean), std::sqrt(belief.variance),
          Source::kTemplate};
}

std::vector<Regret> LearnedRouter::Regrets() const {
  const std::lock_guard lock(mutex_);
  std::vector<Regret> regrets;
  for (const auto& [id, known] : known_) {
    if (!known->times.knows(known->chosen)) continue;
    const Prediction chosen = PredictAsLast(*known, known->chosen);
    Regret regret{.template_id = id,
                  .chosen = known->chosen,
                  .best = known->chosen,
                  .chosen_us = chosen.us,
                  .best_us = chosen.us};
    for (const Path path : kAllPaths) {
      const bool as_columns = path == Path::kMixed && known->times.knows(Path::kColumn);
      if (!known->times.knows(path) || as_columns) continue;
      regret.runs[Index(path)] = known->times.weight(path);
      const Prediction of = PredictAsLast(*known, path);
      if (of.us >= regret.best_us) continue;
      regret.best = path;
      regret.best_us = of.us;
      regret.spread = std::hypot(of.spread, chosen.spread);
    }
    regrets.push_back(regret);
  }
  return regrets;
}

}  // namespace omen::router
