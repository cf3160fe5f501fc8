#include "types/column_functions.h"

#include <charconv>

namespace omen::column_functions {
namespace {

void AppendType(Type type, std::string& out) {
  out += std::to_string(type.oid);
  out += ':';
  out += std::to_string(type.typmod);
}

template <typename T>
bool TakeNumber(std::string_view* text, T* out) {
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *out);
  if (error != std::errc()) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

bool TakeSymbol(std::string_view* text, char symbol) {
  if (text->empty() || text->front() != symbol) return false;
  text->remove_prefix(1);
  return true;
}

bool TakeType(std::string_view* text, Type* out) {
  return TakeNumber(text, &out->oid) && TakeSymbol(text, ':') && TakeNumber(text, &out->typmod);
}

}  // namespace

std::string ScalarAdapter(Oid function) { return "omen_f" + std::to_string(function); }
std::string SetAdapter(Oid function) { return "omen_s" + std::to_string(function); }
std::string AggregateAdapter(Oid aggregate) { return "omen_a" + std::to_string(aggregate); }
std::string MergedAggregate(Oid aggregate) { return AggregateAdapter(aggregate) + "_merged"; }

std::string AdapterSignature(std::span<const Type> args, Type result) {
  std::string out;
  for (const Type& type : args) {
    if (!out.empty()) out += ',';
    AppendType(type, out);
  }
  out += '>';
  AppendType(result, out);
  return out;
}

bool ParseSignature(std::string_view text, Signature* out) {
  out->args.clear();
  while (!TakeSymbol(&text, '>')) {
    if (!out->args.empty() && !TakeSymbol(&text, ',')) return false;
    if (!TakeType(&text, &out->args.emplace_back())) return false;
  }
  return TakeType(&text, &out->result) && text.empty();
}

}  // namespace omen::column_functions
