// Learns which path is fastest from how reads have gone. What it believes of a path's time is the
// cost model's estimate, corrected by how far it was off: for this template and as many rows;
// else for other templates that share its scans, joins and groupings; else by a regression over
// the statement's shape. The rules stand where nothing is known, and where nothing is sure.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "learn/stream/ridge.h"
#include "router/arm_times.h"
#include "router/router.h"

namespace omen::router {

/// Any thread; a choice takes a lock for about a microsecond, and so does what is learned of a run.
class LearnedRouter final : public Router {
 public:
  struct Limits {
    size_t templates = 5000, parts = 16'384, decisions = 1000, examples = 4096;
  };
  explicit LearnedRouter(Limits limits) : limits_(limits) {}
  LearnedRouter() : LearnedRouter(Limits()) {}

  Choice Choose(const Features& features) const override;
  void Learn(const Features& features, const RunSeen& run) override;
  /// After the second, the fourth, the eighth run of clients..., and where it is often surprised.
  bool WantsTrial(uint64_t template_id) const override;
  void Train() override;
  std::vector<Decision> Decisions() const override;
  std::vector<Regret> Regrets() const override;
  std::vector<SourceRecord> Records() const override;

 private:
  static constexpr size_t kInputs = 14, kSources = 4;
  static constexpr uint64_t kFirstTrial = 2;
  using Inputs = std::array<double, kInputs>;
  /// A template; the rest as it was chosen for last.
  struct Known {
    ArmTimes times;
    std::array<double, kPaths> cost_us{};
    double rows_touched = 0;
    Path chosen = Path::kRow;
    uint64_t turn = 0;
    uint64_t runs = 0, next_trial = kFirstTrial;  // of clients
    int surprises = 0;                            // in a row
  };
  struct Example {
    Path path;
    Inputs inputs;
    double log_ratio;
  };

  static Inputs InputsOf(const Features& features, Path path);
  Prediction Predict(const Features& features, Path path, const ArmTimes* own) const;
  Belief FromModel(const Features& features, Path path) const;
  bool FromParts(const Features& features, Path path, Belief* belief) const;
  Prediction PredictAsLast(const Known& known, Path path) const;
  static bool IsSurelyBetter(const Prediction& better, const Prediction& than);
  Known* Find(uint64_t template_id) const;
  Known* Enter(uint64_t template_id);
  void NoteParts(const Features& features, Path path, double log_ratio);
  void NoteLast(const Features& features, Path chosen, Known* known) const;
  void WriteDown(const Features& features, Choice* choice) const;
  void Judge(const RunSeen& run);
  void Count(const RunSeen& run, const Belief* believed, double log_ratio, Known* known) const;

  const Limits limits_;
  const RuleRouter rules_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<uint64_t, std::unique_ptr<Known>> known_;
  std::unordered_map<uint64_t, std::array<LogRatios, kPaths>> parts_;
  std::vector<learn::Ridge> models_ = {kPaths, learn::Ridge(kInputs, 1, 0.999)};
  std::deque<Example> examples_;
  mutable std::deque<Decision> decisions_;
  std::array<SourceRecord, kSources> records_{};
  mutable uint64_t next_decision_ = 1, turn_ = 0;
};

}  // namespace omen::router
