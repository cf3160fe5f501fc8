// The word lists of the TPC-H specification, section 4.2.2 and 4.2.3.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace omen::tpch {

struct Nation {
  std::string_view name;
  int region;
};

std::span<const std::string_view> Regions();
std::span<const Nation> Nations();
std::span<const std::string_view> Colors();
std::span<const std::string_view> TypeSizes();
std::span<const std::string_view> TypeFinishes();
std::span<const std::string_view> TypeMetals();
std::span<const std::string_view> ContainerSizes();
std::span<const std::string_view> ContainerKinds();
std::span<const std::string_view> Segments();
std::span<const std::string_view> Priorities();
std::span<const std::string_view> Instructions();
std::span<const std::string_view> Modes();

// Words of the text grammar.
std::span<const std::string_view> Nouns();
std::span<const std::string_view> Verbs();
std::span<const std::string_view> Adjectives();
std::span<const std::string_view> Adverbs();
std::span<const std::string_view> Prepositions();
std::span<const std::string_view> Auxiliaries();
std::span<const std::string_view> Terminators();

}  // namespace omen::tpch
