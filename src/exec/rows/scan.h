// Leaves of a plan: rows of tables by key, and of everything that only looks like a table.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/rows/key_conditions.h"
#include "exec/rows/level.h"
#include "exec/system/system_relations.h"
#include "rowstore/row_codec.h"

namespace omen::exec {

/// A base-table leaf: point get, key ranges, secondary index or all rows.
class TableScan final : public PlanNode {
 public:
  TableScan(int relation, const sql::Relation& source, KeyConditions conditions);

  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override;
  bool refills_slots() const override { return true; }

  /// Reads and filters one stored row into the frame; false when it does not pass.
  Result<bool> Accept(std::string_view row_key, std::string_view bytes, EvalContext& context) const;

  /// The filter over this relation alone; tested on each row.
  EvaluatorPtr filter;
  std::string filter_text, condition_text;
  bool backward = false;
  bool found_by_join = false;  // by a primary key that begins with another relation's column
  int key_slot = -1;           // receives the row key where row locks or DML need it
  int row_slot = -1;           // receives the row as it is stored where DML needs it

  int relation() const { return relation_; }
  const catalog::Table& table() const { return *table_; }
  const KeyConditions& conditions() const { return conditions_; }
  bool secondary() const { return conditions_.index() != nullptr && !conditions_.index()->primary; }
  bool covering() const { return covering_; }

 private:
  friend class IndexEntryReader;
  bool Covers(const std::vector<int>& attnums) const;

  int relation_;
  std::shared_ptr<const catalog::Table> table_;
  std::vector<int> attnums_;  // of the relation's columns
  std::string alias_;
  KeyConditions conditions_;
  std::vector<int> read_attnums_, slots_;
  std::optional<rowstore::RowDecoder> decoder_;
  bool covering_ = false;  // answered from index entries alone
};

/// VALUES, functions, system relations, FROM subqueries and WITH queries share the filter and
/// the placing of columns.
class DerivedScan : public PlanNode {
 public:
  DerivedScan(int relation, std::string type, std::string name)
      : relation_(relation), type_(std::move(type)), name_(std::move(name)) {}
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override;
  void Explain(ExplainWriter* writer) const override;

  EvaluatorPtr filter;
  std::string filter_text;

  /// Pairs of source column and slot, for the columns used.
  const std::vector<std::pair<int, int>>& placed() const { return placed_; }

 protected:
  virtual const LevelPlan* inner() const { return nullptr; }

 private:
  int relation_;
  const std::string type_, name_;
  std::vector<std::pair<int, int>> placed_;
};

/// FROM without anything: one empty row.
class OneRow final : public PlanNode {
 public:
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope&) override {}
  void AddSlots(std::vector<int>*) const override {}
  void Explain(ExplainWriter* writer) const override { writer->Node(*this, "Result"); }
};

class ValuesScan final : public DerivedScan {
 public:
  ValuesScan(int relation, std::string name, std::vector<std::vector<EvaluatorPtr>> values)
      : DerivedScan(relation, "Values Scan", std::move(name)), values(std::move(values)) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  const std::vector<std::vector<EvaluatorPtr>> values;
};

/// A set-returning function, or a scalar one as a row.
class FunctionScan final : public DerivedScan {
 public:
  FunctionScan(int relation, const sql::Relation& source, std::vector<EvaluatorPtr> args,
               EvaluatorPtr scalar);
  std::unique_ptr<Operator> Start(EvalContext* context) const override;

  const functions::Function* function = nullptr;
  functions::SetKernel kernel = nullptr;  // null: `scalar` gives the one row
  std::vector<EvaluatorPtr> args;
  std::vector<Type> types;
  Type result;
  EvaluatorPtr scalar;
  bool with_ordinality;
};

class SystemScan final : public DerivedScan {
 public:
  SystemScan(int relation, const catalog::SystemRelation& source, SystemProducer producer,
             const SystemSources& sources)
      : DerivedScan(relation, "System Scan", source.name), producer(producer), sources(sources) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  const SystemProducer producer;
  const SystemSources& sources;
};

class SubqueryScan final : public DerivedScan {
 public:
  SubqueryScan(int relation, std::string name, std::unique_ptr<const LevelPlan> level)
      : DerivedScan(relation, "Subquery Scan", std::move(name)), level(std::move(level)) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  const std::unique_ptr<const LevelPlan> level;

 protected:
  const LevelPlan* inner() const override { return level.get(); }
};

class CommonTableScan final : public DerivedScan {
 public:
  CommonTableScan(int relation, std::string name, int levels_up, size_t index, bool working)
      : DerivedScan(relation, working ? "WorkTable Scan" : "CTE Scan", std::move(name)),
        levels_up(levels_up),
        index(index),
        working(working) {}
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  const int levels_up;
  const size_t index;
  const bool working;  // a recursive arm reading its own last round
};

}  // namespace omen::exec
