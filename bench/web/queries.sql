-- Each query stands alone; a comment above one says how its answer is compared where ties or the
-- lack of an order leave a choice: `ties N` by the value of output N, `any` by its number of rows.
SELECT count(*) FROM views;
SELECT count(*) FROM views WHERE ad_id <> 0;
SELECT sum(ad_id), count(*), avg(screen_width) FROM views;
SELECT avg(visitor_id) FROM views;
SELECT count(DISTINCT visitor_id) FROM views;
SELECT count(DISTINCT search_phrase) FROM views;
SELECT min(view_date), max(view_date) FROM views;
-- ties 2
SELECT ad_id, count(*) FROM views WHERE ad_id <> 0 GROUP BY ad_id ORDER BY count(*) DESC;
-- ties 2
SELECT region_id, count(DISTINCT visitor_id) AS u FROM views GROUP BY region_id ORDER BY u DESC LIMIT 10;
-- ties 3
SELECT region_id, sum(ad_id), count(*) AS c, avg(screen_width), count(DISTINCT visitor_id) FROM views GROUP BY region_id ORDER BY c DESC LIMIT 10;
-- ties 2
SELECT device_model, count(DISTINCT visitor_id) AS u FROM views WHERE device_model <> '' GROUP BY device_model ORDER BY u DESC LIMIT 10;
-- ties 3
SELECT device, device_model, count(DISTINCT visitor_id) AS u FROM views WHERE device_model <> '' GROUP BY device, device_model ORDER BY u DESC LIMIT 10;
-- ties 2
SELECT search_phrase, count(*) AS c FROM views WHERE search_phrase <> '' GROUP BY search_phrase ORDER BY c DESC LIMIT 10;
-- ties 2
SELECT search_phrase, count(DISTINCT visitor_id) AS u FROM views WHERE search_phrase <> '' GROUP BY search_phrase ORDER BY u DESC LIMIT 10;
-- ties 3
SELECT search_engine, search_phrase, count(*) AS c FROM views WHERE search_phrase <> '' GROUP BY search_engine, search_phrase ORDER BY c DESC LIMIT 10;
-- ties 2
SELECT visitor_id, count(*) FROM views GROUP BY visitor_id ORDER BY count(*) DESC LIMIT 10;
-- ties 3
SELECT visitor_id, search_phrase, count(*) FROM views GROUP BY visitor_id, search_phrase ORDER BY count(*) DESC LIMIT 10;
-- any
SELECT visitor_id, search_phrase, count(*) FROM views GROUP BY visitor_id, search_phrase LIMIT 10;
-- ties 4
SELECT visitor_id, extract(minute FROM viewed_at) AS m, search_phrase, count(*) FROM views GROUP BY visitor_id, m, search_phrase ORDER BY count(*) DESC LIMIT 10;
SELECT visitor_id FROM views WHERE visitor_id = 3841960528603124737;
SELECT count(*) FROM views WHERE url LIKE '%google%';
-- ties 3
SELECT search_phrase, min(url), count(*) AS c FROM views WHERE url LIKE '%google%' AND search_phrase <> '' GROUP BY search_phrase ORDER BY c DESC LIMIT 10;
-- ties 4
SELECT search_phrase, min(url), min(title), count(*) AS c, count(DISTINCT visitor_id) FROM views WHERE title LIKE '%Google%' AND url NOT LIKE '%.google.%' AND search_phrase <> '' GROUP BY search_phrase ORDER BY c DESC LIMIT 10;
SELECT * FROM views WHERE url LIKE '%google%' ORDER BY viewed_at LIMIT 10;
SELECT search_phrase FROM views WHERE search_phrase <> '' ORDER BY viewed_at LIMIT 10;
SELECT search_phrase FROM views WHERE search_phrase <> '' ORDER BY search_phrase LIMIT 10;
SELECT search_phrase FROM views WHERE search_phrase <> '' ORDER BY viewed_at, search_phrase LIMIT 10;
-- ties 2
SELECT site_id, avg(length(url)) AS l, count(*) AS c FROM views WHERE url <> '' GROUP BY site_id HAVING count(*) > 1000 ORDER BY l DESC LIMIT 25;
-- ties 2
SELECT regexp_replace(referrer, '^https?://(?:www\.)?([^/]+)/.*$', '\1') AS k, avg(length(referrer)) AS l, count(*) AS c, min(referrer) FROM views WHERE referrer <> '' GROUP BY k HAVING count(*) > 300 ORDER BY l DESC LIMIT 25;
SELECT {wide} FROM views;
-- ties 3
SELECT search_engine, ip, count(*) AS c, sum(is_refresh), avg(screen_width) FROM views WHERE search_phrase <> '' GROUP BY search_engine, ip ORDER BY c DESC LIMIT 10;
-- ties 3
SELECT view_id, ip, count(*) AS c, sum(is_refresh), avg(screen_width) FROM views WHERE search_phrase <> '' GROUP BY view_id, ip ORDER BY c DESC LIMIT 10;
-- ties 3
SELECT view_id, ip, count(*) AS c, sum(is_refresh), avg(screen_width) FROM views GROUP BY view_id, ip ORDER BY c DESC LIMIT 10;
-- ties 2
SELECT url, count(*) AS c FROM views GROUP BY url ORDER BY c DESC LIMIT 10;
-- ties 3
SELECT 1, url, count(*) AS c FROM views GROUP BY 1, url ORDER BY c DESC LIMIT 10;
-- ties 5
SELECT ip, ip - 1, ip - 2, ip - 3, count(*) AS c FROM views WHERE ip > -2147483000 GROUP BY ip, ip - 1, ip - 2, ip - 3 ORDER BY c DESC LIMIT 10;
-- ties 2
SELECT url, count(*) AS v FROM views WHERE site_id = 62 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_bounce = 0 AND is_refresh = 0 AND url <> '' GROUP BY url ORDER BY v DESC LIMIT 10;
-- ties 2
SELECT title, count(*) AS v FROM views WHERE site_id = 62 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_bounce = 0 AND is_refresh = 0 AND title <> '' GROUP BY title ORDER BY v DESC LIMIT 10;
-- ties 2
SELECT url, count(*) AS v FROM views WHERE site_id = 2 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_refresh = 0 AND is_link <> 0 AND is_download = 0 GROUP BY url ORDER BY v DESC LIMIT 10 OFFSET 100;
-- ties 6
SELECT source, search_engine, ad_id, CASE WHEN search_engine = 0 AND ad_id = 0 THEN referrer ELSE '' END AS src, url AS dst, count(*) AS v FROM views WHERE site_id = 2 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_refresh = 0 GROUP BY source, search_engine, ad_id, src, dst ORDER BY v DESC LIMIT 10 OFFSET 100;
-- ties 3
SELECT url_hash, view_date, count(*) AS v FROM views WHERE site_id = 2 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_refresh = 0 AND source IN (-1, 6) GROUP BY url_hash, view_date ORDER BY v DESC LIMIT 10 OFFSET 100;
-- ties 3
SELECT window_width, window_height, count(*) AS v FROM views WHERE site_id < 40 AND view_date >= '2024-03-05' AND view_date <= '2024-03-28' AND is_refresh = 0 AND is_bounce = 0 GROUP BY window_width, window_height ORDER BY v DESC LIMIT 10 OFFSET 1000;
SELECT date_trunc('minute', viewed_at) AS m, count(*) AS v FROM views WHERE site_id < 40 AND view_date >= '2024-03-14' AND view_date <= '2024-03-15' AND is_refresh = 0 AND is_bounce = 0 GROUP BY date_trunc('minute', viewed_at) ORDER BY date_trunc('minute', viewed_at) LIMIT 10 OFFSET 1000;
