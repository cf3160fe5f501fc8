#include "answers/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string_view>

#include "types/io.h"

namespace omen::answers {
namespace {

bool IsFloat(Type type) { return type.oid == oid::kFloat4 || type.oid == oid::kFloat8; }

uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

uint64_t HashOf(std::string_view text) { return Mix(std::hash<std::string_view>{}(text)); }

/// So that a digest that is written down cannot be met by trying values.
uint64_t Salt() {
  static const uint64_t salt = (uint64_t{std::random_device{}()} << 32) ^ std::random_device{}();
  return salt;
}

/// Between 1 and 2.
double WeightOf(uint64_t hash) { return 1.0 + static_cast<double>(hash >> 11) * 0x1p-53; }

}  // namespace

Digest::Digest(std::vector<Type> types) : types_(std::move(types)), floats_(types_.size()) {}

uint64_t Digest::HashOfExact(const std::vector<Value>& row) {
  uint64_t hash = Salt();
  for (size_t i = 0; i < types_.size(); ++i) {
    text_.clear();
    const Value& value = row[i];
    if (value.is_null()) {
      text_ = "null";
    } else if (!IsFloat(types_[i])) {
      text_ = "=";
      AppendText(types_[i], value, {}, text_);
    } else if (!std::isfinite(value.AsDouble())) {
      text_ = std::isnan(value.AsDouble()) ? "nan" : value.AsDouble() > 0 ? "inf" : "-inf";
    }
    hash = Mix(hash * 31 + HashOf(text_));
  }
  return hash;
}

void Digest::Add(const std::vector<Value>& row) {
  const uint64_t hash = HashOfExact(row);
  ++rows_;
  sum_ += hash;
  mixed_ += Mix(hash ^ 0xD1B54A32D192ED03ull);
  const double weight = WeightOf(hash);
  for (size_t i = 0; i < types_.size(); ++i) {
    if (!IsFloat(types_[i]) || row[i].is_null() || !std::isfinite(row[i].AsDouble())) continue;
    const long double weighed = static_cast<long double>(row[i].AsDouble()) * weight;
    floats_[i].sum += weighed;
    floats_[i].size += std::fabs(weighed);
  }
}

bool Digest::Same(const Digest& other) const {
  if (rows_ != other.rows_ || sum_ != other.sum_ || mixed_ != other.mixed_) return false;
  for (size_t i = 0; i < types_.size(); ++i) {
    const long double share = types_[i].oid == oid::kFloat4 ? 1e-6L : 1e-9L;
    const long double size = std::max(floats_[i].size, other.floats_[i].size);
    if (std::fabs(floats_[i].sum - other.floats_[i].sum) > share * size) return false;
  }
  return true;
}

std::string Digest::Text() const {
  uint64_t floats = 0;
  for (size_t i = 0; i < types_.size(); ++i) {
    if (IsFloat(types_[i])) floats = Mix(floats ^ HashOf(fmt::format("{:.8e}", floats_[i].sum)));
  }
  return fmt::format("{} rows {:016x}{:016x}", rows_, Mix(sum_ ^ floats), mixed_);
}

}  // namespace omen::answers
