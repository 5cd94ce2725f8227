//! The whole tree that `init --lang node` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

#[test]
fn node_over_websocket() {
    assert_snapshot!(made(&["--lang", "node"]), @r#"
    exit 0
    --- stdout
    created   package.json
    created   main.js
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      npm install
      node main.js
    --- stderr
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    === .gitignore
    node_modules/
    # The connector writes its log there.
    logs/
    === README.md
    # hello

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        npm install
        node main.js

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === main.js
    // Writes two rows to TDengine over WebSocket and reads them back.

    import { randomBytes } from "node:crypto";
    import process from "node:process";

    import taos from "@tdengine/websocket";

    /** The environment variable's value, or `fallback` where it is unset or empty. */
    const env = (name, fallback = "") => process.env[name] || fallback;

    /** Connects to the server that the environment names, and gives a function that runs a statement. */
    async function connect() {
      // The connector's own log would hold the address with the password in it, so its level is one that nothing has.
      taos.setLogLevel("silent");
      const config = new taos.WSConfig(address().replace(/^http/, "ws"));
      if (!env("TDENGINE_CLOUD_URL")) {
        config.setUser(env("TAOS_USER", "root"));
        config.setPwd(env("TAOS_PASSWORD", "taosdata"));
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

      // A database of its own, of the smallest size, under a unique name.
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
    === package.json
    {
      "name": "hello",
      "version": "1.0.0",
      "private": true,
      "type": "module",
      "engines": {
        "node": ">=18"
      },
      "scripts": {
        "start": "node main.js"
      },
      "dependencies": {
        "@tdengine/websocket": "3.2.1"
      }
    }
    "#);
}

#[test]
fn node_over_rest() {
    assert_snapshot!(made(&["--lang", "node", "--transport", "rest"]), @r#"
    exit 0
    --- stdout
    created   package.json
    created   main.js
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      npm install
      node main.js
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    === .gitignore
    node_modules/
    === README.md
    # hello

    Writes two rows to TDengine over REST, reads them back, and removes what it made.

        npm install
        node main.js

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === main.js
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

      // A database of its own, of the smallest size, under a unique name.
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
    === package.json
    {
      "name": "hello",
      "version": "1.0.0",
      "private": true,
      "type": "module",
      "engines": {
        "node": ">=18"
      },
      "scripts": {
        "start": "node main.js"
      }
    }
    "#);
}
