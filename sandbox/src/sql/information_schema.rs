//! The tables that tell of the cluster itself (columns and values: transcripts/rest_cluster.jsonl).

mod subscriptions;

use super::catalog::Database;
use super::engine::{Caller, Engine};
use super::error::SqlError;
use super::instant;
use super::select::Relation;
use super::value::{Column, Precision, Type, Value};
use crate::release::Release;

const OLD_CLUSTER_ID: i64 = 1_869_150_887_148_028_910;
const OLD_CLUSTER_NAME: &str = "5625ad78-c4f5-43d1-8300-d1e24dc25cab";
const CLUSTER_ID: i64 = 1_959_012_017_786_872_539;
const CLUSTER_NAME: &str = "224a8bbf-1abd-423f-8068-f92bf20fb478d33";
/// vnodes that a dnode of the recorded machine takes.
const SUPPORTED_VNODES: i64 = 9;
const OLD_SUPPORTED_VNODES: i64 = 32;
const ALLOWED_HOST_BYTES: usize = 48 * 1024;

/// A table of `performance_schema`.
pub(crate) fn performance(engine: &Engine, table: &str) -> Result<Relation, SqlError> {
    match table {
        "perf_consumers" => Ok(subscriptions::consumers(engine)),
        _ => Err(SqlError::missing_table()),
    }
}

/// A table of `information_schema`, or the refusal that this user gets.
pub(crate) fn relation(
    engine: &Engine,
    caller: Caller<'_>,
    table: &str,
) -> Result<Relation, SqlError> {
    let before_33 = caller.release.is_before_33();
    let restricted = matches!(table, "ins_dnodes" | "ins_mnodes" | "ins_cluster")
        || (matches!(table, "ins_grants" | "ins_users") && !before_33);
    if restricted && engine.user(caller.user).is_none_or(|user| !user.sysinfo) {
        return Err(SqlError::denied());
    }
    if caller.data.disabled.as_deref() == Some(caller.user) && table != "ins_users" {
        return Err(SqlError::denied());
    }
    match table {
        "ins_databases" => Ok(databases(engine, caller.release)),
        "ins_tables" => Ok(tables(engine)),
        "ins_configs" => Ok(configs()),
        "ins_stables" => Ok(stables(engine)),
        "ins_views" => Ok(views()),
        "ins_topics" => Ok(subscriptions::topics(engine)),
        "ins_subscriptions" => Ok(subscriptions::subscriptions(engine)),
        "ins_dnodes" => Ok(dnodes(engine, caller)),
        "ins_users" => Ok(users(engine, caller)),
        "ins_mnodes" => Ok(mnodes(engine)),
        "ins_cluster" => Ok(cluster(engine, caller)),
        "ins_grants" if before_33 => Ok(grants(&OLD_GRANTS, caller)),
        "ins_grants" => Ok(grants(&GRANTS, caller)),
        _ => Err(SqlError::missing_table()),
    }
}

/// Columns as far as connectors ask for them.
fn stables(engine: &Engine) -> Relation {
    let columns = vec![
        Column::varchar("stable_name", 192),
        Column::varchar("db_name", 64),
        Column::varchar("table_comment", 1024),
    ];
    let databases = engine.catalog.databases();
    let rows = databases.into_iter().flat_map(|database| {
        let stables = database.stables.iter();
        stables.map(|stable| {
            vec![
                Value::text(&stable.name),
                Value::text(&database.name),
                Value::Null,
            ]
        })
    });
    let rows = rows.collect();
    Relation::plain(columns, rows)
}

/// The list of views, which is empty.
pub(crate) fn views() -> Relation {
    let columns = vec![
        Column::varchar("view_name", 192),
        Column::varchar("db_name", 64),
        Column::varchar("effective_user", 24),
        Column::fixed("create_time", Type::Timestamp),
        Column::varchar("type", 128),
        Column::varchar("query_sql", 2048),
        Column::varchar("parameters", 2048),
        Column::varchar("default_values", 2048),
        Column::varchar("target_table", 192),
    ];
    Relation::plain(columns, Vec::new())
}

/// The settings that the server reports to its clients.
fn configs() -> Relation {
    const CONFIGS: [(&str, &str); 9] = [
        ("statusInterval", "1"),
        ("timezone", "UTC (UTC, +0000)"),
        ("locale", "C.UTF-8"),
        ("charset", "UTF-8"),
        ("monitor", "0"),
        ("monitorInterval", "30"),
        ("slowLogThreshold", "10"),
        ("slowLogMaxLen", "4096"),
        ("slowLogScope", "QUERY"),
    ];
    let columns = vec![Column::varchar("name", 32), Column::varchar("value", 64)];
    let rows = CONFIGS.map(|(name, value)| vec![Value::text(name), Value::text(value)]);
    Relation::plain(columns, rows.into())
}

fn numbered(engine: &Engine) -> impl Iterator<Item = (i64, &String)> {
    (1_i64..).zip(&engine.about.endpoints)
}

fn dnodes(engine: &Engine, caller: Caller<'_>) -> Relation {
    let supported = if caller.release.is_before_33() {
        OLD_SUPPORTED_VNODES
    } else {
        SUPPORTED_VNODES
    };
    let columns = vec![
        Column::fixed("id", Type::Int),
        Column::varchar("endpoint", 134),
        Column::fixed("vnodes", Type::SmallInt),
        Column::fixed("support_vnodes", Type::SmallInt),
        Column::varchar("status", 10),
        Column::fixed("create_time", Type::Timestamp),
        Column::fixed("reboot_time", Type::Timestamp),
        Column::varchar("note", 256),
    ];
    let vnodes: i64 = engine
        .catalog
        .databases()
        .into_iter()
        .map(|database| i64::from(database.vgroups()))
        .sum();
    let created = Value::Timestamp(engine.about.created);
    let rows = numbered(engine).map(|(id, endpoint)| {
        vec![
            Value::Int(id),
            Value::text(endpoint),
            Value::Int(if id == 1 { vnodes } else { 0 }),
            Value::Int(supported),
            Value::text(if caller.data.offline.contains(endpoint) {
                "offline"
            } else {
                "ready"
            }),
            created.clone(),
            created.clone(),
            Value::text(""),
        ]
    });
    Relation::plain(columns, rows.collect())
}

/// Not recorded: columns and lengths from the vendor's source (systable.c of 3.3.7.5 and of 3.2).
fn users(engine: &Engine, caller: Caller<'_>) -> Relation {
    let mut columns = vec![Column::varchar("name", 24)];
    let truths: &[&str] = if caller.release.is_before_33() {
        &["super", "enable", "sysinfo"]
    } else {
        &["super", "enable", "sysinfo", "createdb"]
    };
    columns.extend(
        truths
            .iter()
            .map(|name| Column::fixed(*name, Type::TinyInt)),
    );
    columns.push(Column::fixed("create_time", Type::Timestamp));
    columns.push(Column::varchar("allowed_host", ALLOWED_HOST_BYTES));
    let rows = engine.users.iter().map(|user| {
        let truth = |name: &&str| {
            let truth = match *name {
                "super" => user.name == "root",
                "sysinfo" => user.sysinfo,
                "createdb" => user.createdb,
                "enable" => caller.data.disabled.as_ref() != Some(&user.name),
                _ => true,
            };
            Value::Int(truth.into())
        };
        [Value::text(&user.name)]
            .into_iter()
            .chain(truths.iter().map(truth))
            .chain([
                Value::Timestamp(engine.about.created),
                Value::text("127.0.0.1/32"),
            ])
            .collect()
    });
    Relation::plain(columns, rows.collect())
}

/// The system's own tables, in the order in which `show tables` lists them.
pub(crate) const SYSTEM_TABLES: [&str; 41] = [
    "ins_dnodes",
    "ins_mnodes",
    "ins_qnodes",
    "ins_snodes",
    "ins_bnodes",
    "ins_cluster",
    "ins_databases",
    "ins_functions",
    "ins_indexes",
    "ins_stables",
    "ins_tables",
    "ins_tags",
    "ins_columns",
    "ins_virtual_child_columns",
    "ins_users",
    "ins_grants",
    "ins_vgroups",
    "ins_configs",
    "ins_dnode_variables",
    "ins_topics",
    "ins_subscriptions",
    "ins_streams",
    "ins_stream_tasks",
    "ins_stream_recalculates",
    "ins_vnodes",
    "ins_user_privileges",
    "ins_views",
    "ins_compacts",
    "ins_compact_details",
    "ins_grants_full",
    "ins_grants_logs",
    "ins_machines",
    "ins_arbgroups",
    "ins_encryptions",
    "ins_tsmas",
    "ins_anodes",
    "ins_anodes_full",
    "ins_disk_usage",
    "ins_filesets",
    "ins_transaction_details",
    "ins_mounts",
];
/// The tables of `performance_schema`.
pub(crate) const PERFORMANCE_TABLES: [&str; 5] = [
    "perf_connections",
    "perf_queries",
    "perf_consumers",
    "perf_trans",
    "perf_apps",
];

/// Not recorded: columns and lengths from the vendor's source (systable.c of 3.3.7.5).
fn tables(engine: &Engine) -> Relation {
    let columns = vec![
        Column::varchar("table_name", 192),
        Column::varchar("db_name", 64),
        Column::fixed("create_time", Type::Timestamp),
        Column::fixed("columns", Type::Int),
        Column::varchar("stable_name", 192),
        Column::fixed("uid", Type::BigInt),
        Column::fixed("vgroup_id", Type::Int),
        Column::fixed("ttl", Type::Int),
        Column::varchar("table_comment", 1024),
        Column::varchar("type", 21),
    ];
    let row = |name: &str, database: &str, kind: &str| {
        vec![
            Value::text(name),
            Value::text(database),
            Value::Timestamp(engine.about.created),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            Value::text(kind),
        ]
    };
    let system = SYSTEM_TABLES
        .iter()
        .map(|name| row(name, "information_schema", "SYSTEM_TABLE"));
    let databases = engine.catalog.databases();
    let stored = databases.into_iter().flat_map(|database| {
        let tables = database.tables.iter();
        tables.map(|table| row(&table.name, &database.name, "NORMAL_TABLE"))
    });
    let rows = system.chain(stored).collect();
    Relation::plain(columns, rows)
}

fn mnodes(engine: &Engine) -> Relation {
    let columns = vec![
        Column::fixed("id", Type::Int),
        Column::varchar("endpoint", 134),
        Column::varchar("role", 12),
        Column::varchar("status", 9),
        Column::fixed("create_time", Type::Timestamp),
        Column::fixed("role_time", Type::Timestamp),
    ];
    let created = Value::Timestamp(engine.about.created);
    let rows = numbered(engine).take(1).map(|(id, endpoint)| {
        let texts = [endpoint.as_str(), "leader", "ready"].map(Value::text);
        [Value::Int(id)]
            .into_iter()
            .chain(texts)
            .chain([created.clone(), created.clone()])
            .collect()
    });
    Relation::plain(columns, rows.collect())
}

fn cluster(engine: &Engine, caller: Caller<'_>) -> Relation {
    let (id, name) = if caller.release.is_before_33() {
        (OLD_CLUSTER_ID, OLD_CLUSTER_NAME)
    } else {
        (CLUSTER_ID, CLUSTER_NAME)
    };
    let columns = vec![
        Column::fixed("id", Type::BigInt),
        Column::varchar("name", 40),
        Column::fixed("uptime", Type::Int),
        Column::fixed("create_time", Type::Timestamp),
        Column::varchar("version", 10),
        Column::fixed("expire_time", Type::Timestamp),
    ];
    let row = vec![
        Value::Int(id),
        Value::text(name),
        Value::Int((instant::now(Precision::Milli) - engine.about.created) / 1000),
        Value::Timestamp(engine.about.created),
        Value::text(caller.data.edition.as_deref().unwrap_or("community")),
        Value::Null,
    ];
    Relation::plain(columns, vec![row])
}

/// A column of `ins_grants`: its name, length and value.
type Grant = (&'static str, usize, &'static str);

const GRANTS: [Grant; 10] = [
    ("version", 64, "TDengine TSDB-OSS"),
    ("expire_time", 19, "unlimited"),
    ("service_time", 19, "limited"),
    ("expired", 5, "false"),
    ("state", 9, "ungranted"),
    ("timeseries", 43, "unlimited"),
    ("dnodes", 21, "unlimited"),
    ("cpu_cores", 21, "unlimited"),
    ("vnodes", 21, "unlimited"),
    ("storage_size", 43, "unlimited"),
];
const OLD_GRANTS: [Grant; 14] = [
    ("version", 9, "community"),
    ("expire_time", 19, "unlimited"),
    ("expired", 5, "false"),
    ("storage", 21, "unlimited"),
    ("timeseries", 21, "unlimited"),
    ("databases", 10, "unlimited"),
    ("users", 10, "unlimited"),
    ("accounts", 10, "unlimited"),
    ("dnodes", 10, "unlimited"),
    ("connections", 11, "unlimited"),
    ("streams", 9, "unlimited"),
    ("cpu_cores", 9, "unlimited"),
    ("speed", 9, "unlimited"),
    ("querytime", 9, "unlimited"),
];

fn grants(grants: &[Grant], caller: Caller<'_>) -> Relation {
    let columns = grants
        .iter()
        .map(|(name, bytes, _)| Column::varchar(*name, *bytes))
        .collect();
    Relation::plain(
        columns,
        vec![
            grants
                .iter()
                .map(|(name, _, value)| match (*name, &caller.data.edition) {
                    ("version", Some(edition)) => Value::text(edition),
                    _ => Value::text(*value),
                })
                .collect(),
        ],
    )
}

/// A column of `ins_databases`: its type (varchar by length), and what a database has that was created without the option.
type DatabaseColumn = (&'static str, Result<Type, usize>, &'static str);

const NULL: &str = "NULL";
const DATABASE: [DatabaseColumn; 37] = [
    ("name", Err(64), NULL),
    ("create_time", Ok(Type::Timestamp), NULL),
    ("vgroups", Ok(Type::Int), "2"),
    ("ntables", Ok(Type::BigInt), NULL),
    ("replica", Ok(Type::TinyInt), "1"),
    ("strict", Err(4), "on"),
    ("duration", Err(10), "10d"),
    ("keep", Err(32), "3650d"),
    ("buffer", Ok(Type::Int), "256"),
    ("pagesize", Ok(Type::Int), "4"),
    ("pages", Ok(Type::Int), "256"),
    ("minrows", Ok(Type::Int), "100"),
    ("maxrows", Ok(Type::Int), "4096"),
    ("comp", Ok(Type::TinyInt), "2"),
    ("precision", Err(2), "ms"),
    ("status", Err(10), "ready"),
    ("retentions", Err(60), NULL),
    ("single_stable", Ok(Type::Bool), "false"),
    ("cachemodel", Err(11), "none"),
    ("cachesize", Ok(Type::Int), "1"),
    ("wal_level", Ok(Type::TinyInt), "1"),
    ("wal_fsync_period", Ok(Type::Int), "3000"),
    ("wal_retention_period", Ok(Type::Int), "3600"),
    ("wal_retention_size", Ok(Type::BigInt), "0"),
    ("stt_trigger", Ok(Type::SmallInt), "2"),
    ("table_prefix", Ok(Type::SmallInt), "0"),
    ("table_suffix", Ok(Type::SmallInt), "0"),
    ("tsdb_pagesize", Ok(Type::Int), "4"),
    ("keep_time_offset", Ok(Type::Int), "0"),
    ("ss_chunkpages", Ok(Type::Int), "131072"),
    ("ss_keeplocal", Err(10), "525600m"),
    ("ss_compact", Ok(Type::TinyInt), "1"),
    ("with_arbitrator", Ok(Type::TinyInt), "0"),
    ("encrypt_algorithm", Err(16), "none"),
    ("compact_interval", Err(12), "0d"),
    ("compact_time_range", Err(24), "0d,0d"),
    ("compact_time_offset", Err(4), "0h"),
];

/// Columns of `ins_databases` in 3.2, and the one default that is another there.
const OLD_DATABASE_COLUMNS: usize = 29;
const OLD_STT_TRIGGER: i64 = 1;

/// Tables of the two databases that every cluster has, before 3.3 and since.
const BUILT_IN: [(&str, i64, i64); 2] =
    [("information_schema", 26, 42), ("performance_schema", 5, 5)];

fn databases(engine: &Engine, release: Release) -> Relation {
    let shown = if release.is_before_33() {
        &DATABASE[..OLD_DATABASE_COLUMNS]
    } else {
        &DATABASE[..]
    };
    let column = |(name, kind, _): &DatabaseColumn| match kind {
        Ok(kind) => Column::fixed(*name, *kind),
        Err(bytes) => Column::varchar(*name, *bytes),
    };
    let built_in = BUILT_IN.iter().map(|(name, old, new)| {
        let value = |(column, ..): &DatabaseColumn| match *column {
            "name" => Value::text(*name),
            "create_time" => Value::Timestamp(engine.about.created),
            "ntables" => Value::Int(if release.is_before_33() { *old } else { *new }),
            "precision" => Value::text("ms"),
            "status" => Value::text("ready"),
            _ => Value::Null,
        };
        shown.iter().map(value).collect()
    });
    let rows = built_in
        .chain(
            engine
                .catalog
                .databases()
                .into_iter()
                .map(|stored| database(stored, shown, release)),
        )
        .collect();
    Relation::plain(shown.iter().map(column).collect(), rows)
}

fn database(database: &Database, shown: &[DatabaseColumn], release: Release) -> Vec<Value> {
    let before_33 = release.is_before_33();
    let value = |(column, kind, default): &DatabaseColumn| match *column {
        "name" => Value::text(&database.name),
        "create_time" => Value::Timestamp(database.created),
        "ntables" => Value::Int(i64::try_from(database.tables.len()).unwrap_or(i64::MAX)),
        "keep" => {
            let levels = keep(database.options.get("keep").map_or(default, String::as_str));
            Value::Text(if before_33 { minutes(&levels) } else { levels })
        }
        "duration" if before_33 => Value::Text(minutes(
            database
                .options
                .get("duration")
                .map_or(default, String::as_str),
        )),
        "stt_trigger" if before_33 && !database.options.contains_key("stt_trigger") => {
            Value::Int(OLD_STT_TRIGGER)
        }
        _ => match (
            database
                .options
                .get(*column)
                .map_or(*default, String::as_str),
            kind,
        ) {
            (NULL, _) => Value::Null,
            (text, Ok(Type::Bool)) => Value::Bool(matches!(text, "1" | "true")),
            (text, Ok(_)) => text.parse().map_or(Value::Null, Value::Int),
            (text, Err(_)) => Value::text(text),
        },
    };
    shown.iter().map(value).collect()
}

/// Spans in days or hours as 3.2 tells them, in minutes.
fn minutes(spans: &str) -> String {
    let span = |span: &str| {
        let (number, factor) = match (span.strip_suffix('d'), span.strip_suffix('h')) {
            (Some(number), _) => (number, 24 * 60),
            (None, Some(number)) => (number, 60),
            (None, None) => return span.to_owned(),
        };
        number.parse::<u32>().map_or_else(
            |_| span.to_owned(),
            |number| format!("{}m", u64::from(number) * factor),
        )
    };
    spans.split(',').map(span).collect::<Vec<_>>().join(",")
}

/// The three levels of `keep`, days unless another unit is given.
fn keep(option: &str) -> String {
    let levels: Vec<&str> = option.split(',').collect();
    let level = |at: usize| {
        let text = levels
            .get(at)
            .or(levels.last())
            .copied()
            .unwrap_or_default();
        if text.ends_with(|last: char| last.is_ascii_digit()) {
            format!("{text}d")
        } else {
            text.to_owned()
        }
    };
    [level(0), level(1), level(2)].join(",")
}
