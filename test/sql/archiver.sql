-- No archive: nothing was archived, nothing failed.
select archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time from pg_stat_archiver;
select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'pg_stat_archiver'::regclass and attnum > 0 order by attnum;
