#include "exec/rows/subplan.h"

#include "exec/rows/value_index.h"
#include "functions/kernel/watched.h"

namespace omen::exec {

SubPlanRun::SubPlanRun(const SubPlan& plan, EvalContext* outer)
    : plan_(plan),
      level_(*plan.level, outer->run, outer),
      rows_(plan.types.size(), &outer->run->memory) {}

Status MoreThanOneRow() {
  return Status(sqlstate::kCardinalityViolation,
                "more than one row returned by a subquery used as an expression");
}

Status SubPlanRun::ReadScalar(Value* out) {
  OMEN_RETURN_IF_ERROR(level_.Open());
  OMEN_ASSIGN_OR_RETURN(bool more, level_.Next());
  *out = Value();
  if (!more) return Status::Ok();
  OMEN_RETURN_IF_ERROR(level_.Output(0, out));
  OMEN_ASSIGN_OR_RETURN(more, level_.Next());
  if (!more) return Status::Ok();
  return MoreThanOneRow();
}

Status SubPlanRun::Scalar(Value* out) {
  if (plan_.correlated) return ReadScalar(out);
  if (!has_scalar_) {
    OMEN_RETURN_IF_ERROR(ReadScalar(&scalar_));
    has_scalar_ = true;
  }
  *out = scalar_;
  return Status::Ok();
}

Result<bool> SubPlanRun::Exists() {
  if (has_exists_) return exists_;
  OMEN_RETURN_IF_ERROR(level_.Open());
  OMEN_ASSIGN_OR_RETURN(exists_, level_.Next());
  has_exists_ = !plan_.correlated;
  return exists_;
}

Result<TupleBuffer*> SubPlanRun::Rows() {
  if (has_rows_) return &rows_;
  rows_.Clear();
  OMEN_RETURN_IF_ERROR(level_.Open());
  while (true) {
    OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
    if (!more) break;
    Value* tuple = rows_.Append();
    for (size_t i = 0; i < plan_.types.size(); ++i) {
      OMEN_RETURN_IF_ERROR(level_.Output(i, &tuple[i]));
    }
    OMEN_RETURN_IF_ERROR(rows_.Charge(tuple));
  }
  has_rows_ = !plan_.correlated;
  return &rows_;
}

Status SubPlanRun::Array(Oid element, Value* out) {
  OMEN_ASSIGN_OR_RETURN(TupleBuffer * rows, Rows());
  return functions::Watched(*level_.context().call, [&] {
    ArrayData array;
    array.element = element;
    array.elements.reserve(rows->size());
    for (size_t i = 0; i < rows->size(); ++i) array.elements.push_back((*rows)[i][0]);
    *out = Value::Array(std::move(array));
    return Status::Ok();
  });
}

Result<const SubPlanRun::ValueIndex*> SubPlanRun::Index(Oid type) {
  if (index_ != nullptr && has_rows_) return index_.get();
  OMEN_ASSIGN_OR_RETURN(TupleBuffer * rows, Rows());
  MemoryMeter& memory = level_.context().run->memory;
  index_.reset();
  memory.Release(index_bytes_);
  index_bytes_ = static_cast<int64_t>(rows->size()) * ValueIndex::kValueBytes;
  OMEN_RETURN_IF_ERROR(memory.Charge(index_bytes_));
  index_ = std::make_shared<ValueIndex>(type);
  for (size_t i = 0; i < rows->size(); ++i) index_->Add((*rows)[i][0]);
  return index_.get();
}

}  // namespace omen::exec
