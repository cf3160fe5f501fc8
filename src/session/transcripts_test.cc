// Scripts of the simple and extended protocol, answered as PostgreSQL 15 answers them.
#include <gtest/gtest.h>

#include <sstream>

#include "session/session_fixture.h"

namespace omen::session {
namespace {

constexpr std::string_view kTranscripts =
#include "session/testdata/transcripts.inc"
    ;

struct Step {
  std::string op;  // as written after "> "
  std::vector<std::string> answers;
};
struct Script {
  std::string name;
  std::vector<Step> steps;
};

std::vector<Script> ReadScripts() {
  std::vector<Script> scripts;
  std::istringstream in{std::string(kTranscripts)};
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) {
      scripts.push_back({line.substr(2), {}});
    } else if (line.starts_with("> ")) {
      scripts.back().steps.push_back({line.substr(2), {}});
    } else if (!line.empty()) {
      scripts.back().steps.back().answers.push_back(line);
    }
  }
  return scripts;
}

std::string Trim(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

std::vector<std::string> Split(const std::string& text, size_t most = SIZE_MAX) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == '|' && parts.size() < most) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) part = Trim(part);
  return parts;
}

std::string Unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    char c = text[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return out;
}

std::string FromHex(const std::string& text) {
  std::string out;
  for (size_t i = 2; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return out;
}

class Client {
 public:
  explicit Client(exec::Database* database)
      : session_(database, {.user = "omendb", .database = "omendb"}) {
    EXPECT_TRUE(session_.Start(sink_).ok());
  }

  std::vector<std::string> Do(const std::string& step) {
    sink_.lines.clear();
    const std::string rest = step.size() > 2 ? step.substr(2) : "";
    EXPECT_TRUE(Send(step[0], rest).ok());
    return sink_.lines;
  }

 private:
  Status Send(char op, const std::string& rest) {
    switch (op) {
      case 'Q':
        return session_.SimpleQuery(rest, sink_);
      case 'P':
        return Parse(rest);
      case 'B':
        return Bind(rest);
      case 'D':
        return rest.starts_with("S") ? session_.DescribeStatement(Trim(rest.substr(1)), sink_)
                                     : session_.DescribePortal(Trim(rest.substr(1)), sink_);
      case 'C':
        return rest.starts_with("S") ? session_.CloseStatement(Trim(rest.substr(1)), sink_)
                                     : session_.ClosePortal(Trim(rest.substr(1)), sink_);
      case 'E': {
        auto parts = Split(rest);
        uint32_t rows = parts.size() > 1 ? static_cast<uint32_t>(std::stoi(parts[1])) : 0;
        return session_.Execute(parts[0], rows, sink_);
      }
      case 'S':
        return session_.Sync(sink_);
      case 'Y':
        sink_.copy_data = Unescape(rest);
        return Status::Ok();
      case 'F':
        sink_.copy_fail = rest;
        return Status::Ok();
      default:
        return InternalError("unknown step");
    }
  }

  Status Parse(const std::string& rest) {
    auto parts = Split(rest, 3);
    std::vector<Oid> types;
    std::istringstream list(parts[1]);
    for (std::string type; std::getline(list, type, ',');) {
      types.push_back(static_cast<Oid>(std::stoul(type)));
    }
    return session_.Parse(parts[0], parts[2], types, sink_);
  }

  Status Bind(const std::string& rest) {
    auto parts = Split(rest);
    parts.resize(std::max<size_t>(parts.size(), 3));
    Session::BindArgs args;
    args.portal = parts[0];
    args.statement = parts[1];
    if (parts[2] == "1") args.param_formats.push_back(Format::kBinary);
    for (size_t i = 3; i < parts.size(); ++i) {
      if (parts[i].starts_with("\\x")) parts[i] = FromHex(parts[i]);
    }
    for (size_t i = 3; i < parts.size(); ++i) {
      if (parts[i] == "\\N") {
        args.params.emplace_back(std::nullopt);
      } else {
        args.params.emplace_back(parts[i]);
      }
    }
    return session_.Bind(args, sink_);
  }

  RecordingSink sink_;
  Session session_;
};

std::string Join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Transcripts, AnswersAsPostgres) {
  TestDatabase database;
  for (const Script& script : ReadScripts()) {
    Client client(database.get());
    for (const Step& step : script.steps) {
      EXPECT_EQ(Join(client.Do(step.op)), Join(step.answers)) << script.name << ": " << step.op;
    }
  }
}

}  // namespace
}  // namespace omen::session
