// What a row store's folder holds, looked at before RocksDB may write there. RocksDB begins a
// new database wherever CURRENT is missing, and deletes every sorted file that its list of files
// (the MANIFEST) does not name: so a lost or shortened small file would cost the rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "rowstore/internal/commit/last_commit_file.h"

namespace omen::rowstore {

/// A value.
struct FolderSurvey {
  bool has_current = false;
  std::vector<ManifestMark> manifests;  // the lists of files that are there
  ManifestMark named;                   // the one CURRENT names; number 0 when it names none
  size_t tables = 0;                    // sorted files
  size_t logs = 0;                      // logs that are not empty
};

/// `database`: RocksDB's folder, which need not exist.
Result<FolderSurvey> SurveyFolder(const std::string& database);

/// How the row store is to be opened.
enum class StartKind : uint8_t {
  kCreate,          // nothing is there
  kOpen,            // as it is
  kRestoreCurrent,  // CURRENT is missing, and one MANIFEST is there for it to name
};

/// XX001 when what is there is neither a whole row store nor nothing. `must_exist`: something
/// else says that rows were here. `accept_loss`: a missing record of the last commit will do.
Result<StartKind> DecideStart(const FolderSurvey& survey, const RecordedMark& recorded,
                              bool must_exist, bool accept_loss);

/// Writes the CURRENT that names this MANIFEST; durable when it returns.
Status RestoreCurrent(const std::string& database, uint64_t manifest);

/// True when the list of files is known to be as long as it ever was on disk, so that a sorted
/// file which it does not name is dead.
bool NamesEveryTable(const FolderSurvey& survey, const RecordedMark& recorded);

/// The MANIFEST in use, after syncing it; number 0 when that cannot be done. `known`: what the
/// last call said.
ManifestMark SyncManifest(const std::string& database, const ManifestMark& known);

}  // namespace omen::rowstore
