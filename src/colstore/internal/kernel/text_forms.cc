#include "colstore/internal/kernel/text_forms.h"

#include <algorithm>
#include <string>

#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/vector/vectors.h"

namespace omen::colstore {

namespace {

using duckdb::idx_t;

/// The one column that is not constant, if it is a dictionary; else null.
duckdb::Vector* DictionaryOf(duckdb::DataChunk& input) {
  duckdb::Vector* found = nullptr;
  for (duckdb::Vector& column : input.data) {
    if (column.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR) continue;
    if (found != nullptr || column.GetVectorType() != duckdb::VectorType::DICTIONARY_VECTOR) {
      return nullptr;
    }
    found = &column;
  }
  return found;
}

/// Texts that are computed before any is written: the engine's memory is not the kernel's.
class TextBatch {
 public:
  bool IsFull() const { return ends_.size() == kTexts || bytes_.size() >= kBytes; }
  /// `append` adds to a string, or says that the text is null.
  template <typename Append>
  Status Add(Append&& append) {
    OMEN_ASSIGN_OR_RETURN(const bool known, append(&bytes_));
    ends_.push_back(bytes_.size());
    nulls_.push_back(!known);
    return Status::Ok();
  }
  void AddNull() {
    ends_.push_back(bytes_.size());
    nulls_.push_back(true);
  }
  idx_t size() const { return ends_.size(); }
  void Write(idx_t at, const FormResult& result) {
    auto* const texts = duckdb::FlatVector::GetData<duckdb::string_t>(result.vector);
    result.charge->AddBytes(static_cast<int64_t>(bytes_.size()), result.folding);
    size_t begin = 0;
    for (size_t i = 0; i < ends_.size(); ++i, ++at) {
      if (nulls_[i]) {
        duckdb::FlatVector::SetNull(result.vector, at, true);
      } else {
        texts[at] =
            duckdb::StringVector::AddString(result.vector, bytes_.data() + begin, ends_[i] - begin);
      }
      begin = ends_[i];
    }
    bytes_.clear();
    ends_.clear();
    nulls_.clear();
  }

 private:
  static constexpr size_t kTexts = 256, kBytes = 256 << 10;
  std::string bytes_;
  std::vector<size_t> ends_;
  std::vector<bool> nulls_;
};

std::string_view ViewOf(const duckdb::string_t& text) { return {text.GetData(), text.GetSize()}; }

Status TestAll(const functions::TextForm& form, const duckdb::UnifiedVectorFormat& texts,
               const ComputedRows& rows, duckdb::Vector& result) {
  auto* const values = duckdb::FlatVector::GetData<bool>(result);
  const auto* const data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts);
  for (idx_t k = 0; k < rows.size(); ++k) {
    const idx_t at = texts.sel->get_index(rows.RowOf(k));
    if (!texts.validity.RowIsValid(at)) {
      duckdb::FlatVector::SetNull(result, k, true);
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(values[k], form.test(ViewOf(data[at])));
  }
  return Status::Ok();
}

/// Batch after batch within the statement's work: `append(row, out)` as TextBatch::Add, of rows
/// that are not null.
template <typename IsNull, typename Append>
void WriteTexts(const ComputedRows& rows, const Work::Order& order, const FormResult& result,
                IsNull&& is_null, Append&& append) {
  TextBatch batch;
  for (idx_t done = 0; done < rows.size();) {
    CheckInEngine(Work::Run(order, [&]() -> Status {
      for (idx_t k = done; k < rows.size() && !batch.IsFull(); ++k) {
        const idx_t row = rows.RowOf(k);
        if (is_null(row)) {
          batch.AddNull();
        } else {
          OMEN_RETURN_IF_ERROR(batch.Add([&](std::string* out) { return append(row, out); }));
        }
      }
      return Status::Ok();
    }));
    const idx_t first = done;
    done += batch.size();
    batch.Write(first, result);
  }
}

/// The form's values into `out`, no more of them than there is room for.
Status ChangeSome(const functions::ValueForm& form, const VectorReader& reader,
                  const ComputedRows& rows, idx_t first, Row* out) {
  for (idx_t i = 0; i < out->size(); ++i) {
    const Value value = reader.Get(rows.RowOf(first + i));
    (*out)[i] = Value();
    if (!value.is_null()) OMEN_RETURN_IF_ERROR(form.change(value, &(*out)[i]));
  }
  return Status::Ok();
}

}  // namespace

ComputedRows::ComputedRows(duckdb::DataChunk& input, idx_t count, bool repeatable)
    : count_(count), size_(count) {
  duckdb::Vector* const dictionary = repeatable ? DictionaryOf(input) : nullptr;
  repeats_ = dictionary != nullptr && FindRepeats(*dictionary);
}

bool ComputedRows::FindRepeats(duckdb::Vector& dictionary) {
  constexpr uint32_t kUnseen = UINT32_MAX;
  const auto size = duckdb::DictionaryVector::DictionarySize(dictionary);
  if (!size.IsValid() || size.GetIndex() >= count_) return false;
  const auto& entries = duckdb::DictionaryVector::SelVector(dictionary);
  std::vector<uint32_t> place_of(size.GetIndex(), kUnseen);
  places_.Initialize(count_);
  rows_.Initialize(count_);
  size_ = 0;
  for (idx_t row = 0; row < count_; ++row) {
    uint32_t& place = place_of[entries.get_index(row)];
    if (place == kUnseen) {
      place = static_cast<uint32_t>(size_);
      rows_.set_index(size_++, row);
    }
    places_.set_index(row, place);
  }
  return true;
}

void ComputedRows::Spread(duckdb::Vector& result) const {
  if (repeats_) result.Slice(places_, count_);
}

void RunTextForm(const functions::TextForm& form, duckdb::Vector& input, const ComputedRows& rows,
                 const Work::Order& order, const FormResult& result) {
  duckdb::UnifiedVectorFormat texts;
  input.ToUnifiedFormat(rows.count(), texts);
  if (form.test) {
    CheckInEngine(Work::Run(order, [&] { return TestAll(form, texts, rows, result.vector); }));
    return;
  }
  const auto* const data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts);
  const auto is_null = [&](idx_t row) {
    return !texts.validity.RowIsValid(texts.sel->get_index(row));
  };
  WriteTexts(rows, order, result, is_null, [&](idx_t row, std::string* out) {
    return form.change(ViewOf(data[texts.sel->get_index(row)]), out);
  });
}

void RunValueForm(const functions::ValueForm& form, duckdb::Vector& input, Type type,
                  const ComputedRows& rows, const Work::Order& order, Type result_type,
                  const FormResult& result) {
  const VectorReader reader(input, rows.count(), type);
  if (form.print) {
    const auto is_null = [&](idx_t row) { return reader.IsNull(row); };
    WriteTexts(rows, order, result, is_null,
               [&](idx_t row, std::string* out) { return form.print(reader.Get(row), out); });
    return;
  }
  constexpr idx_t kAtOnce = 256;
  const VectorWriter writer(result.vector, result_type);
  Row values;
  for (idx_t done = 0; done < rows.size(); done += values.size()) {
    values.resize(std::min(kAtOnce, rows.size() - done));
    CheckInEngine(Work::Run(order, [&] { return ChangeSome(form, reader, rows, done, &values); }));
    for (idx_t i = 0; i < values.size(); ++i) {
      result.charge->Add(values[i], result.folding);
      writer.Set(done + i, values[i]);
    }
  }
}

}  // namespace omen::colstore
