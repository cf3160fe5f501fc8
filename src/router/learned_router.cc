#include "router/learned_router.h"

#include <fmt/compile.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace omen::router {
namespace {

constexpr Path kAllPaths[] = {Path::kRow, Path::kColumn, Path::kMixed};

// How far the cost model is off where nothing more is known: it is within a factor of e of most
// statements.
constexpr Belief kOfRules{0, 1};
constexpr double kEnoughRuns = 3;  // of its own: nothing else is asked
// A path is left for another that is expected to take so much less, with so many deviations' doubt.
constexpr double kGainMin = 0.1, kDoubts = 1, kDoubtsOfRules = 1.5;
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

ArmTimes::Case CaseOf(const Features& features) {
  return {.rows_touched = features.rows_touched, .values = features.values};
}

// The rules' own estimates are no reason to leave what the rules chose; but what was chosen may be
// known to take so much more than they said that even a poor estimate of another path is better.
bool IsSurelyBetter(const Prediction& better, const Prediction& than) {
  if (better.us <= 0 || than.us <= 0) return false;
  if (better.source == Source::kRules && than.source != Source::kTemplate) return false;
  const double gain = std::log(than.us / better.us);
  const double doubt = std::hypot(better.spread, than.spread);
  const double doubts = better.source == Source::kRules ? kDoubtsOfRules : kDoubts;
  return than.us - better.us >= kWorthUs && gain >= std::max(kGainMin, doubts * doubt);
}

}  // namespace

std::string_view SourceName(Source source) {
  constexpr std::string_view kNames[] = {"rules", "model", "parts", "template"};
  return kNames[static_cast<size_t>(source)];
}

// The rules' doubt is no source: it stands behind all of them.
std::optional<Belief> LearnedRouter::Ask(Source source, const Features& features, Path path,
                                         const Known* own) const {
  if (source == Source::kModel) return models_.Of(features, path);
  if (source == Source::kParts) return parts_.Of(features, path);
  if (own == nullptr || !own->times.knows(path)) return std::nullopt;
  return own->times.Of(path, CaseOf(features));
}

// Statements' own runs are followed until they are seen to lose; of others' runs it must be seen
// first that they win.
bool LearnedRouter::IsInUse(Source source) const {
  const SourceTrust& trust = trust_[static_cast<size_t>(source)];
  return source == Source::kModel || source == Source::kParts ? trust.has_won() : !trust.has_lost();
}

Prediction LearnedRouter::PredictOn(Path path, const Features& features, const Known* own) const {
  const double cost_us = features.cost_us(path);
  if (cost_us <= 0) return {};
  Belief belief = kOfRules;
  Source from = Source::kRules;
  const bool enough = own != nullptr && own->times.weight(path) >= kEnoughRuns;
  for (const Source source : {Source::kModel, Source::kParts, Source::kTemplate}) {
    if (!IsInUse(source)) continue;
    const bool alone = source == Source::kTemplate && enough;
    if (enough && !alone) continue;
    const std::optional<Belief> asked = Ask(source, features, path, own);
    if (!asked) continue;
    belief = alone ? *asked : belief.With(*asked);
    from = source;
  }
  return {cost_us * std::exp(belief.mean), std::sqrt(belief.variance), from};
}

LearnedRouter::Known* LearnedRouter::Find(uint64_t template_id) const {
  const auto found = known_.find(template_id);
  return found != known_.end() ? found->second.get() : nullptr;
}

std::array<Prediction, kPaths> LearnedRouter::PredictAll(const Features& features,
                                                         const Known* own) const {
  std::array<Prediction, kPaths> predictions{};
  for (const Path path : kAllPaths) {
    if (IsAWay(features, path)) predictions[PathIndex(path)] = PredictOn(path, features, own);
  }
  return predictions;
}

std::array<Prediction, kPaths> LearnedRouter::Predict(const Features& features) const {
  const std::lock_guard lock(mutex_);
  return PredictAll(features, Find(features.template_id));
}

Path LearnedRouter::BestOf(const Features& features,
                           const std::array<Prediction, kPaths>& predictions, Path by_rules) {
  Path best = by_rules;
  for (const Path path : kAllPaths) {
    if (!IsAWay(features, path) || features.replica_behind) continue;
    if (IsSurelyBetter(predictions[PathIndex(path)], predictions[PathIndex(best)])) best = path;
  }
  return best;
}

Choice LearnedRouter::Choose(const Features& features) const {
  Choice choice = rules_.Choose(features);
  choice.by_rules = choice.path;
  const bool open = choice.possible && features.reads_tables && !features.key_lookup &&
                    !features.locks_rows && features.template_id != 0;
  if (!open) return choice;
  const std::lock_guard lock(mutex_);
  Known* known = Find(features.template_id);
  choice.predictions = PredictAll(features, known);
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
  known->last = CaseOf(features);
  for (const Path path : kAllPaths) known->cost_us[PathIndex(path)] = features.cost_us(path);
}

void LearnedRouter::WriteDown(const Features& features, Choice* choice) const {
  const uint64_t id = choice->decision = next_decision_++;
  const size_t place = id % limits_.decisions;
  if (decisions_.size() <= place) decisions_.resize(place + 1);
  Decision& decision = decisions_[place];
  decision.id = id;
  decision.template_id = features.template_id;
  decision.rows_touched = features.rows_touched;
  for (const Path path : kAllPaths) {
    decision.cost_us[PathIndex(path)] = features.on(path).possible ? features.cost_us(path) : 0;
  }
  decision.choice = *choice;
  decision.us = 0;
}

void LearnedRouter::Judge(const RunSeen& run) {
  const size_t place = run.decision % limits_.decisions;
  if (run.decision == 0 || place >= decisions_.size()) return;
  Decision& decision = decisions_[place];
  if (decision.id != run.decision) return;
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
  for (size_t i = 0; i < records.size(); ++i) {
    records[i].source = static_cast<Source>(i);
    records[i].trials = trust_[i].trials();
    records[i].saved = trust_[i].saved();
    records[i].in_use = IsInUse(static_cast<Source>(i));
  }
  return records;
}

LearnedRouter::Known* LearnedRouter::Enter(uint64_t template_id) {
  if (Known* known = Find(template_id)) return known;
  if (known_.size() >= limits_.templates) MakeRoom();
  auto& made = known_[template_id] = std::make_unique<Known>();
  return made.get();
}

// By an eighth at a time, of those that were asked for longest ago.
void LearnedRouter::MakeRoom() {
  std::vector<std::pair<uint64_t, uint64_t>> turns;
  for (const auto& [id, known] : known_) turns.emplace_back(known->turn, id);
  const auto leaving = static_cast<ptrdiff_t>(turns.size() / 8 + 1);
  std::nth_element(turns.begin(), turns.begin() + leaving - 1, turns.end());
  for (auto turn = turns.begin(); turn != turns.begin() + leaving; ++turn) {
    known_.erase(turn->second);
    forgotten_.push_back(turn->second);
  }
  constexpr size_t kForgottenMax = 100'000;  // where nobody keeps anything
  if (forgotten_.size() > kForgottenMax) forgotten_.clear();
}

namespace {

bool Tells(const Features& features, Path path, double us) {
  return features.template_id != 0 && features.cost_us(path) > 0 && us > 0 &&
         !features.key_lookup && !features.locks_rows;
}

double LogRatio(const Features& features, Path path, double us) {
  return std::log(us / features.cost_us(path));
}

// What was cut off would have gone on, for as long again as likely as not.
double UsOf(const RunSeen& run) {
  constexpr double kGoesOn = 2;
  return run.cut_off ? kGoesOn * run.us : run.us;
}

}  // namespace

void LearnedRouter::Learn(const Features& features, const RunSeen& run) {
  if (!Tells(features, run.path, run.us)) return;
  const std::lock_guard lock(mutex_);
  Judge(run);
  Known* known = Enter(features.template_id);
  if (known->turn == 0) NoteLast(features, run.path, known);
  const bool knew = known->times.knows(run.path);
  const Belief believed = knew ? known->times.Of(run.path, CaseOf(features)) : Belief();
  // That it takes so long at least is no news where it is believed to take longer.
  if (run.cut_off && knew && LogRatio(features, run.path, run.us) < believed.mean) return;
  Count(knew ? &believed : nullptr, LogRatio(features, run.path, UsOf(run)), known);
  Note(features, run.path, ArmTimes::Run::kOfClient, UsOf(run), known);
  // The regressions shall know many templates a little, not the most frequent ones well.
  if (std::has_single_bit(known->runs)) NoteForOthers(features, run.path, UsOf(run));
}

void LearnedRouter::Note(const Features& features, Path path, ArmTimes::Run run, double us,
                         Known* known) {
  known->times.Note(path, run, CaseOf(features), LogRatio(features, path, us));
  known->changed = true;
  parts_.Note(features, path, LogRatio(features, path, us));
}

void LearnedRouter::NoteForOthers(const Features& features, Path path, double us) {
  if (examples_.size() >= limits_.examples) return;
  examples_.push_back({path, ShapeModels::InputsOf(features, path), LogRatio(features, path, us)});
}

bool LearnedRouter::WantsTrial(uint64_t template_id, uint64_t values) const {
  const std::lock_guard lock(mutex_);
  const Known* known = Find(template_id);
  if (known == nullptr) return false;
  return known->runs >= known->next_trial || known->times.WantsTrial(values);
}

// Where only one path could be run there is nothing to compare, and nothing is learned.
void LearnedRouter::EndTrial(const Features& features, const PathTimes& us) {
  const std::lock_guard lock(mutex_);
  if (features.template_id == 0) return;
  Known* known = Enter(features.template_id);
  if (known->turn == 0) NoteLast(features, Path::kRow, known);
  if (std::ranges::count_if(us, [](double took_us) { return took_us > 0; }) > 1) {
    JudgeSources(features, us, *known);
    for (const Path path : kAllPaths) {
      if (!Tells(features, path, us[PathIndex(path)])) continue;
      Note(features, path, ArmTimes::Run::kMeasured, us[PathIndex(path)], known);
      NoteForOthers(features, path, us[PathIndex(path)]);
    }
  }
  known->times.NoteTrial(CaseOf(features));
  known->next_trial = std::max(2 * known->runs, kFirstTrial);
  known->surprises = 0;
  known->changed = true;
}

/// What each source would have chosen, had it been asked alone, beside what the rules choose.
void LearnedRouter::JudgeSources(const Features& features, const PathTimes& us,
                                 const Known& known) {
  const Path by_rules = rules_.Choose(features).path;
  const double rules_us = us[PathIndex(by_rules)];
  if (rules_us <= 0) return;
  for (const Source source : {Source::kModel, Source::kParts, Source::kTemplate}) {
    std::array<Prediction, kPaths> predictions{};
    int asked = 0;
    for (const Path path : kAllPaths) {
      const std::optional<Belief> belief = Ask(source, features, path, &known);
      if (!belief || us[PathIndex(path)] <= 0) continue;
      predictions[PathIndex(path)] = {features.cost_us(path) * std::exp(belief->mean),
                                      std::sqrt(belief->variance), source};
      ++asked;
    }
    if (asked < 2) continue;
    const Path chosen = BestOf(features, predictions, by_rules);
    trust_[static_cast<size_t>(source)].Note(us[PathIndex(chosen)], rules_us);
  }
}

void LearnedRouter::Count(const Belief* believed, double log_ratio, Known* known) {
  ++known->runs;
  if (believed == nullptr) return;
  const double error = std::abs(log_ratio - believed->mean);
  const bool surprised = error > kSurprise && error > 2 * std::sqrt(believed->variance);
  known->surprises = surprised ? known->surprises + 1 : 0;
  if (known->surprises >= kSurprisesInARow) known->next_trial = known->runs;
}

void LearnedRouter::Train() {
  std::deque<ShapeModels::Example> examples;
  std::optional<ShapeModels> models;
  {
    const std::lock_guard lock(mutex_);
    examples.swap(examples_);
    if (examples.empty()) return;
    models.emplace(models_);
  }
  for (const ShapeModels::Example& example : examples) models->Learn(example);
  const std::lock_guard lock(mutex_);
  models_ = *std::move(models);
}

std::vector<Decision> LearnedRouter::Decisions() const {
  std::vector<Decision> decisions;
  {
    const std::lock_guard lock(mutex_);
    decisions = decisions_;
  }
  std::erase_if(decisions, [](const Decision& decision) { return decision.id == 0; });
  std::ranges::sort(decisions, {}, &Decision::id);
  return decisions;
}

Prediction LearnedRouter::PredictAsLast(const Known& known, Path path) {
  const Belief belief = known.times.Of(path, known.last);
  return {known.cost_us[PathIndex(path)] * std::exp(belief.mean), std::sqrt(belief.variance),
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
      regret.runs[PathIndex(path)] = known->times.weight(path);
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
