// Rows of the eight tables by the distributions of the TPC-H specification (section 4.2).
// Derived from TPC-H: the random numbers, and so the answers, are not the official kit's.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "tpch/text_pool.h"

namespace omen::tpch {

/// The tables, parents before children.
std::span<const std::string_view> TableNames();

/// Makes rows as text, fields separated by '|'. One thread per object.
class Generator {
 public:
  Generator(double scale, uint64_t seed);

  /// Appends the rows of one unit of a table (a row; for lineitem all rows of an order).
  void AppendUnit(std::string_view table, int64_t unit, std::string& out) const;
  int64_t Units(std::string_view table) const;

 private:
  struct Line;
  struct Order;
  int64_t Scaled(int64_t rows) const;
  int64_t SupplierOf(int64_t part, int64_t which) const;
  Order MakeOrder(int64_t unit) const;

  void Region(int64_t unit, std::string& out) const;
  void Nation(int64_t unit, std::string& out) const;
  void Supplier(int64_t unit, std::string& out) const;
  void Customer(int64_t unit, std::string& out) const;
  void Part(int64_t unit, std::string& out) const;
  void PartSupp(int64_t unit, std::string& out) const;
  void Orders(int64_t unit, std::string& out) const;
  void LineItem(int64_t unit, std::string& out) const;

  double scale_;
  uint64_t seed_;
  TextPool text_;
};

}  // namespace omen::tpch
