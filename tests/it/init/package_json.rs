//! `init` in a folder with a `package.json`. Awkward ones stand in `tests/manifests/package_json`.

use std::fs;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

/// What `init --lang node` with `arguments` says about and makes of a folder with a `package.json` and `files`.
fn existing(package: &str, files: &[&str], arguments: &[&str]) -> String {
    let context = TestContext::new();
    fs::write(context.work().join("package.json"), package).unwrap();
    for file in files {
        fs::write(context.work().join(file), "").unwrap();
    }
    let mut all = vec!["init", "--lang", "node"];
    all.extend(arguments);
    let run = context.program(&all).run();
    for file in files {
        fs::remove_file(context.work().join(file)).unwrap();
    }
    let made = tree(&context.work());
    let again = context.program(&all).run();
    assert!(
        again.exit == Some(0)
            && !again.stdout.contains("created")
            && !again.stdout.contains("edited"),
        "{again}"
    );
    assert_eq!(tree(&context.work()), made);
    format!("{run}{made}")
}

fn said(package: &str, files: &[&str], arguments: &[&str]) -> String {
    let all = existing(package, files, arguments);
    all.split_once("=== ").unwrap().0.to_owned()
}

const SMALL: &str = "{\n  \"name\": \"app\",\n  \"main\": \"index.js\"\n}\n";

#[test]
fn over_websocket() {
    assert_snapshot!(existing(SMALL, &[], &[]), @r#"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    === package.json
    {
      "name": "app",
      "main": "index.js",
      "dependencies": {
        "@tdengine/websocket": "3.1.0"
      }
    }
    === taos-example.mjs
    // Writes two rows to TDengine over WebSocket and reads them back.

    import { randomBytes } from "node:crypto";
    import process from "node:process";

    import taos from "@tdengine/websocket";

    /** The environment variable's value, or `fallback` where it is unset or empty. */
    const env = (name, fallback = "") => process.env[name] || fallback;

    /** Connects to the server that the environment names, and gives a function that runs a statement. */
    async function connect() {
      // The connector's own log would hold the address with the password in it, so it is told a level that nothing has.
      taos.setLogLevel("silent");
      const config = new taos.WSConfig(address().replace(/^http/, "ws"));
      if (!env("TDENGINE_CLOUD_URL")) {
        config.setUser(env("TAOS_USER", "root"));
        config.setPwd(env("TAOS_PASSWORD", "taosdata"));
        for (const name of ["TAOS_USER", "TAOS_PASSWORD"]) {
          const url = new URL("ws://localhost");
          url.password = env(name);
          if (url.password !== env(name)) {
            throw new Error(`${name} holds a character that this release of @tdengine/websocket cannot send`);
          }
        }
      } else {
        config.setToken(cloudToken());
      }
      const connection = await taos.sqlConnect(config);
      const query = async (sql) => {
        const result = await connection.exec(sql);
        return { rows: result.getData() ?? [], affected: result.getAffectRows() };
      };
      const close = async () => {
        await connection.close();
        taos.destroy();
      };
      return { query, close };
    }

    /** Where the server is, as a URL that ends in a slash. */
    function address() {
      const cloud = env("TDENGINE_CLOUD_URL");
      if (cloud) {
        if (!/^https?:[/][/]./.test(cloud)) {
          throw new Error("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
        }
        return new URL("/", cloud).href;
      }
      const host = env("TAOS_HOST", "localhost").replace(/^\[|\]$/g, "");
      return `http://${host.includes(":") ? `[${host}]` : host}:${env("TAOS_PORT", "6041")}/`;
    }

    function cloudToken() {
      const token = env("TDENGINE_CLOUD_TOKEN");
      if (!token) {
        throw new Error("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
      }
      return token;
    }

    /** Asks for the server's version, writes two rows and reads them back. */
    async function main() {
      const { query, close } = await connect();
      const version = await query("select server_version()");
      console.log("server version:", version.rows[0][0]);

      // A database of its own, of the smallest size, under a name that nobody else has.
      const database = `taos_example_${randomBytes(8).toString("hex")}`;
      await query(`create database ${database} vgroups 1 buffer 3 pages 64`);
      const drop = () => query(`drop database if exists ${database}`);
      try {
        await writeAndRead(query, `${database}.readings`);
      } catch (failure) {
        await drop().catch(() => {}); // the first failure is the one to tell
        throw failure;
      }
      await drop();
      await close();
    }

    async function writeAndRead(query, table) {
      await query(`create table ${table} (ts timestamp, celsius double, place varchar(64))`);
      const now = Date.now();
      const instants = [now, now + 1000].map((milliseconds) => new Date(milliseconds).toISOString());
      const written = await query(
        `insert into ${table} values ('${instants[0]}', 21.5, 'Zürich') ('${instants[1]}', -3.25, '北京')`,
      );
      console.log("rows written:", written.affected);

      const { rows } = await query(`select ts, celsius, place from ${table} order by ts`);
      for (const [instant, celsius, place] of rows) {
        console.log(`${new Date(Number(instant)).toISOString()}  ${celsius}  ${place}`);
      }
      console.log("rows read:", rows.length);
      if (rows.length !== 2) {
        throw new Error(`wrote 2 rows and read ${rows.length}`);
      }
    }

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function oneLine(failure) {
      const cause = failure.cause?.message || failure.cause?.code || failure.message || failure;
      let text = String(cause).replace(/\s+/g, " ").trim();
      const secrets = [env("TDENGINE_CLOUD_TOKEN"), env("TAOS_PASSWORD", "taosdata")].filter(Boolean);
      for (const secret of secrets.flatMap((it) => [it, encodeURIComponent(it), new URLSearchParams({ it }).toString().slice(3)])) {
        text = text.replaceAll(secret, "***");
      }
      return text;
    }

    try {
      await main();
    } catch (failure) {
      console.error("error:", oneLine(failure));
      process.exit(1);
    }
    "#);
}

#[test]
fn over_rest_the_manifest_stays() {
    assert_snapshot!(existing(SMALL, &[], &["--transport", "rest"]), @r#"
    exit 0
    --- stdout
    unchanged package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    === package.json
    {
      "name": "app",
      "main": "index.js"
    }
    === taos-example.mjs
    // Writes two rows to TDengine over REST and reads them back.

    import { randomBytes } from "node:crypto";
    import process from "node:process";

    /** The environment variable's value, or `fallback` where it is unset or empty. */
    const env = (name, fallback = "") => process.env[name] || fallback;

    /** Prepares requests to the server that the environment names; nothing is sent yet. */
    function connect() {
      const url = new URL("rest/sql", address());
      const headers = {};
      if (env("TDENGINE_CLOUD_URL")) {
        url.searchParams.set("token", cloudToken());
      } else {
        const login = `${env("TAOS_USER", "root")}:${env("TAOS_PASSWORD", "taosdata")}`;
        headers.Authorization = `Basic ${Buffer.from(login).toString("base64")}`;
      }
      const query = async (sql) => {
        const response = await fetch(url, {
          method: "POST",
          headers,
          body: sql,
          redirect: "error",
          signal: AbortSignal.timeout(30_000),
        });
        const text = await response.text();
        let answer;
        try {
          answer = JSON.parse(text);
        } catch {
          throw new Error(`the server answered with status ${response.status} and no JSON`);
        }
        if (answer.code !== 0) {
          throw new Error(`[0x${Number(answer.code).toString(16)}] ${answer.desc}`);
        }
        const affected = answer.column_meta[0][0] === "affected_rows" ? answer.data[0][0] : 0;
        return { rows: answer.data, affected };
      };
      return { query, close: async () => {} };
    }

    /** Where the server is, as a URL that ends in a slash. */
    function address() {
      const cloud = env("TDENGINE_CLOUD_URL");
      if (cloud) {
        if (!/^https?:[/][/]./.test(cloud)) {
          throw new Error("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
        }
        return new URL("/", cloud).href;
      }
      const host = env("TAOS_HOST", "localhost").replace(/^\[|\]$/g, "");
      return `http://${host.includes(":") ? `[${host}]` : host}:${env("TAOS_PORT", "6041")}/`;
    }

    function cloudToken() {
      const token = env("TDENGINE_CLOUD_TOKEN");
      if (!token) {
        throw new Error("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
      }
      return token;
    }

    /** Asks for the server's version, writes two rows and reads them back. */
    async function main() {
      const { query, close } = await connect();
      const version = await query("select server_version()");
      console.log("server version:", version.rows[0][0]);

      // A database of its own, of the smallest size, under a name that nobody else has.
      const database = `taos_example_${randomBytes(8).toString("hex")}`;
      await query(`create database ${database} vgroups 1 buffer 3 pages 64`);
      const drop = () => query(`drop database if exists ${database}`);
      try {
        await writeAndRead(query, `${database}.readings`);
      } catch (failure) {
        await drop().catch(() => {}); // the first failure is the one to tell
        throw failure;
      }
      await drop();
      await close();
    }

    async function writeAndRead(query, table) {
      await query(`create table ${table} (ts timestamp, celsius double, place varchar(64))`);
      const now = Date.now();
      const instants = [now, now + 1000].map((milliseconds) => new Date(milliseconds).toISOString());
      const written = await query(
        `insert into ${table} values ('${instants[0]}', 21.5, 'Zürich') ('${instants[1]}', -3.25, '北京')`,
      );
      console.log("rows written:", written.affected);

      const { rows } = await query(`select ts, celsius, place from ${table} order by ts`);
      for (const [instant, celsius, place] of rows) {
        console.log(`${new Date(instant).toISOString()}  ${celsius}  ${place}`);
      }
      console.log("rows read:", rows.length);
      if (rows.length !== 2) {
        throw new Error(`wrote 2 rows and read ${rows.length}`);
      }
    }

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function oneLine(failure) {
      const cause = failure.cause?.message || failure.cause?.code || failure.message || failure;
      let text = String(cause).replace(/\s+/g, " ").trim();
      const secrets = [env("TDENGINE_CLOUD_TOKEN")].filter(Boolean);
      for (const secret of secrets.flatMap((it) => [it, encodeURIComponent(it), new URLSearchParams({ it }).toString().slice(3)])) {
        text = text.replaceAll(secret, "***");
      }
      return text;
    }

    try {
      await main();
    } catch (failure) {
      console.error("error:", oneLine(failure));
      process.exit(1);
    }
    "#);
}

#[test]
fn lock_files() {
    assert_snapshot!(said(SMALL, &["package-lock.json"], &[]), @"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: package-lock.json no longer matches; refresh it: npm install --package-lock-only
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    ");
    assert_snapshot!(said(SMALL, &["pnpm-lock.yaml"], &[]), @"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      pnpm install
      node taos-example.mjs
    --- stderr
    note: pnpm-lock.yaml no longer matches; refresh it: pnpm install --lockfile-only
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    ");
    assert_snapshot!(said(SMALL, &["bun.lock", "yarn.lock"], &[]), @"
    exit 0
    --- stdout
    edited    package.json
    created   taos-example.mjs

    Build it and run it:
      yarn install
      node taos-example.mjs
    --- stderr
    note: yarn.lock no longer matches; refresh it: yarn install
    note: bun.lock no longer matches; refresh it: bun install --lockfile-only
    note: no server is named, so any from 3.2.2.2 on is assumed: @tdengine/websocket 3.1.0 is the newest that works with all of them over ws (3.2.1 needs 3.3.2.0 or later)
    note: @tdengine/websocket 3.1.0 sends passwords as they stand in a URL, so one with a character that URLs escape is refused by the example; --transport rest takes any
    note: @tdengine/websocket 3.1.0 does not pass on why a login was refused; taos-setup verify tells
    note: @tdengine/websocket writes a log into the folder logs
    ");
    // REST adds no package, so no lock file goes stale.
    assert_snapshot!(said(SMALL, &["yarn.lock"], &["--transport", "rest"]), @"
    exit 0
    --- stdout
    unchanged package.json
    created   taos-example.mjs

    Build it and run it:
      yarn install
      node taos-example.mjs
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    ");
}

#[test]
fn retired_packages_are_named_over_rest_too() {
    let package = "{\n  \"dependencies\": {\n    \"@tdengine/rest\": \"^3.0.3\"\n  }\n}\n";
    assert_snapshot!(said(package, &[], &["--transport", "rest"]), @"
    exit 0
    --- stdout
    unchanged package.json
    created   taos-example.mjs

    Build it and run it:
      npm install
      node taos-example.mjs
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    note: package.json:3 names @tdengine/rest, which is retired: it is no longer maintained; --transport rest needs no package, and --transport ws takes @tdengine/websocket; --upgrade takes it out
    ");
}

#[test]
fn the_native_transport() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "node", "--transport", "native"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Node.js over the native connection
      Node.js has no native connection any more: the packages that had it (@tdengine/client, td2.0-connector) are retired, and build on Node.js 10 and 12 alone
      next: say --transport ws or --transport rest
    ");
}
