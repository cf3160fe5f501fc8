-- Rows number {first} to {last}: every value is a function of the row's number and the seed. Run
-- by DuckDB. Ids and words are skewed by powers of an even draw; u1..u9 are such draws of a row.
WITH words AS (
  SELECT ['red', 'shoes', 'cheap', 'flights', 'news', 'weather', 'погода', 'москва', 'größe',
          'straße', 'wetter', 'football', 'score', 'movie', 'online', 'free', 'download', 'music',
          'phone', 'case', 'laptop', 'price', 'review', 'best', 'hotel', 'paris', 'tokyo', '天気',
          '東京', 'recipe', 'pasta', 'garden', 'tools', 'car', 'insurance', 'loan', 'bank', 'login',
          'mail', 'maps', 'translate', 'google', 'shop', 'sale', 'winter', 'summer', 'jacket',
          'bike', 'guitar', 'lessons', 'school', 'jobs', 'remote', 'python', 'tutorial', 'cat',
          'video', 'funny', 'wedding', 'dress'] AS w),
draws AS (
  SELECT i, hash(i * 31 + {seed}) AS h,
         hash(i * 31 + {seed} + 1) / 18446744073709551616.0 AS u1,
         hash(i * 31 + {seed} + 2) / 18446744073709551616.0 AS u2,
         hash(i * 31 + {seed} + 3) / 18446744073709551616.0 AS u3,
         hash(i * 31 + {seed} + 4) / 18446744073709551616.0 AS u4,
         hash(i * 31 + {seed} + 5) / 18446744073709551616.0 AS u5,
         hash(i * 31 + {seed} + 6) / 18446744073709551616.0 AS u6,
         hash(i * 31 + {seed} + 7) / 18446744073709551616.0 AS u7,
         hash(i * 31 + {seed} + 8) / 18446744073709551616.0 AS u8,
         hash(i * 31 + {seed} + 9) / 18446744073709551616.0 AS u9
  FROM generate_series({first}, {last}) AS g(i)),
ids AS (
  SELECT *, CAST(h & 9223372036854775807 AS BIGINT) AS view_id,
         CAST(floor(pow(u1, 4) * 6000) AS INTEGER) AS site,
         CAST(floor(pow(u2, 3) * {rows} / 5) AS BIGINT) AS visitor,
         CAST(floor(pow(u3, 5) * 40000) AS INTEGER) AS page,
         CAST(floor(pow(u4, 3) * 60) AS INTEGER) AS word1,
         CAST(floor(pow(u5, 2) * 60) AS INTEGER) AS word2,
         CAST(floor(u6 * 60) AS INTEGER) AS word3,
         TIMESTAMP '2024-03-01 00:00:00'
           + to_microseconds(CAST((i + u7 * 500) * (2678400000000 / {rows}) AS BIGINT)) AS seen
  FROM draws),
parts AS (
  SELECT ids.*, w, h % 100 < 12 AS searches,
         'https://' || w[1 + site % 60] || '-' || site || '.example.'
           || (['com', 'org', 'ru', 'de', 'jp'])[1 + site % 5] AS host,
         CAST(hash(visitor + {seed}) >> 1 AS BIGINT) AS traits
  FROM ids, words)
SELECT
  view_id,
  seen,
  CAST(seen AS DATE),
  site,
  CAST(hash(visitor + 77) >> 1 AS BIGINT),
  CAST(hash(visitor * 64 + i % 40) >> 1 AS BIGINT),
  CAST(CAST(traits % 4294967296 AS BIGINT) - 2147483648 AS INTEGER),
  CAST(floor(pow(u5, 3) * 3000) AS INTEGER),
  CAST(floor(pow(u5, 3) * 3000) AS INTEGER) * 7 + CAST(traits % 7 AS INTEGER),
  (['RU', 'US', 'DE', 'JP', 'FR', 'BR', 'IN', 'TR', 'UA', 'PL'])[1 + CAST(floor(pow(u5, 3) * 10) AS INTEGER)],
  CAST(traits % 45 AS SMALLINT),
  CAST((traits >> 8) % 37 AS SMALLINT),
  CAST((traits >> 16) % 120 AS SMALLINT),
  (['0', '1', 'b2', '4.1', 'x'])[1 + (traits >> 20) % 5],
  CAST(CASE WHEN (traits >> 24) % 4 = 0 THEN (traits >> 28) % 9 ELSE 0 END AS SMALLINT),
  CASE WHEN (traits >> 24) % 4 = 0
       THEN (['Galaxy S', 'iPhone', 'Pixel', 'Nokia', 'Xperia'])[1 + (traits >> 28) % 5]
            || ' ' || (traits >> 32) % 23 ELSE '' END,
  CAST((['1920', '1366', '1280', '360', '1536'])[1 + (traits >> 36) % 5] AS SMALLINT),
  CAST((['1080', '768', '1024', '640', '864'])[1 + (traits >> 36) % 5] AS SMALLINT),
  CAST(8 * (1 + (traits >> 40) % 4) AS SMALLINT),
  CAST(300 + floor(u8 * 1600) AS SMALLINT),
  CAST(200 + floor(u9 * 900) AS SMALLINT),
  CAST(60 * ((traits >> 42) % 24) - 720 AS SMALLINT),
  (['ru', 'en', 'de', 'ja', 'fr', 'pt'])[1 + (traits >> 44) % 6],
  (['utf-8', 'windows-1251', 'iso-8859-1'])[1 + site % 3],
  CASE WHEN u8 < 0.002 THEN 'http://www.google.com/search?q=' || w[1 + word1]
       ELSE host || '/' || w[1 + page % 60] || '/page' || page
            || CASE WHEN u9 < 0.3 THEN '?id=' || CAST(floor(u9 * 300000) AS INTEGER) ELSE '' END END,
  CASE WHEN u9 < 0.05 THEN ''
       ELSE upper(w[1 + site % 60]) || ' | ' || w[1 + page % 60] || ' ' || w[1 + word2]
            || CASE WHEN u8 < 0.004 THEN ' Google' ELSE '' END || ' № ' || page END,
  CASE WHEN u4 < 0.35 THEN ''
       WHEN u4 < 0.55 THEN 'https://www.google.com/url?q=' || w[1 + word3]
       ELSE 'http://' || CASE WHEN u4 < 0.8 THEN 'www.' ELSE '' END || w[1 + word3] || '-'
            || CAST(floor(pow(u6, 4) * 20000) AS INTEGER) || '.example.net/' || w[1 + word2] || '/'
            || CAST(floor(u2 * 50) AS INTEGER) END,
  CASE WHEN u3 < 0.9 THEN '' ELSE '{{"v":' || CAST(floor(u8 * 1000) AS INTEGER) || '}}' END,
  CAST(CASE WHEN searches THEN 1 + floor(pow(u9, 3) * 40) ELSE 0 END AS SMALLINT),
  CASE WHEN searches THEN w[1 + word1] || ' ' || w[1 + word2]
            || CASE WHEN u8 < 0.6 THEN ' ' || w[1 + word3] ELSE '' END
            || CASE WHEN u8 < 0.2 THEN ' ' || CAST(floor(u8 * 5000) AS INTEGER) ELSE '' END
       ELSE '' END,
  CAST(CASE WHEN u6 < 0.01 THEN 1 + floor(u6 * 1800) ELSE 0 END AS SMALLINT),
  CAST(floor(u7 * 10) - 1 AS SMALLINT),
  CAST(CASE WHEN u6 < 0.03 THEN floor(u6 * 40000) ELSE 0 END AS INTEGER),
  CASE WHEN u2 < 0.02 THEN (['vk', 'x', 'fb'])[1 + CAST(floor(u2 * 150) AS INTEGER)] ELSE '' END,
  CAST(u2 < 0.12 AS SMALLINT),
  CAST(u3 < 0.05 AS SMALLINT),
  CAST(u3 > 0.998 AS SMALLINT),
  CAST(u4 < 0.3 AS SMALLINT),
  CAST((traits >> 24) % 4 = 0 AS SMALLINT),
  CAST(u8 > 0.99 AS SMALLINT),
  CAST(u5 < 0.97 AS SMALLINT),
  CAST(u5 < 0.95 AS SMALLINT),
  CAST((traits >> 48) % 6 AS SMALLINT),
  CAST((traits >> 50) % 3 AS SMALLINT),
  CAST((traits >> 52) % 5 AS SMALLINT),
  CAST((traits >> 54) % 900 AS SMALLINT),
  CAST(floor(pow(u7, 3) * 50) AS SMALLINT),
  CAST(CASE WHEN u6 > 0.98 THEN 404 ELSE 200 END AS SMALLINT),
  CAST(floor(pow(u7, 4) * 900) AS INTEGER),
  CAST(floor(pow(u8, 4) * 1200) AS INTEGER),
  CAST(floor(pow(u9, 2) * 4000) AS INTEGER),
  CAST(floor(pow(u6, 2) * 9000) AS INTEGER),
  CAST(floor(pow(u4, 2) * 30000) AS INTEGER),
  CAST(hash(site * 100000 + page) >> 1 AS BIGINT),
  CAST(hash(word3 * 1000 + word2) >> 1 AS BIGINT),
  seen + to_seconds(CAST(floor(u8 * 120) AS INTEGER) - 60),
  date_trunc('second', seen) + to_hours(CAST((traits >> 42) % 24 AS INTEGER) - 12),
  (['E', 'D', 'T', '5', 'g'])[1 + CAST(floor(u3 * 5) AS INTEGER)],
  CAST(1000 + site % 40 AS INTEGER),
  CASE WHEN u9 > 0.97 THEN CAST(floor(u8 * 1000000) AS INTEGER) / 100.0 ELSE 0 END
FROM parts;
