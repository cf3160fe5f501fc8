#include "app/check.h"

#include <fmt/format.h>

#include <functional>

#include "app/memory_sink.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"
#include "session/session.h"

namespace omen::app {
namespace {

constexpr size_t kFaultsPerTable = 20;

// One table's rows, indexes and columns.
class TableCheck {
 public:
  TableCheck(Instance* instance, const catalog::Table& table, std::vector<std::string>* faults)
      : instance_(instance), table_(table), faults_(faults), view_(instance->rows().View()) {}

  Status Run() {
    OMEN_RETURN_IF_ERROR(CheckRows());
    for (const catalog::Index& index : table_.indexes) {
      if (!index.primary) OMEN_RETURN_IF_ERROR(CheckIndexEntries(index));
    }
    return CheckColumns();
  }

 private:
  void Fault(std::string text) {
    if (++found_ <= kFaultsPerTable) faults_->push_back(table_.name + ": " + std::move(text));
  }

  Status CheckRows() {
    const rowstore::RowDecoder decoder(table_, {});
    auto rows = instance_->rows().Scan(view_, rowstore::StorageRange(table_.storage_id));
    Row row;
    std::string key, entry, found;
    for (; rows->Valid(); rows->Next()) {
      ++row_count_;
      if (Status decoded = decoder.Decode(rows->value(), &row); !decoded.ok()) {
        Fault("a row does not decode: " + decoded.ToString());
        continue;
      }
      if (table_.primary_key() != nullptr) {
        key.clear();
        rowstore::AppendPrimaryKey(table_, row, key);
        if (key != rows->key()) Fault("a row is not under its primary key");
      }
      for (const catalog::Index& index : table_.indexes) {
        if (index.primary) continue;
        entry.clear();
        rowstore::AppendIndexKey(index, table_, row, rows->key(), entry);
        OMEN_ASSIGN_OR_RETURN(const bool present, instance_->rows().Get(*view_, entry, &found));
        if (!present || found != rows->key().substr(rowstore::kStoragePrefixBytes)) {
          Fault(fmt::format("a row is missing from index {}", index.name));
        }
      }
    }
    return rows->status();
  }

  // Every row has its entry (above), so equal counts mean no entry without a row.
  Status CheckIndexEntries(const catalog::Index& index) {
    uint64_t entries = 0;
    auto scan = instance_->rows().Scan(view_, rowstore::StorageRange(index.storage_id));
    for (; scan->Valid(); scan->Next()) ++entries;
    if (entries != row_count_) {
      Fault(fmt::format("index {} has {} entries for {} rows", index.name, entries, row_count_));
    }
    return scan->status();
  }

  struct Content {
    uint64_t rows = 0;
    uint64_t hash = 0;  // a sum, so that order does not matter
  };

  Result<Content> Read(session::Session* session, MemorySink* sink, std::string_view route) {
    Content content;
    sink->Reset(nullptr);
    OMEN_RETURN_IF_ERROR(
        session->SimpleQuery(fmt::format("SET omendb.route = '{}'", route), *sink));
    sink->Reset([&](const std::vector<std::string>& fields) {
      uint64_t hash = 0;
      for (const std::string& field : fields) {
        hash = hash * 0x9E3779B97F4A7C15ull + std::hash<std::string>()(field) + 1;
      }
      content.hash += hash;
      ++content.rows;
    });
    const auto snapshot = instance_->catalog().Current();
    const std::string text =
        fmt::format("SELECT * FROM {}.{}", Quoted(snapshot->FindSchema(table_.schema)->name),
                    Quoted(table_.name));
    OMEN_RETURN_IF_ERROR(session->SimpleQuery(text, *sink));
    if (!sink->error().ok()) return sink->error().Clone();
    return content;
  }

  static std::string Quoted(std::string_view name) {
    std::string quoted = "\"";
    for (char c : name) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + "\"";
  }

  Status CheckColumns() {
    session::SessionOptions options;
    options.user = options.database = "omendb";
    session::Session session(&instance_->database(), options);
    MemorySink sink;
    OMEN_RETURN_IF_ERROR(session.Start(sink));
    OMEN_ASSIGN_OR_RETURN(const Content rows, Read(&session, &sink, "row"));
    OMEN_ASSIGN_OR_RETURN(const Content columns, Read(&session, &sink, "column"));
    if (rows.rows != row_count_) {
      Fault(fmt::format("{} rows stored, {} read", row_count_, rows.rows));
    }
    if (rows.rows != columns.rows) {
      Fault(fmt::format("{} rows, {} in columns", rows.rows, columns.rows));
    } else if (rows.hash != columns.hash) {
      Fault("rows and columns differ");
    }
    return Status::Ok();
  }

  Instance* instance_;
  const catalog::Table& table_;
  std::vector<std::string>* faults_;
  std::shared_ptr<rowstore::ReadView> view_;
  uint64_t row_count_ = 0;
  size_t found_ = 0;
};

}  // namespace

Result<std::vector<std::string>> CheckDatabase(Instance* instance) {
  std::vector<std::string> faults;
  OMEN_RETURN_IF_ERROR(instance->rows().VerifyChecksums(&faults));
  const auto snapshot = instance->catalog().Current();
  for (const catalog::Object* object : snapshot->All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    Status checked = TableCheck(instance, table, &faults).Run();
    if (!checked.ok()) faults.push_back(table.name + ": " + checked.ToString());
  }
  return faults;
}

}  // namespace omen::app
