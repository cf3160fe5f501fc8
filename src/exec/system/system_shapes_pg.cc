// The shapes of pg_catalog.
// Columns are PostgreSQL 15's; types the server does not have are named by the nearest.
#include "exec/system/system_definition.h"

namespace omen::exec {

namespace {

constexpr SystemShape kPgShapes[] = {
    {2600, "pg_aggregate",
     "aggfnoid regproc,aggkind char,aggnumdirectargs int2,aggtransfn regproc,"
     "aggfinalfn regproc,aggcombinefn regproc,aggserialfn regproc,aggdeserialfn regproc,"
     "aggmtransfn regproc,aggminvtransfn regproc,aggmfinalfn regproc,aggfinalextra bool,"
     "aggmfinalextra bool,aggfinalmodify char,aggmfinalmodify char,aggsortop oid,"
     "aggtranstype oid,aggtransspace int4,aggmtranstype oid,aggmtransspace int4,"
     "agginitval text,aggminitval text",
     SystemShape::kNotFilled},
    {2601, "pg_am", "oid oid,amname name,amhandler regproc,amtype char"},
    {2602, "pg_amop",
     "oid oid,amopfamily oid,amoplefttype oid,amoprighttype oid,amopstrategy int2,"
     "amoppurpose char,amopopr oid,amopmethod oid,amopsortfamily oid",
     SystemShape::kNotFilled},
    {2603, "pg_amproc",
     "oid oid,amprocfamily oid,amproclefttype oid,amprocrighttype oid,amprocnum int2,"
     "amproc regproc",
     SystemShape::kNotFilled},
    {2604, "pg_attrdef", "oid oid,adrelid oid,adnum int2,adbin text"},
    {1249, "pg_attribute",
     "attrelid oid,attname name,atttypid oid,attstattarget int4,attlen int2,attnum int2,"
     "attndims int4,attcacheoff int4,atttypmod int4,attbyval bool,attalign char,"
     "attstorage char,attcompression char,attnotnull bool,atthasdef bool,atthasmissing bool,"
     "attidentity char,attgenerated char,attisdropped bool,attislocal bool,attinhcount int4,"
     "attcollation oid,attacl _text,attoptions _text,attfdwoptions _text,"
     "attmissingval _text"},
    {1261, "pg_auth_members", "roleid oid,member oid,grantor oid,admin_option bool",
     SystemShape::kNotFilled},
    {1260, "pg_authid",
     "oid oid,rolname name,rolsuper bool,rolinherit bool,rolcreaterole bool,"
     "rolcreatedb bool,rolcanlogin bool,rolreplication bool,rolbypassrls bool,"
     "rolconnlimit int4,rolpassword text,rolvaliduntil timestamptz"},
    {2605, "pg_cast",
     "oid oid,castsource oid,casttarget oid,castfunc oid,castcontext char,castmethod char"},
    {1259, "pg_class",
     "oid oid,relname name,relnamespace oid,reltype oid,reloftype oid,relowner oid,"
     "relam oid,relfilenode oid,reltablespace oid,relpages int4,reltuples float4,"
     "relallvisible int4,reltoastrelid oid,relhasindex bool,relisshared bool,"
     "relpersistence char,relkind char,relnatts int2,relchecks int2,relhasrules bool,"
     "relhastriggers bool,relhassubclass bool,relrowsecurity bool,relforcerowsecurity bool,"
     "relispopulated bool,relreplident char,relispartition bool,relrewrite oid,"
     "relfrozenxid int8,relminmxid int8,relacl _text,reloptions _text,relpartbound text"},
    {3456, "pg_collation",
     "oid oid,collname name,collnamespace oid,collowner oid,collprovider char,"
     "collisdeterministic bool,collencoding int4,collcollate text,collctype text,"
     "colliculocale text,collversion text"},
    {2606, "pg_constraint",
     "oid oid,conname name,connamespace oid,contype char,condeferrable bool,"
     "condeferred bool,convalidated bool,conrelid oid,contypid oid,conindid oid,"
     "conparentid oid,confrelid oid,confupdtype char,confdeltype char,confmatchtype char,"
     "conislocal bool,coninhcount int4,connoinherit bool,conkey _int2,confkey _int2,"
     "conpfeqop _oid,conppeqop _oid,conffeqop _oid,confdelsetcols _int2,conexclop _oid,"
     "conbin text"},
    {2607, "pg_conversion",
     "oid oid,conname name,connamespace oid,conowner oid,conforencoding int4,"
     "contoencoding int4,conproc regproc,condefault bool",
     SystemShape::kNotFilled},
    {12077, "pg_cursors",
     "name text,statement text,is_holdable bool,is_binary bool,is_scrollable bool,"
     "creation_time timestamptz",
     SystemShape::kNotFilled},
    {1262, "pg_database",
     "oid oid,datname name,datdba oid,encoding int4,datlocprovider char,datistemplate bool,"
     "datallowconn bool,datconnlimit int4,datfrozenxid int8,datminmxid int8,"
     "dattablespace oid,datcollate text,datctype text,daticulocale text,datcollversion text,"
     "datacl _text"},
    {826, "pg_default_acl",
     "oid oid,defaclrole oid,defaclnamespace oid,defaclobjtype char,defaclacl _text",
     SystemShape::kNoRows},
    {2608, "pg_depend",
     "classid oid,objid oid,objsubid int4,refclassid oid,refobjid oid,refobjsubid int4,"
     "deptype char"},
    {2609, "pg_description", "objoid oid,classoid oid,objsubid int4,description text"},
    {3501, "pg_enum", "oid oid,enumtypid oid,enumsortorder float4,enumlabel name",
     SystemShape::kNoRows},
    {3466, "pg_event_trigger",
     "oid oid,evtname name,evtevent name,evtowner oid,evtfoid oid,evtenabled char,"
     "evttags _text",
     SystemShape::kNoRows},
    {3079, "pg_extension",
     "oid oid,extname name,extowner oid,extnamespace oid,extrelocatable bool,"
     "extversion text,extconfig _oid,extcondition _text",
     SystemShape::kNoRows},
    {2328, "pg_foreign_data_wrapper",
     "oid oid,fdwname name,fdwowner oid,fdwhandler oid,fdwvalidator oid,fdwacl _text,"
     "fdwoptions _text",
     SystemShape::kNoRows},
    {1417, "pg_foreign_server",
     "oid oid,srvname name,srvowner oid,srvfdw oid,srvtype text,srvversion text,"
     "srvacl _text,srvoptions _text",
     SystemShape::kNoRows},
    {3118, "pg_foreign_table", "ftrelid oid,ftserver oid,ftoptions _text", SystemShape::kNoRows},
    {12010, "pg_group", "groname name,grosysid oid,grolist _oid", SystemShape::kNoRows},
    {2610, "pg_index",
     "indexrelid oid,indrelid oid,indnatts int2,indnkeyatts int2,indisunique bool,"
     "indnullsnotdistinct bool,indisprimary bool,indisexclusion bool,indimmediate bool,"
     "indisclustered bool,indisvalid bool,indcheckxmin bool,indisready bool,indislive bool,"
     "indisreplident bool,indkey int2vector,indcollation oidvector,indclass oidvector,"
     "indoption int2vector,indexprs text,indpred text"},
    {12043, "pg_indexes",
     "schemaname name,tablename name,indexname name,tablespace name,indexdef text"},
    {2611, "pg_inherits", "inhrelid oid,inhparent oid,inhseqno int4,inhdetachpending bool",
     SystemShape::kNoRows},
    {3394, "pg_init_privs", "objoid oid,classoid oid,objsubid int4,privtype char,initprivs _text",
     SystemShape::kNotFilled},
    {2612, "pg_language",
     "oid oid,lanname name,lanowner oid,lanispl bool,lanpltrusted bool,lanplcallfoid oid,"
     "laninline oid,lanvalidator oid,lanacl _text"},
    {2995, "pg_largeobject_metadata", "oid oid,lomowner oid,lomacl _text", SystemShape::kNoRows},
    {12073, "pg_locks",
     "locktype text,database oid,relation oid,page int4,tuple int2,virtualxid text,"
     "transactionid int8,classid oid,objid oid,objsubid int2,virtualtransaction text,"
     "pid int4,mode text,granted bool,fastpath bool,waitstart timestamptz",
     SystemShape::kNotFilled},
    {12038, "pg_matviews",
     "schemaname name,matviewname name,matviewowner name,tablespace name,hasindexes bool,"
     "ispopulated bool,definition text",
     SystemShape::kNoRows},
    {2615, "pg_namespace", "oid oid,nspname name,nspowner oid,nspacl _text"},
    {2616, "pg_opclass",
     "oid oid,opcmethod oid,opcname name,opcnamespace oid,opcowner oid,opcfamily oid,"
     "opcintype oid,opcdefault bool,opckeytype oid",
     SystemShape::kNotFilled},
    {2617, "pg_operator",
     "oid oid,oprname name,oprnamespace oid,oprowner oid,oprkind char,oprcanmerge bool,"
     "oprcanhash bool,oprleft oid,oprright oid,oprresult oid,oprcom oid,oprnegate oid,"
     "oprcode regproc,oprrest regproc,oprjoin regproc"},
    {2753, "pg_opfamily", "oid oid,opfmethod oid,opfname name,opfnamespace oid,opfowner oid",
     SystemShape::kNotFilled},
    {3350, "pg_partitioned_table",
     "partrelid oid,partstrat char,partnatts int2,partdefid oid,partattrs int2vector,"
     "partclass oidvector,partcollation oidvector,partexprs text",
     SystemShape::kNoRows},
    {12018, "pg_policies",
     "schemaname name,tablename name,policyname name,permissive text,roles _name,cmd text,"
     "qual text,with_check text",
     SystemShape::kNoRows},
    {3256, "pg_policy",
     "oid oid,polname name,polrelid oid,polcmd char,polpermissive bool,polroles _oid,"
     "polqual text,polwithcheck text",
     SystemShape::kNoRows},
    {12095, "pg_prepared_statements",
     "name text,statement text,prepare_time timestamptz,parameter_types _regtype,"
     "from_sql bool,generic_plans int8,custom_plans int8",
     SystemShape::kNotFilled},
    {12090, "pg_prepared_xacts",
     "transaction int8,gid text,prepared timestamptz,owner name,database name",
     SystemShape::kNoRows},
    {1255, "pg_proc",
     "oid oid,proname name,pronamespace oid,proowner oid,prolang oid,procost float4,"
     "prorows float4,provariadic oid,prosupport regproc,prokind char,prosecdef bool,"
     "proleakproof bool,proisstrict bool,proretset bool,provolatile char,proparallel char,"
     "pronargs int2,pronargdefaults int2,prorettype oid,proargtypes oidvector,"
     "proallargtypes _oid,proargmodes _char,proargnames _text,proargdefaults text,"
     "protrftypes _oid,prosrc text,probin text,prosqlbody text,proconfig _text,proacl _text"},
    {6104, "pg_publication",
     "oid oid,pubname name,pubowner oid,puballtables bool,pubinsert bool,pubupdate bool,"
     "pubdelete bool,pubtruncate bool,pubviaroot bool",
     SystemShape::kNoRows},
    {6237, "pg_publication_namespace", "oid oid,pnpubid oid,pnnspid oid", SystemShape::kNoRows},
    {6106, "pg_publication_rel", "oid oid,prpubid oid,prrelid oid,prqual text,prattrs int2vector",
     SystemShape::kNoRows},
    {12068, "pg_publication_tables",
     "pubname name,schemaname name,tablename name,attnames _name,rowfilter text",
     SystemShape::kNoRows},
    {3541, "pg_range",
     "rngtypid oid,rngsubtype oid,rngmultitypid oid,rngcollation oid,rngsubopc oid,"
     "rngcanonical regproc,rngsubdiff regproc",
     SystemShape::kNoRows},
    {12257, "pg_replication_slots",
     "slot_name name,plugin name,slot_type text,datoid oid,database name,temporary bool,"
     "active bool,active_pid int4,xmin int8,catalog_xmin int8,restart_lsn text,"
     "confirmed_flush_lsn text,wal_status text,safe_wal_size int8,two_phase bool",
     SystemShape::kNoRows},
    {2618, "pg_rewrite",
     "oid oid,rulename name,ev_class oid,ev_type char,ev_enabled char,is_instead bool,"
     "ev_qual text,ev_action text",
     SystemShape::kNotFilled},
    {12000, "pg_roles",
     "rolname name,rolsuper bool,rolinherit bool,rolcreaterole bool,rolcreatedb bool,"
     "rolcanlogin bool,rolreplication bool,rolconnlimit int4,rolpassword text,"
     "rolvaliduntil timestamptz,rolbypassrls bool,rolconfig _text,oid oid"},
    {12023, "pg_rules", "schemaname name,tablename name,rulename name,definition text",
     SystemShape::kNoRows},
    {3596, "pg_seclabel", "objoid oid,classoid oid,objsubid int4,provider text,label text",
     SystemShape::kNoRows},
    {12099, "pg_seclabels",
     "objoid oid,classoid oid,objsubid int4,objtype text,objnamespace oid,objname text,"
     "provider text,label text",
     SystemShape::kNoRows},
    {2224, "pg_sequence",
     "seqrelid oid,seqtypid oid,seqstart int8,seqincrement int8,seqmax int8,seqmin int8,"
     "seqcache int8,seqcycle bool"},
    {12048, "pg_sequences",
     "schemaname name,sequencename name,sequenceowner name,data_type regtype,"
     "start_value int8,min_value int8,max_value int8,increment_by int8,cycle bool,"
     "cache_size int8,last_value int8"},
    {12104, "pg_settings",
     "name text,setting text,unit text,category text,short_desc text,extra_desc text,"
     "context text,vartype text,source text,min_val text,max_val text,enumvals _text,"
     "boot_val text,reset_val text,sourcefile text,sourceline int4,pending_restart bool"},
    {12005, "pg_shadow",
     "usename name,usesysid oid,usecreatedb bool,usesuper bool,userepl bool,"
     "usebypassrls bool,passwd text,valuntil timestamptz,useconfig _text"},
    {1214, "pg_shdepend",
     "dbid oid,classid oid,objid oid,objsubid int4,refclassid oid,refobjid oid,deptype char",
     SystemShape::kNotFilled},
    {2396, "pg_shdescription", "objoid oid,classoid oid,description text"},
    {3592, "pg_shseclabel", "objoid oid,classoid oid,provider text,label text",
     SystemShape::kNoRows},
    {12239, "pg_stat_archiver",
     "archived_count int8,last_archived_wal text,last_archived_time timestamptz,"
     "failed_count int8,last_failed_wal text,last_failed_time timestamptz,stats_reset timestamptz"},
    {12222, "pg_stat_activity",
     "datid oid,datname name,pid int4,leader_pid int4,usesysid oid,usename name,"
     "application_name text,client_addr text,client_hostname text,client_port int4,"
     "backend_start timestamptz,xact_start timestamptz,query_start timestamptz,"
     "state_change timestamptz,wait_event_type text,wait_event text,state text,"
     "backend_xid int8,backend_xmin int8,query_id int8,query text,backend_type text"},
    {12266, "pg_stat_database",
     "datid oid,datname name,numbackends int4,xact_commit int8,xact_rollback int8,"
     "blks_read int8,blks_hit int8,tup_returned int8,tup_fetched int8,tup_inserted int8,"
     "tup_updated int8,tup_deleted int8,conflicts int8,temp_files int8,temp_bytes int8,"
     "deadlocks int8,checksum_failures int8,checksum_last_failure timestamptz,"
     "blk_read_time float8,blk_write_time float8,session_time float8,active_time float8,"
     "idle_in_transaction_time float8,sessions int8,sessions_abandoned int8,"
     "sessions_fatal int8,sessions_killed int8,stats_reset timestamptz",
     SystemShape::kNotFilled},
    {12227, "pg_stat_replication",
     "pid int4,usesysid oid,usename name,application_name text,client_addr text,"
     "client_hostname text,client_port int4,backend_start timestamptz,backend_xmin int8,"
     "state text,sent_lsn text,write_lsn text,flush_lsn text,replay_lsn text,"
     "write_lag interval,flush_lag interval,replay_lag interval,sync_priority int4,"
     "sync_state text,reply_time timestamptz",
     SystemShape::kNoRows},
    {13518, "pg_stat_statements",
     "userid oid,dbid oid,toplevel bool,queryid int8,query text,plans int8,"
     "total_plan_time float8,min_plan_time float8,max_plan_time float8,mean_plan_time float8,"
     "stddev_plan_time float8,calls int8,total_exec_time float8,min_exec_time float8,"
     "max_exec_time float8,mean_exec_time float8,stddev_exec_time float8,rows int8,"
     "shared_blks_hit int8,shared_blks_read int8,shared_blks_dirtied int8,"
     "shared_blks_written int8,local_blks_hit int8,local_blks_read int8,"
     "local_blks_dirtied int8,local_blks_written int8,temp_blks_read int8,"
     "temp_blks_written int8,blk_read_time float8,blk_write_time float8,"
     "temp_blk_read_time float8,temp_blk_write_time float8,wal_records int8,wal_fpi int8,"
     "wal_bytes numeric,jit_functions int8,jit_generation_time float8,"
     "jit_inlining_count int8,jit_inlining_time float8,jit_optimization_count int8,"
     "jit_optimization_time float8,jit_emission_count int8,jit_emission_time float8"},
    {12192, "pg_stat_user_indexes",
     "relid oid,indexrelid oid,schemaname name,relname name,indexrelname name,idx_scan int8,"
     "idx_tup_read int8,idx_tup_fetch int8",
     SystemShape::kNotFilled},
    {12161, "pg_stat_user_tables",
     "relid oid,schemaname name,relname name,seq_scan int8,seq_tup_read int8,idx_scan int8,"
     "idx_tup_fetch int8,n_tup_ins int8,n_tup_upd int8,n_tup_del int8,n_tup_hot_upd int8,"
     "n_live_tup int8,n_dead_tup int8,n_mod_since_analyze int8,n_ins_since_vacuum int8,"
     "last_vacuum timestamptz,last_autovacuum timestamptz,last_analyze timestamptz,"
     "last_autoanalyze timestamptz,vacuum_count int8,autovacuum_count int8,"
     "analyze_count int8,autoanalyze_count int8"},
    {12142, "pg_stat_all_tables",
     "relid oid,schemaname name,relname name,seq_scan int8,seq_tup_read int8,idx_scan int8,"
     "idx_tup_fetch int8,n_tup_ins int8,n_tup_upd int8,n_tup_del int8,n_tup_hot_upd int8,"
     "n_live_tup int8,n_dead_tup int8,n_mod_since_analyze int8,n_ins_since_vacuum int8,"
     "last_vacuum timestamptz,last_autovacuum timestamptz,last_analyze timestamptz,"
     "last_autoanalyze timestamptz,vacuum_count int8,autovacuum_count int8,"
     "analyze_count int8,autoanalyze_count int8"},
    {12179, "pg_statio_user_tables",
     "relid oid,schemaname name,relname name,heap_blks_read int8,heap_blks_hit int8,"
     "idx_blks_read int8,idx_blks_hit int8,toast_blks_read int8,toast_blks_hit int8,"
     "tidx_blks_read int8,tidx_blks_hit int8",
     SystemShape::kNotFilled},
    {3381, "pg_statistic_ext",
     "oid oid,stxrelid oid,stxname name,stxnamespace oid,stxowner oid,stxstattarget int4,"
     "stxkeys int2vector,stxkind _char,stxexprs text",
     SystemShape::kNoRows},
    {12053, "pg_stats",
     "schemaname name,tablename name,attname name,inherited bool,null_frac float4,"
     "avg_width int4,n_distinct float4,most_common_vals _text,most_common_freqs _float4,"
     "histogram_bounds _text,correlation float4,most_common_elems _text,"
     "most_common_elem_freqs _float4,elem_count_histogram _float4"},
    {6100, "pg_subscription",
     "oid oid,subdbid oid,subskiplsn text,subname name,subowner oid,subenabled bool,"
     "subbinary bool,substream bool,subtwophasestate char,subdisableonerr bool,"
     "subconninfo text,subslotname name,subsynccommit text,subpublications _text",
     SystemShape::kNoRows},
    {12033, "pg_tables",
     "schemaname name,tablename name,tableowner name,tablespace name,hasindexes bool,"
     "hasrules bool,hastriggers bool,rowsecurity bool"},
    {1213, "pg_tablespace", "oid oid,spcname name,spcowner oid,spcacl _text,spcoptions _text"},
    {12126, "pg_timezone_names", "name text,abbrev text,utc_offset interval,is_dst bool",
     SystemShape::kNotFilled},
    {3576, "pg_transform", "oid oid,trftype oid,trflang oid,trffromsql regproc,trftosql regproc",
     SystemShape::kNoRows},
    {2620, "pg_trigger",
     "oid oid,tgrelid oid,tgparentid oid,tgname name,tgfoid oid,tgtype int2,tgenabled char,"
     "tgisinternal bool,tgconstrrelid oid,tgconstrindid oid,tgconstraint oid,"
     "tgdeferrable bool,tginitdeferred bool,tgnargs int2,tgattr int2vector,tgargs bytea,"
     "tgqual text,tgoldtable name,tgnewtable name",
     SystemShape::kNoRows},
    {3602, "pg_ts_config", "oid oid,cfgname name,cfgnamespace oid,cfgowner oid,cfgparser oid",
     SystemShape::kNotFilled},
    {3600, "pg_ts_dict",
     "oid oid,dictname name,dictnamespace oid,dictowner oid,dicttemplate oid,"
     "dictinitoption text",
     SystemShape::kNotFilled},
    {3601, "pg_ts_parser",
     "oid oid,prsname name,prsnamespace oid,prsstart regproc,prstoken regproc,"
     "prsend regproc,prsheadline regproc,prslextype regproc",
     SystemShape::kNotFilled},
    {3764, "pg_ts_template",
     "oid oid,tmplname name,tmplnamespace oid,tmplinit regproc,tmpllexize regproc",
     SystemShape::kNotFilled},
    {1247, "pg_type",
     "oid oid,typname name,typnamespace oid,typowner oid,typlen int2,typbyval bool,"
     "typtype char,typcategory char,typispreferred bool,typisdefined bool,typdelim char,"
     "typrelid oid,typsubscript regproc,typelem oid,typarray oid,typinput regproc,"
     "typoutput regproc,typreceive regproc,typsend regproc,typmodin regproc,"
     "typmodout regproc,typanalyze regproc,typalign char,typstorage char,typnotnull bool,"
     "typbasetype oid,typtypmod int4,typndims int4,typcollation oid,typdefaultbin text,"
     "typdefault text,typacl _text"},
    {12014, "pg_user",
     "usename name,usesysid oid,usecreatedb bool,usesuper bool,userepl bool,"
     "usebypassrls bool,passwd text,valuntil timestamptz,useconfig _text"},
    {1418, "pg_user_mapping", "oid oid,umuser oid,umserver oid,umoptions _text",
     SystemShape::kNoRows},
    {12327, "pg_user_mappings",
     "umid oid,srvid oid,srvname name,umuser oid,usename name,umoptions _text",
     SystemShape::kNoRows},
    {12028, "pg_views", "schemaname name,viewname name,viewowner name,definition text"},
    {12081, "pg_available_extensions",
     "name name,default_version text,installed_version text,comment text", SystemShape::kNoRows},
    {12249, "pg_stat_ssl",
     "pid int4,ssl bool,version text,cipher text,bits int4,client_dn text,"
     "client_serial numeric,issuer_dn text",
     SystemShape::kNotFilled},
    {12253, "pg_stat_gssapi", "pid int4,gss_authenticated bool,principal text,encrypted bool",
     SystemShape::kNotFilled},
};

}  // namespace

std::span<const SystemShape> PgCatalogShapes() { return kPgShapes; }

}  // namespace omen::exec
