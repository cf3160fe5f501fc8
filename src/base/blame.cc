#include "base/blame.h"

#include <fmt/format.h>

#include <utility>

namespace omen {
namespace {

struct Mark {
  SqlState state;
  Blame blame;
  SqlState told;
};

constexpr Mark kMarks[] = {
    {SqlState{"?REFU"}, Blame::kRefusal, sqlstate::kFeatureNotSupported},
    {SqlState{"?AWAY"}, Blame::kRefusal, sqlstate::kNotInPrerequisiteState},
    {SqlState{"?FAUL"}, Blame::kFault, sqlstate::kInternalError},
    {SqlState{"?NARR"}, Blame::kNarrow, sqlstate::kNumericOutOfRange},
};
constexpr const Mark& kRefused = kMarks[0];
constexpr const Mark& kAway = kMarks[1];
constexpr const Mark& kBroken = kMarks[2];
constexpr const Mark& kTooNarrow = kMarks[3];

const Mark* MarkOf(const Status& status) {
  for (const Mark& mark : kMarks) {
    if (status.Is(mark.state)) return &mark;
  }
  return nullptr;
}

}  // namespace

Status Refusal(std::string_view feature) {
  return Status(kRefused.state, fmt::format("{} is not supported", feature));
}
Status Unavailable(std::string message) { return Status(kAway.state, std::move(message)); }
Status PathFault(std::string message) { return Status(kBroken.state, std::move(message)); }
Status NarrowOverflow(std::string message) { return Status(kTooNarrow.state, std::move(message)); }

Blame BlameOf(const Status& status) {
  const Mark* mark = MarkOf(status);
  return mark != nullptr ? mark->blame : Blame::kStatement;
}

Status Settled(Status status) {
  if (const Mark* mark = MarkOf(status)) status.error().state = mark->told;
  return status;
}

}  // namespace omen
