#include "tpch/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <vector>

#include "tpch/words.h"

namespace omen::tpch {

namespace {

constexpr std::string_view kTables[] = {"region", "nation",   "supplier", "customer",
                                        "part",   "partsupp", "orders",   "lineitem"};

enum Stream : uint64_t { kSupplier = 1, kCustomer, kPart, kPartSupp, kOrder, kLine, kMarks };

// Days since 1992-01-01.
constexpr int64_t kLastOrderDay = 2556 - 151;  // 1998-12-31 less 151 days
constexpr int64_t kCurrentDay = 1263;          // 1995-06-17

auto Out(std::string& out) { return std::back_inserter(out); }

void AppendDate(int64_t day, std::string& out) {
  int64_t year = 1992;
  for (;; ++year) {
    int64_t length = year % 4 == 0 ? 366 : 365;
    if (day < length) break;
    day -= length;
  }
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int month = 0;
  for (;; ++month) {
    int length = kDays[month] + (month == 1 && year % 4 == 0 ? 1 : 0);
    if (day < length) break;
    day -= length;
  }
  fmt::format_to(Out(out), "{}-{:02}-{:02}", year, month + 1, day + 1);
}

void AppendCents(int64_t cents, std::string& out) {
  int64_t whole = std::abs(cents);
  fmt::format_to(Out(out), "{}{}.{:02}", cents < 0 ? "-" : "", whole / 100, whole % 100);
}

void AppendPhone(Random& random, int64_t nation, std::string& out) {
  int64_t a = random.Between(100, 999), b = random.Between(100, 999);
  fmt::format_to(Out(out), "{}-{}-{}-{}", nation + 10, a, b, random.Between(1000, 9999));
}

int64_t RetailCents(int64_t part) { return 90000 + (part / 10) % 20001 + 100 * (part % 1000); }

/// Of every 32 order keys only the first eight are used.
int64_t OrderKey(int64_t unit) { return unit / 8 * 32 + unit % 8 + 1; }

}  // namespace

std::span<const std::string_view> TableNames() { return kTables; }

struct Generator::Line {
  int64_t part, supplier, quantity, price, discount, tax, ship, commit, receipt;
  char flag, status;
  std::string_view instruct, mode, comment;
};

struct Generator::Order {
  int64_t key, customer, day, total = 0;
  char status;
  std::string_view priority, comment;
  int64_t clerk;
  std::vector<Line> lines;
};

Generator::Generator(double scale, uint64_t seed) : scale_(scale), seed_(seed), text_(seed) {}

int64_t Generator::Scaled(int64_t rows) const {
  return std::max<int64_t>(1, std::llround(scale_ * static_cast<double>(rows)));
}

int64_t Generator::Units(std::string_view table) const {
  if (table == "region") return static_cast<int64_t>(omen::tpch::Regions().size());
  if (table == "nation") return static_cast<int64_t>(omen::tpch::Nations().size());
  if (table == "supplier") return Scaled(10'000);
  if (table == "customer") return Scaled(150'000);
  if (table == "part") return Scaled(200'000);
  if (table == "partsupp") return Scaled(200'000) * 4;
  return Scaled(1'500'000);
}

void Generator::AppendUnit(std::string_view table, int64_t unit, std::string& out) const {
  if (table == "region") return Region(unit, out);
  if (table == "nation") return Nation(unit, out);
  if (table == "supplier") return Supplier(unit, out);
  if (table == "customer") return Customer(unit, out);
  if (table == "part") return Part(unit, out);
  if (table == "partsupp") return PartSupp(unit, out);
  if (table == "orders") return Orders(unit, out);
  LineItem(unit, out);
}

void Generator::Region(int64_t unit, std::string& out) const {
  Random random(seed_, 100, static_cast<uint64_t>(unit));
  fmt::format_to(Out(out), "{}|{}|{}\n", unit, omen::tpch::Regions()[static_cast<size_t>(unit)],
                 text_.Slice(random, 31, 115));
}

void Generator::Nation(int64_t unit, std::string& out) const {
  Random random(seed_, 101, static_cast<uint64_t>(unit));
  const auto& nation = omen::tpch::Nations()[static_cast<size_t>(unit)];
  fmt::format_to(Out(out), "{}|{}|{}|{}\n", unit, nation.name, nation.region,
                 text_.Slice(random, 31, 114));
}

void Generator::Supplier(int64_t unit, std::string& out) const {
  Random random(seed_, kSupplier, static_cast<uint64_t>(unit));
  fmt::format_to(Out(out), "{0}|Supplier#{0:09}|", unit + 1);
  AppendVString(random, 10, 40, out);
  int64_t nation = random.Between(0, 24);
  fmt::format_to(Out(out), "|{}|", nation);
  AppendPhone(random, nation, out);
  out += '|';
  AppendCents(random.Between(-99999, 999999), out);
  out += '|';
  std::string comment(text_.Slice(random, 25, 100));
  // 5 in 10,000 complain and 5 recommend; the words stand apart, with text between.
  int64_t suppliers = Units("supplier");
  int64_t marked = std::max<int64_t>(1, suppliers / 2000), step = suppliers / (2 * marked);
  if (step > 0 && unit % step == step / 2 && unit / step < 2 * marked) {
    Random marks(seed_, kMarks, static_cast<uint64_t>(unit));
    std::string_view second = unit / step % 2 == 0 ? "Complaints" : "Recommends";
    auto gap = static_cast<size_t>(
        marks.Between(0, static_cast<int64_t>(comment.size() - 8 - second.size())));
    auto start = static_cast<size_t>(
        marks.Between(0, static_cast<int64_t>(comment.size() - 8 - second.size() - gap)));
    comment.replace(start, 8, "Customer");
    comment.replace(start + 8 + gap, second.size(), second);
  }
  out += comment;
  out += '\n';
}

void Generator::Customer(int64_t unit, std::string& out) const {
  Random random(seed_, kCustomer, static_cast<uint64_t>(unit));
  fmt::format_to(Out(out), "{0}|Customer#{0:09}|", unit + 1);
  AppendVString(random, 10, 40, out);
  int64_t nation = random.Between(0, 24);
  fmt::format_to(Out(out), "|{}|", nation);
  AppendPhone(random, nation, out);
  out += '|';
  AppendCents(random.Between(-99999, 999999), out);
  fmt::format_to(Out(out), "|{}|", random.Pick(Segments()));
  out += text_.Slice(random, 29, 116);
  out += '\n';
}

void Generator::Part(int64_t unit, std::string& out) const {
  Random random(seed_, kPart, static_cast<uint64_t>(unit));
  int64_t key = unit + 1;
  fmt::format_to(Out(out), "{}|", key);
  std::array<size_t, 5> chosen;
  for (size_t i = 0; i < chosen.size(); ++i) {
    do {
      chosen[i] = static_cast<size_t>(random.Between(0, 91));
    } while (std::find(chosen.begin(), chosen.begin() + i, chosen[i]) != chosen.begin() + i);
    if (i > 0) out += ' ';
    out += Colors()[chosen[i]];
  }
  int64_t maker = random.Between(1, 5), brand = random.Between(1, 5);
  fmt::format_to(Out(out), "|Manufacturer#{0}|Brand#{0}{1}|", maker, brand);
  std::string_view size = random.Pick(TypeSizes()), finish = random.Pick(TypeFinishes());
  fmt::format_to(Out(out), "{} {} {}|{}|", size, finish, random.Pick(TypeMetals()),
                 random.Between(1, 50));
  std::string_view box = random.Pick(ContainerSizes());
  fmt::format_to(Out(out), "{} {}|", box, random.Pick(ContainerKinds()));
  AppendCents(RetailCents(key), out);
  out += '|';
  out += text_.Slice(random, 5, 22);
  out += '\n';
}

int64_t Generator::SupplierOf(int64_t part, int64_t which) const {
  int64_t suppliers = Units("supplier");
  return (part + which * (suppliers / 4 + (part - 1) / suppliers)) % suppliers + 1;
}

void Generator::PartSupp(int64_t unit, std::string& out) const {
  Random random(seed_, kPartSupp, static_cast<uint64_t>(unit));
  int64_t part = unit / 4 + 1;
  fmt::format_to(Out(out), "{}|{}|{}|", part, SupplierOf(part, unit % 4), random.Between(1, 9999));
  AppendCents(random.Between(100, 100000), out);
  out += '|';
  out += text_.Slice(random, 49, 198);
  out += '\n';
}

Generator::Order Generator::MakeOrder(int64_t unit) const {
  Random random(seed_, kOrder, static_cast<uint64_t>(unit));
  Order order;
  order.key = OrderKey(unit);
  int64_t customers = Units("customer");
  do {
    order.customer = random.Between(1, customers);
  } while (order.customer % 3 == 0 && customers > 2);  // a third of the customers never order
  order.day = random.Between(0, kLastOrderDay);
  order.priority = random.Pick(Priorities());
  order.clerk = random.Between(1, Scaled(1000));
  order.comment = text_.Slice(random, 19, 78);
  order.lines.resize(static_cast<size_t>(random.Between(1, 7)));
  Random detail(seed_, kLine, static_cast<uint64_t>(unit));
  size_t open = 0;
  for (Line& line : order.lines) {
    line.part = detail.Between(1, Units("part"));
    line.supplier = SupplierOf(line.part, detail.Between(0, 3));
    line.quantity = detail.Between(1, 50);
    line.price = line.quantity * RetailCents(line.part);
    line.discount = detail.Between(0, 10);
    line.tax = detail.Between(0, 8);
    line.ship = order.day + detail.Between(1, 121);
    line.commit = order.day + detail.Between(30, 90);
    line.receipt = line.ship + detail.Between(1, 30);
    line.flag = line.receipt <= kCurrentDay ? (detail.Between(0, 1) != 0 ? 'R' : 'A') : 'N';
    line.status = line.ship > kCurrentDay ? 'O' : 'F';
    line.instruct = detail.Pick(Instructions());
    line.mode = detail.Pick(Modes());
    line.comment = text_.Slice(detail, 10, 43);
    open += line.status == 'O' ? 1 : 0;
    order.total += (line.price * (100 + line.tax) * (100 - line.discount) + 5000) / 10000;
  }
  order.status = open == 0 ? 'F' : open == order.lines.size() ? 'O' : 'P';
  return order;
}

void Generator::Orders(int64_t unit, std::string& out) const {
  Order order = MakeOrder(unit);
  fmt::format_to(Out(out), "{}|{}|{}|", order.key, order.customer, order.status);
  AppendCents(order.total, out);
  out += '|';
  AppendDate(order.day, out);
  fmt::format_to(Out(out), "|{}|Clerk#{:09}|0|{}\n", order.priority, order.clerk, order.comment);
}

void Generator::LineItem(int64_t unit, std::string& out) const {
  Order order = MakeOrder(unit);
  int number = 0;
  for (const Line& line : order.lines) {
    fmt::format_to(Out(out), "{}|{}|{}|{}|{}|", order.key, line.part, line.supplier, ++number,
                   line.quantity);
    AppendCents(line.price, out);
    fmt::format_to(Out(out), "|0.{:02}|0.{:02}|{}|{}|", line.discount, line.tax, line.flag,
                   line.status);
    AppendDate(line.ship, out);
    out += '|';
    AppendDate(line.commit, out);
    out += '|';
    AppendDate(line.receipt, out);
    fmt::format_to(Out(out), "|{}|{}|{}\n", line.instruct, line.mode, line.comment);
  }
}

}  // namespace omen::tpch
