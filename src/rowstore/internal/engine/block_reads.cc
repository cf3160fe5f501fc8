// As RocksDB counts them for each thread.
#include "rowstore/block_reads.h"

#include <rocksdb/perf_context.h>

namespace omen::rowstore {

BlockReads BlockReadsOfThread() {
  // Counted by default; only timing would have to be asked for.
  const rocksdb::PerfContext& counted = *rocksdb::get_perf_context();
  return {counted.block_cache_hit_count, counted.block_read_count};
}

}  // namespace omen::rowstore
