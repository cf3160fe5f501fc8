#include "rowstore/internal/store/folder_survey.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace omen::rowstore {
namespace {

namespace fs = std::filesystem;

constexpr char kManifestPrefix[] = "MANIFEST-";

std::string ManifestName(uint64_t number) {
  return fmt::format("{}{:06}", kManifestPrefix, number);
}

/// 0 for what is not the name of a MANIFEST.
uint64_t ManifestNumber(const std::string& name) {
  if (!name.starts_with(kManifestPrefix)) return 0;
  return std::strtoull(name.c_str() + std::strlen(kManifestPrefix), nullptr, 10);
}

uint64_t NumberInCurrent(const std::string& database) {
  std::ifstream file(fs::path(database) / "CURRENT");
  std::string name;
  std::getline(file, name);
  return ManifestNumber(name);
}

Status DamagedFolder(std::string message, std::string detail) {
  return Status(sqlstate::kDataCorrupted, std::move(message)).Detail(std::move(detail));
}

Status NoCurrent(const FolderSurvey& survey) {
  const std::string what = fmt::format(
      "There are {} sorted files, {} logs and {} lists of files (MANIFEST); nothing was changed.",
      survey.tables, survey.logs, survey.manifests.size());
  Status status = DamagedFolder("the row store's file CURRENT is missing", what);
  if (survey.manifests.empty()) {
    return std::move(status).Hint("Restore the row store's folder from a backup.");
  }
  return std::move(status).Hint(
      "Restore CURRENT: one line with the name of the MANIFEST that was in use.");
}

Status CheckManifest(const ManifestMark& named, const ManifestMark& known) {
  if (known.number == 0 || named.number > known.number) return Status::Ok();
  if (named.number == known.number && named.bytes >= known.bytes) return Status::Ok();
  return DamagedFolder(
             fmt::format("the row store's list of files, {}, is not whole",
                         ManifestName(known.number)),
             named.number == known.number
                 ? fmt::format("It has {} bytes, {} were written; rows' files are missing in it. "
                               "Nothing was changed.",
                               named.bytes, known.bytes)
                 : "CURRENT names an older one, or one that is not there. Nothing was changed.")
      .Hint("Restore that file, or the row store's folder, from a backup.");
}

Status CheckRecord(const RecordedMark& recorded) {
  if (recorded.state == RecordedMark::State::kSound ||
      recorded.state == RecordedMark::State::kBlank) {
    return Status::Ok();
  }
  const bool missing = recorded.state == RecordedMark::State::kMissing;
  return Status(sqlstate::kDataCorrupted, fmt::format("the record of the last commit, LAST_COMMIT, "
                                                      "is {}",
                                                      missing ? "missing" : "damaged"))
      .Hint(
          "Restore it, or start with --accept-lost-commits to trust the row store's log as it is.");
}

}  // namespace

Result<FolderSurvey> SurveyFolder(const std::string& database) {
  FolderSurvey survey;
  std::error_code error;
  if (!fs::exists(database, error)) return survey;
  survey.named.number = NumberInCurrent(database);
  for (const auto& entry : fs::directory_iterator(database, error)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    const uint64_t size = entry.is_regular_file(ignored) ? entry.file_size(ignored) : 0;
    survey.has_current |= name == "CURRENT";
    survey.tables += name.ends_with(".sst");
    survey.logs += name.ends_with(".log") && size > 0;
    if (const uint64_t number = ManifestNumber(name); number != 0) {
      survey.manifests.push_back({number, size});
      if (number == survey.named.number) survey.named.bytes = size;
    }
  }
  if (!error) return survey;
  return Status(sqlstate::kIoError,
                fmt::format("could not read directory \"{}\": {}", database, error.message()));
}

Result<StartKind> DecideStart(const FolderSurvey& survey, const RecordedMark& recorded,
                              bool must_exist, bool accept_loss) {
  const bool was_here = must_exist || survey.tables > 0 || survey.logs > 0 ||
                        recorded.state == RecordedMark::State::kSound ||
                        recorded.state == RecordedMark::State::kDamaged;
  if (!survey.has_current) {
    if (!was_here) return StartKind::kCreate;
    if (survey.manifests.size() != 1) return NoCurrent(survey);
  }
  const ManifestMark& used = survey.has_current ? survey.named : survey.manifests.front();
  OMEN_RETURN_IF_ERROR(CheckManifest(used, recorded.mark.manifest));
  if (!accept_loss) OMEN_RETURN_IF_ERROR(CheckRecord(recorded));
  return survey.has_current ? StartKind::kOpen : StartKind::kRestoreCurrent;
}

bool NamesEveryTable(const FolderSurvey& survey, const RecordedMark& recorded) {
  const ManifestMark& known = recorded.mark.manifest;
  if (known.number == 0) return false;
  return survey.named.number > known.number ||
         (survey.named.number == known.number && survey.named.bytes >= known.bytes);
}

Status RestoreCurrent(const std::string& database, uint64_t manifest) {
  const std::string path = database + "/CURRENT", draft = path + ".draft";
  const std::string line = ManifestName(manifest) + "\n";
  const auto failed = [&](int descriptor) {
    Status status(sqlstate::kIoError,
                  fmt::format("could not write \"{}\": {}", path, std::strerror(errno)));
    if (descriptor >= 0) ::close(descriptor);
    return status;
  };
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return failed(file);
  if (::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      ::fsync(file) != 0) {
    return failed(file);
  }
  ::close(file);
  if (::rename(draft.c_str(), path.c_str()) != 0) return failed(-1);
  const int folder = ::open(database.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || ::fsync(folder) != 0) return failed(folder);
  ::close(folder);
  return Status::Ok();
}

ManifestMark SyncManifest(const std::string& database, const ManifestMark& known) {
  ManifestMark mark{NumberInCurrent(database), 0};
  if (mark.number == 0) return {};
  const std::string path = database + "/" + ManifestName(mark.number);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  struct stat facts {};
  // What is not synced yet may be gone after a power failure, and must not be asked for then.
  bool sound = ::fstat(file, &facts) == 0;
  mark.bytes = static_cast<uint64_t>(facts.st_size);
  if (sound && !(mark == known)) sound = ::fdatasync(file) == 0;
  ::close(file);
  return sound ? mark : ManifestMark{};
}

}  // namespace omen::rowstore
