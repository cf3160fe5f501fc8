#include "sql/typing/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

using functions::Operator;
using functions::Registry;

/// An overload that takes the given number of arguments.
struct Candidate {
  Callee callee;
  const Operator* op = nullptr;
  bool variadic = false;
  std::span<const Oid> args() const { return callee.declared; }
};
using Candidates = std::vector<const Candidate*>;

/// Keeps the candidates with the highest score.
template <typename Score>
Candidates KeepBest(const Candidates& from, Score score) {
  Candidates kept;
  int best = -1;
  for (const Candidate* candidate : from) {
    int points = score(*candidate);
    if (points > best) {
      best = points;
      kept.clear();
    }
    if (points == best) kept.push_back(candidate);
  }
  return kept;
}

/// What the candidates' types at one unknown argument have in common.
struct Slot {
  bool set = false, conflict = false, has_preferred = false;
  TypeCategory category = TypeCategory::kUnknown;
};

Slot SurveySlot(const Candidates& candidates, size_t index) {
  Slot slot;
  for (const Candidate* candidate : candidates) {
    const TypeInfo* info = FindType(candidate->args()[index]);
    TypeCategory category = info ? info->category : TypeCategory::kUser;
    bool preferred = info && info->preferred;
    if (!slot.set) {
      slot = {true, false, preferred, category};
    } else if (slot.category == category) {
      slot.has_preferred |= preferred;
    } else if (category == TypeCategory::kString) {
      slot.category = category;
      slot.has_preferred = preferred;
    } else {
      slot.conflict = true;
    }
  }
  return slot;
}

/// Step for unknown literals: the category most candidates agree on, string first.
Candidates KeepByUnknowns(const Candidates& candidates, std::span<const Oid> inputs) {
  std::vector<Slot> slots(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != oid::kUnknown) continue;
    slots[i] = SurveySlot(candidates, i);
    if (slots[i].conflict && slots[i].category != TypeCategory::kString) return candidates;
  }
  Candidates kept;
  for (const Candidate* candidate : candidates) {
    bool keep = true;
    for (size_t i = 0; i < inputs.size() && keep; ++i) {
      if (inputs[i] != oid::kUnknown) continue;
      Oid type = candidate->args()[i];
      keep = CategoryOf(type) == slots[i].category &&
             (!slots[i].has_preferred || IsPreferred(slots[i].category, type));
    }
    if (keep) kept.push_back(candidate);
  }
  return kept.empty() ? candidates : kept;
}

/// Last step: take unknowns for the one type that all known arguments have.
const Candidate* ChooseByKnownType(const Candidates& candidates, std::span<const Oid> inputs) {
  Oid known = oid::kUnknown;
  for (Oid input : inputs) {
    if (input == oid::kUnknown || input == known) continue;
    if (known != oid::kUnknown) return nullptr;
    known = input;
  }
  if (known == oid::kUnknown) return nullptr;
  std::vector<Oid> assumed(inputs.size(), known);
  const Candidate* chosen = nullptr;
  for (const Candidate* candidate : candidates) {
    if (!CanCoerceAll(assumed, candidate->args(), CastContext::kImplicit)) continue;
    if (chosen != nullptr) return nullptr;
    chosen = candidate;
  }
  return chosen;
}

int ExactMatches(const Candidate& candidate, std::span<const Oid> inputs) {
  int matches = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != oid::kUnknown && candidate.args()[i] == inputs[i]) ++matches;
  }
  return matches;
}

int PreferredMatches(const Candidate& candidate, std::span<const Oid> inputs) {
  int matches = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == oid::kUnknown) continue;
    Oid type = candidate.args()[i];
    if (type == inputs[i] || IsPreferred(CategoryOf(inputs[i]), type)) ++matches;
  }
  return matches;
}

/// func_select_candidate: the one best overload, or null when it stays ambiguous.
const Candidate* SelectCandidate(Candidates candidates, std::span<const Oid> inputs) {
  candidates = KeepBest(candidates, [&](const Candidate& c) { return ExactMatches(c, inputs); });
  if (candidates.size() == 1) return candidates[0];
  candidates =
      KeepBest(candidates, [&](const Candidate& c) { return PreferredMatches(c, inputs); });
  if (candidates.size() == 1) return candidates[0];
  if (std::find(inputs.begin(), inputs.end(), oid::kUnknown) == inputs.end()) return nullptr;
  candidates = KeepByUnknowns(candidates, inputs);
  if (candidates.size() == 1) return candidates[0];
  return ChooseByKnownType(candidates, inputs);
}

Candidates Coercible(const std::vector<Candidate>& all, std::span<const Oid> inputs) {
  Candidates fitting;
  for (const Candidate& candidate : all) {
    if (CanCoerceAll(inputs, candidate.args(), CastContext::kImplicit)) {
      fitting.push_back(&candidate);
    }
  }
  return fitting;
}

const Operator* ExactOperator(std::string_view name, Oid left, Oid right) {
  if (left == oid::kUnknown && right == oid::kUnknown) return nullptr;
  if (left == oid::kUnknown) left = right;
  if (right == oid::kUnknown) right = left;
  for (const Operator* op : Registry::Instance().OperatorsNamed(name)) {
    if (op->left == left && op->right == right) return op;
  }
  return nullptr;
}

std::string Signature(std::string_view name, std::span<const Oid> args) {
  std::string text = fmt::format("{}(", name);
  for (size_t i = 0; i < args.size(); ++i) {
    if (i > 0) text += ", ";
    text += args[i] == oid::kUnknown ? "unknown" : NameOf(args[i]);
  }
  return text + ")";
}

std::string OperatorSignature(std::string_view name, Oid left, Oid right) {
  auto type = [](Oid oid) { return oid == oid::kUnknown ? "unknown" : NameOf(oid); };
  if (left == 0) return fmt::format("{} {}", name, type(right));
  return fmt::format("{} {} {}", type(left), name, type(right));
}

/// Adds an overload if it can take `count` arguments; variadic ones come last.
void AddCandidate(Callee callee, std::span<const Oid> declared, bool variadic, size_t count,
                  std::vector<Candidate>* candidates) {
  if (variadic
          ? count + 1 < declared.size() || (count < declared.size() && declared.size() != count)
          : count != declared.size()) {
    return;
  }
  callee.declared.assign(declared.begin(), declared.end());
  while (callee.declared.size() < count) callee.declared.push_back(declared.back());
  // A list is a worse match than the same types declared one by one.
  const auto is_same = [&](const Candidate& other) {
    return !other.variadic && std::ranges::equal(other.args(), callee.declared);
  };
  if (variadic && std::ranges::any_of(*candidates, is_same)) return;
  candidates->push_back({std::move(callee), nullptr, variadic});
}

std::vector<Candidate> CandidatesOf(std::string_view name, size_t count) {
  const Registry& registry = Registry::Instance();
  std::vector<Candidate> candidates;
  for (bool variadic : {false, true}) {
    for (const functions::Function* function : registry.FunctionsNamed(name)) {
      if (function->variadic != variadic) continue;
      Callee callee;
      callee.function = function;
      callee.result = function->result;
      AddCandidate(std::move(callee), function->args, variadic, count, &candidates);
    }
  }
  for (const functions::Aggregate* aggregate : registry.AggregatesNamed(name)) {
    Callee callee;
    callee.aggregate = aggregate;
    callee.result = aggregate->result;
    AddCandidate(std::move(callee), aggregate->args, false, count, &candidates);
  }
  for (const functions::WindowFunction* window : registry.WindowFunctionsNamed(name)) {
    Callee callee;
    callee.window = window;
    callee.result = window->result;
    AddCandidate(std::move(callee), window->args, false, count, &candidates);
  }
  return candidates;
}

/// A one-argument call of a type's name is a cast where the two types allow it cheaply.
bool IsCastCall(std::string_view name, Oid from, Callee* callee) {
  const TypeInfo* type = FindTypeByName(name);
  if (type == nullptr || type->category == TypeCategory::kPseudo) return false;
  if (from != oid::kUnknown) {
    Pathway path = FindPathway(from, type->oid, CastContext::kExplicit);
    if (!path.found || path.method == CastMethod::kFunction) return false;
  }
  callee->cast_to = type->oid;
  callee->result = type->oid;
  return true;
}

Status NoFunction(std::string_view name, std::span<const Oid> args, int location) {
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("function {} does not exist", Signature(name, args)))
      .Hint(
          "No function matches the given name and argument types. You might need to add explicit "
          "type casts.")
      .At(location);
}

Status AmbiguousFunction(std::string_view name, std::span<const Oid> args, int location) {
  return Status(sqlstate::kAmbiguousFunction,
                fmt::format("function {} is not unique", Signature(name, args)))
      .Hint(
          "Could not choose a best candidate function. You might need to add explicit type casts.")
      .At(location);
}

}  // namespace

Result<const Operator*> FindOperator(std::string_view name, Oid left, Oid right) {
  if (const Operator* exact = ExactOperator(name, left, right)) return exact;
  std::vector<Candidate> all;
  for (const Operator* op : Registry::Instance().OperatorsNamed(name)) {
    if ((op->left == 0) != (left == 0)) continue;
    Candidate candidate;
    candidate.op = op;
    if (left != 0) candidate.callee.declared.push_back(op->left);
    candidate.callee.declared.push_back(op->right);
    all.push_back(std::move(candidate));
  }
  std::vector<Oid> inputs;
  if (left != 0) inputs.push_back(left);
  inputs.push_back(right);
  Candidates fitting = Coercible(all, inputs);
  if (fitting.empty()) return nullptr;
  if (fitting.size() == 1) return fitting[0]->op;
  if (const Candidate* best = SelectCandidate(fitting, inputs)) return best->op;
  return Status(sqlstate::kAmbiguousFunction,
                fmt::format("operator is not unique: {}", OperatorSignature(name, left, right)))
      .Hint(
          "Could not choose a best candidate operator. You might need to add explicit type casts.");
}

Result<const Operator*> NeedOperator(std::string_view name, Oid left, Oid right, int location) {
  auto found = FindOperator(name, left, right);
  if (!found.ok()) return std::move(found).status().At(location);
  if (*found != nullptr) return *found;
  return Status(sqlstate::kUndefinedFunction,
                fmt::format("operator does not exist: {}", OperatorSignature(name, left, right)))
      .Hint(left == 0
                ? "No operator matches the given name and argument type. You might need to add "
                  "an explicit type cast."
                : "No operator matches the given name and argument types. You might need to "
                  "add explicit type casts.")
      .At(location);
}

Result<Callee> FindCallee(std::string_view name, std::span<const Oid> args, int location,
                          std::string_view shown) {
  if (shown.empty()) shown = name;
  std::vector<Candidate> all = CandidatesOf(name, args.size());
  for (bool variadic : {false, true}) {
    for (const Candidate& candidate : all) {
      if (candidate.variadic == variadic && std::ranges::equal(candidate.args(), args)) {
        return candidate.callee;
      }
    }
  }
  Callee cast;
  if (args.size() == 1 && IsCastCall(name, args[0], &cast)) {
    cast.declared = {args[0]};
    return cast;
  }
  Candidates fitting = Coercible(all, args);
  if (fitting.empty()) return NoFunction(shown, args, location);
  if (fitting.size() == 1) return fitting[0]->callee;
  if (const Candidate* best = SelectCandidate(fitting, args)) return best->callee;
  return AmbiguousFunction(shown, args, location);
}

}  // namespace omen::sql
