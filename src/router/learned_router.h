// Learns which path is fastest from how reads have gone. What it believes of a path's time is the
// cost model's estimate, corrected by how far it was off: for this template and these values, or
// as many rows; else for other templates that share its scans, joins and groupings; else by a
// regression over the statement's shape. The rules stand where nothing is known, and where nothing
// is sure. What trials show to lose beside the rules is put aside.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "router/arm_times.h"
#include "router/part_times.h"
#include "router/router.h"
#include "router/shape_models.h"
#include "router/source_trust.h"

namespace omen::router {

/// Any thread; a choice takes a lock for about a microsecond, and so does what is learned of a run.
class LearnedRouter final : public Router {
 public:
  struct Limits {
    size_t templates = 5000, parts = 16'384, decisions = 1000, examples = 4096;
  };
  explicit LearnedRouter(Limits limits) : limits_(limits), parts_(limits.parts) {}
  LearnedRouter() : LearnedRouter(Limits()) {}

  Choice Choose(const Features& features) const override;
  std::array<Prediction, kPaths> Predict(const Features& features) const override;
  void Learn(const Features& features, const RunSeen& run) override;
  /// After the second, the fourth, the eighth run of clients..., of values that come again for
  /// the first time, and where it is often surprised.
  bool WantsTrial(uint64_t template_id, uint64_t values) const override;
  void EndTrial(const Features& features, const PathTimes& us) override;
  void Train() override;
  std::vector<Lesson> TakeLessons() override;
  void Restore(const Lesson& lesson) override;
  std::vector<Decision> Decisions() const override;
  std::vector<Regret> Regrets() const override;
  std::vector<SourceRecord> Records() const override;

 private:
  static constexpr size_t kSources = 4;
  static constexpr uint64_t kFirstTrial = 2;
  /// A template; the rest as it was chosen for last.
  struct Known {
    ArmTimes times;
    std::array<double, kPaths> cost_us{};
    ArmTimes::Case last;
    Path chosen = Path::kRow;
    uint64_t turn = 0;
    bool changed = false;                         // since it was taken to be kept
    uint64_t runs = 0, next_trial = kFirstTrial;  // of clients
    int surprises = 0;                            // in a row
  };

  std::optional<Belief> Ask(Source source, const Features& features, Path path,
                            const Known* own) const;
  Prediction PredictOn(Path path, const Features& features, const Known* own) const;
  std::array<Prediction, kPaths> PredictAll(const Features& features, const Known* own) const;
  static Prediction PredictAsLast(const Known& known, Path path);
  static Path BestOf(const Features& features, const std::array<Prediction, kPaths>& predictions,
                     Path by_rules);
  bool IsInUse(Source source) const;
  Known* Find(uint64_t template_id) const;
  Known* Enter(uint64_t template_id);
  void MakeRoom();
  void NoteLast(const Features& features, Path chosen, Known* known) const;
  void WriteDown(const Features& features, Choice* choice) const;
  void Judge(const RunSeen& run);
  void JudgeSources(const Features& features, const PathTimes& us, const Known& known);
  static void Count(const Belief* believed, double log_ratio, Known* known);
  void Note(const Features& features, Path path, ArmTimes::Run run, double us, Known* known);
  void NoteForOthers(const Features& features, Path path, double us);
  std::vector<uint64_t> TakeChanged(std::vector<Lesson>* lessons);
  static std::string EncodeKnown(uint64_t template_id, const Known& known);
  void RestoreKnown(PackedReader* in);

  const Limits limits_;
  const RuleRouter rules_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<uint64_t, std::unique_ptr<Known>> known_;
  std::vector<uint64_t> forgotten_;  // templates that may be kept still
  PartTimes parts_;
  ShapeModels models_;
  std::deque<ShapeModels::Example> examples_;
  mutable std::vector<Decision> decisions_;  // a ring, whose strings' memory is used again
  std::array<SourceRecord, kSources> records_{};
  std::array<SourceTrust, kSources> trust_{};
  mutable uint64_t next_decision_ = 1, turn_ = 0;
};

}  // namespace omen::router
