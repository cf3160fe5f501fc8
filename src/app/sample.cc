#include "app/sample.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "app/memory_sink.h"
#include "session/session.h"

namespace omen::app {
namespace {

struct Step {
  const char* what;
  const char* sql;
};

// Everything follows from the row number, so that every first start loads the same rows.
const std::vector<Step>& Steps() {
  static const std::vector<Step> steps = {
      {"customers",
       "CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, country text NOT NULL, "
       "since date NOT NULL);"
       "INSERT INTO customers SELECT g, 'customer ' || g, "
       "(ARRAY['DE','FR','US','JP','BR','IN','GB','KE'])[1 + g * 7919 % 8], "
       "DATE '2020-01-01' + g * 31 % 1800 FROM generate_series(1, 10000) g"},
      {"products",
       "CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL, category text NOT NULL, "
       "price numeric(10,2) NOT NULL);"
       "INSERT INTO products SELECT g, 'product ' || g, "
       "(ARRAY['book','food','garden','music','tool'])[1 + g * 31 % 5], "
       "(g * 7907 % 20000 + 99) / 100.0 FROM generate_series(1, 1000) g"},
      {"orders",
       "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, "
       "product_id int NOT NULL, quantity int NOT NULL, ordered_at timestamp NOT NULL);"
       "INSERT INTO orders SELECT g, 1 + (g * 48271::bigint) % 10000, 1 + (g * 16807::bigint) % "
       "1000, 1 + g % 7, TIMESTAMP '2025-01-01' + g * INTERVAL '2 minutes' "
       "FROM generate_series(1, 200000) g"},
      {"an index", "CREATE INDEX orders_customer ON orders (customer_id)"},
  };
  return steps;
}

void ShowProgress(size_t done, size_t total, const char* what) {
  if (isatty(STDOUT_FILENO) == 0) return;
  constexpr size_t kWidth = 30;
  const size_t filled = kWidth * done / total;
  fmt::print("\rloading the sample [{:#<{}}{:.<{}}] {:<12}", "", filled, "", kWidth - filled,
             done == total ? "done" : what);
  if (done == total) fmt::print("\n");
  std::fflush(stdout);
}

}  // namespace

Status LoadSample(Instance* instance) {
  session::SessionOptions options;
  options.user = options.database = "omendb";
  session::Session session(&instance->database(), options);
  MemorySink sink;
  OMEN_RETURN_IF_ERROR(session.Start(sink));
  const auto& steps = Steps();
  for (size_t i = 0; i < steps.size(); ++i) {
    ShowProgress(i, steps.size(), steps[i].what);
    OMEN_RETURN_IF_ERROR(session.SimpleQuery(steps[i].sql, sink));
    if (!sink.error().ok()) return sink.error().Clone();
  }
  ShowProgress(steps.size(), steps.size(), "");
  return Status::Ok();
}

std::string SampleStatements() {
  return R"(Try:
  SELECT * FROM orders WHERE id = 4711;
  SELECT p.category, count(*), sum(o.quantity * p.price) AS revenue
    FROM orders o JOIN products p ON p.id = o.product_id GROUP BY 1 ORDER BY 3 DESC;
  EXPLAIN SELECT country, count(*) FROM customers GROUP BY country;
)";
}

}  // namespace omen::app
