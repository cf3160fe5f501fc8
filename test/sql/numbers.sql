create table n (id int primary key, g int, i2 smallint, i4 int, i8 bigint, n52 numeric(5,2), n152 numeric(15,2), n3810 numeric(38,10), nv numeric, f4 real, f8 double precision, b boolean);
insert into n values
  (1, '3', '242', null, '0', '-772.81', '-506854334.76', '147882375856201.5000000000', null, '0', '-Infinity', 't'),
  (2, '5', '-165', null, '3', '-667.62', '-372697264.53', '752237866488553.2500000000', '123456789.123456789', '0', '0', 'f'),
  (3, '5', '46', null, '-3', '-54.87', '-487636328.11', '898440953341052.2500000000', '-0.95705919', '1e10', '1.5', 't'),
  (4, '2', '-49', '7', '-3', '-783.11', '594453355.18', '-926736840114345.0000000000', '-2.50', '-2.25', '0.1', null),
  (5, '3', '-220', '512329', '0', null, '847213631.96', null, '1e20', '-2.25', null, 't'),
  (6, '3', '-167', '1', '0', '-253.75', null, '-717595183057264.8750000000', '-2.50', '1e10', 'Infinity', 'f'),
  (7, '2', '244', '7', '-805952860870', '563.47', '-277347533.95', '549796184237283.5000000000', '0.000', '3', '1e100', 'f'),
  (8, '3', '294', '-7', '-3', '632.73', '595251893.35', '288126145982471.5000000000', '1.00', '3', 'Infinity', 't'),
  (9, '2', '70', '-1', '476264812411', '560.18', '331112458.35', '247474186915275.7500000000', '-0.5', '1e10', '0', 't'),
  (10, '1', '-69', '1', '-600705564111', '-927.76', '-239402299.19', '180328804319594.0000000000', '0.000', '0', '-2.25', 'f'),
  (11, '5', '-203', '-1', '3', '625.35', '-261114560.55', '191875284653102.7500000000', 'NaN', null, '3.5', null),
  (12, '5', '252', '-7', '-3', '416.18', '709929107.33', '187900994119415.5000000000', '123456789.123456789', null, 'NaN', 'f'),
  (13, '1', '154', '1', '-3', '-51.39', null, '687827947061742.0000000000', 'NaN', '0.1', '2.5', 't'),
  (14, null, '-11', '-7', '-941889661532', '363.16', '-735040783.34', null, '3.14159', '1.5', '-Infinity', 'f'),
  (15, '4', '-99', '0', '524727247590', '296.49', '-378098679.44', '390465535955061.5000000000', '1.00', '0.1', '-2.25', 'f'),
  (16, '1', '-274', '0', '0', '-754.53', '648698820.95', '789693044641999.7500000000', '1.00', '-2.25', '0', null),
  (17, '5', '88', '0', '632595899359', '-730.60', '-370860760.13', '-20840475657539.3750000000', '1.00', '-2.25', '3.5', 't'),
  (18, '5', '-10', '1', '621149743446', '426.17', '-829513287.94', '-817643450746165.3750000000', '123456789.123456789', '1e10', '-2.25', 't'),
  (19, '4', null, '7', '0', null, '-17108577.18', '402979129922352.2500000000', '0.000', '3', '-Infinity', 'f'),
  (20, '4', '70', '-7', '0', null, null, '-921093769520086.8750000000', '1', '0', '2.5', 'f'),
  (21, '1', '-138', null, '936467251053', '-491.37', '-676925051.95', '-529664411646827.1875000000', '0.000', '3', null, 't'),
  (22, '3', '-55', '0', '3', '234.93', '413424840.04', '-631047569691584.2500000000', '1.00', '-2.25', '1.5', 'f'),
  (23, '3', null, null, '0', null, '674534209.35', '879009337631086.2500000000', '1.0', '1.5', '3.5', null),
  (24, '1', null, '-1', '3', '17.24', '62618169.69', null, '1.00', '3', '1.5', 'f'),
  (25, '5', '234', '0', '513149667252', '998.37', '-722566942.70', '559811156576945.7500000000', '1.00', '1e10', '-2.25', 't'),
  (26, '4', '-251', '-1', '0', '-371.77', '112168326.98', '308196230833515.5000000000', '1.00', '3', '1.5', 'f'),
  (27, '4', '28', null, '-3', '-872.08', '114450037.90', null, null, '0', 'NaN', 't'),
  (28, '4', '-94', '1', '0', '211.64', '-711933934.00', '-130881282765035.3750000000', '-0.5', '1e10', '1.5', 't'),
  (29, '4', '-194', '7', '3', '762.81', '-568760421.85', '-597687165391049.7500000000', '0.000', '-2.25', '3.5', 't'),
  (30, '4', '-154', '7', null, '-801.76', '800363375.56', '594073589966468.2500000000', 'NaN', null, '1.5', 't'),
  (31, '1', '-273', '7', '548531796975', '574.65', '869526381.68', '-877736649860166.0000000000', '3.14159', '-2.25', '-2.25', null),
  (32, '5', '123', '0', '0', null, null, '-398816125137324.7500000000', '-0.5', '1.5', '-0', 'f'),
  (33, '1', '87', '-7', '-3', '-781.41', '106843541.39', '-251964714392819.6250000000', '-2.8729', '0.1', null, 't'),
  (34, '2', '-236', '313800', '-103519914655', '-33.50', '-511308203.60', '-831150731364363.5000000000', '1', '0', '2.5', 'f'),
  (35, '5', '38', '7', '3', '290.07', '-541861669.82', '681438592043829.2500000000', '3.14159', '1.5', 'Infinity', 't'),
  (36, '4', '-113', '-7', '0', '627.77', '-351647386.34', '781791056402031.7500000000', '123456789.123456789', '1e10', '-2.25', 'f'),
  (37, '1', '50', '7', '-3', null, '998117213.76', '-609160543704146.5000000000', '3.14159', '1.5', 'NaN', 't'),
  (38, '1', '-57', '0', '-785391354205', '-639.54', '710969089.48', '-95066020551779.0000000000', '0.000', '1.5', '1e100', 't'),
  (39, null, '153', null, '-386008183979', '-893.12', '556879989.81', '187077521381009.7500000000', '-0.5', null, '-Infinity', 'f'),
  (40, '4', null, '-1', '-580034158283', '-845.70', '-212838807.38', '-721490346344754.0000000000', '-5.0', '1e10', null, 't'),
  (41, '2', '-282', '-1', '3', null, '237868637.31', null, '-4.14', '0', '0', 't'),
  (42, '1', '83', '7', '3', '90.62', '-732803087.87', '411517561314995.2500000000', null, '1e10', '2.5', 'f'),
  (43, null, '-261', '-1', '-344769415819', '309.44', '-259094945.06', '426357456789878.0000000000', '0', '0.1', '-2.25', 't'),
  (44, '5', '-200', '-7', '-697596885296', '-11.42', '-585272333.52', '-880350072055174.2500000000', null, '-2.25', 'Infinity', 'f'),
  (45, '2', '-32', '-947960', '3', '183.85', '830332992.93', '187753113169998.2500000000', '-2.50', '1e10', null, 'f');

select id, n52, n152, n3810, nv, f4, f8, b from n order by id;
select id, n52+n152, n52-n3810, n152*n52, n152*n152, n3810*n3810, n52*n52*n52 from n order by id;
select id, n52/n152 from n where n152<>0 order by id;
select id, nv+1, nv*2.50, nv-n52, -nv, abs(nv) from n order by id;
select id, n152/3, n52/7.0, n152/0.0003, i4/3.0 from n order by id;
select id, case when b then n52 else 0 end, case when b then n52 when g=1 then n3810 else nv end, coalesce(n52,0), coalesce(n52, n3810), coalesce(nv, 1.50) from n order by id;
select id, greatest(n52, 0), least(n52, n152), greatest(i4,i8), least(f8, 1) from n order by id;
select greatest(n52, nv) from n;
select id, nullif(n52, 0), nullif(i4, 7) from n order by id;
select id, round(n152), round(n152,1), round(n152,5), round(n152,-2), round(nv,2), round(n3810,3), trunc(n152), trunc(n152,1), ceil(n152), floor(n152), ceil(n52), floor(-n52), sign(n52), abs(n52) from n where nv <> 'NaN' or nv is null order by id;
select id, n152 % 7, mod(n52, 3.5), nv % 3 from n where nv is not null order by id;
select i4/i8 from n where i8=0;
select i4%i8 from n where i8=0;
select n52/0 from n;
select f8/0 from n where f8=1.5;
select i8*i8*i8 from n;
select i4*i4*i4 from n where i4>2000;
select i2*i2 from n where i2>200;
select f8*1e300 from n where f8=1e100;
select id, sqrt(abs(n52)), exp(n52/100), ln(abs(n52)+1), power(n52, 2), power(2, i2/100) from n order by id;
select f8::int from n where f8='NaN';
select f8::int from n where f8=1e100;
select id, n52::int, n152::bigint, n3810::int8, nv::numeric(10,2), n52::numeric(4,1), n152::numeric(12,0), n52::text, n3810::text, n52::float8, n3810::float8, n152::real from n where (nv <> 'NaN' and nv < 1e7) or nv is null order by id;
select n152::int2 from n;
select n152::numeric(5,2) from n;
select nv::int from n where nv=1e20;
select distinct n52 from n order by 1;
select distinct nv from n where nv not in (0,1) order by 1;
select distinct g, nv from n where nv > 2 order by 1, 2 desc;
select id from n where nv = 1 order by id;
select id from n where nv in (1, 0, 3.14159) order by id;
select id from n where nv not in (1, 0, null);
select id from n where n52 in (1.5, 2, 3) or n152 > 0.005 order by id;
select id from n where n52 > n3810 order by id;
select id from n where n52 = n152;
select id, nv from n order by nv desc, id limit 10;
select id, nv from n order by nv, id desc;
select stddev(n52), variance(n52), stddev_pop(i4), var_pop(i4), stddev(i8) from n;
select bool_and(b), bool_or(b), every(b) from n;
select distinct on (g) g, id, n52 from n order by g, n52 desc, id;
select distinct on (nv) nv, id from n order by nv, id;
select id from n order by g desc, n52 nulls first, id limit 7 offset 3;
select id from n where id = any('{}'::int[]);
select id, n52 is distinct from n152, nv is not distinct from 1.0, i4 is distinct from null from n order by id;
select id, n.* from n where id=1;
select id, n3810*n52, n3810*10.5, n3810+0.000000000001 from n order by id;
select id, -n52, +n52, @ n52 from n order by id;
select 1.5::numeric, 2::numeric(5,2), '3.14159'::numeric(4,2), 0.1::numeric+0.20, 1e5::numeric, 1.10*1.10, 7/2, 7/2.0, -7/2, -7%3, 1e-10::numeric;
select 'NaN'::numeric, 'NaN'::numeric = 'NaN'::numeric, 'Infinity'::numeric;
select 'it''s', E'tab\there', 'back\slash', $$dollar$$, '';
select true, false, null, 1, -1, 2147483648, 1.0, 'x';
select 1 = 1.0, 1.0 = 1.00, 2 > 1.5, 1::float8 = 1::numeric;
select null + 1, null || 'x', null = null, null and false, null or true;
