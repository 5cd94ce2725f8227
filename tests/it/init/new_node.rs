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

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        npm install
        node main.js

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === main.js
    // Writes rows to a supertable of TDengine over WebSocket and reads them back.

    import { randomBytes } from "node:crypto";
    import { readFileSync } from "node:fs";
    import process from "node:process";
    import tls from "node:tls";

    import taos from "@tdengine/websocket";

    /** The environment variable's value, or `fallback` where it is unset or empty. */
    const env = (name, fallback = "") => process.env[name] || fallback;

    /** A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    const readings = [
      { table: "example_zurich", place: "Zürich", celsius: 21.5 },
      { table: "example_beijing", place: "北京", celsius: -3.25 },
    ];

    async function main() {
      const connection = await connect();
      try {
        const [version] = await query(connection, "select server_version()");
        console.log("server version:", version[0]);
        await withDatabase(connection, (database) =>
          writeAndRead(connection, database),
        );
      } finally {
        await connection.close();
        taos.destroy();
      }
    }

    async function writeAndRead(connection, database) {
      await query(
        connection,
        `create stable if not exists ${database}.example_readings ` +
          "(ts timestamp, celsius double) tags (place varchar(64))",
      );
      const start = Date.now();
      console.log("rows written:", await write(connection, database, start));
      const found = await read(connection, database, start);
      if (found !== readings.length) {
        throw new Error(`wrote ${readings.length} rows and read ${found}`);
      }
    }

    /** Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement. */
    async function write(connection, database, start) {
      const statement = await connection.stmtInit();
      try {
        await statement.prepare(
          `insert into ? using ${database}.example_readings tags (?) values (?, ?)`,
        );
        let written = 0;
        for (const [seconds, { table, place, celsius }] of readings.entries()) {
          await statement.setTableName(`${database}.${table}`);
          const tags = statement.newStmtParam();
          tags.setVarchar([place]);
          await statement.setTags(tags);
          const columns = statement.newStmtParam();
          columns.setTimestamp([start + 1000 * seconds]);
          columns.setDouble([celsius]);
          await statement.bind(columns);
          await statement.batch();
          await statement.exec();
          written += statement.getLastAffected();
        }
        return written;
      } finally {
        await statement.close();
      }
    }

    /** Prints the readings from start on, of all tables, and gives their number. */
    async function read(connection, database, start) {
      const rows = await query(
        connection,
        `select ts, celsius, place from ${database}.example_readings ` +
          `where ts >= '${new Date(start).toISOString()}' order by ts`,
      );
      for (const [instant, celsius, place] of rows) {
        console.log(
          `${new Date(Number(instant)).toISOString()}  ${celsius}  ${place}`,
        );
      }
      console.log("rows read:", rows.length);
      return rows.length;
    }

    /** Works in the database that TAOS_DB names, or in a new one of the smallest size, which is dropped at the end. */
    async function withDatabase(connection, work) {
      const given = env("TAOS_DB");
      if (given) {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(given)) {
          throw new Error("TAOS_DB is not the name of a database");
        }
        // Bound instants are numbers, which count what the database's precision says.
        const [precision] = await query(
          connection,
          `select \`precision\` from information_schema.ins_databases where name = '${given.toLowerCase()}'`,
        );
        if (precision?.[0] !== "ms") {
          throw new Error("TAOS_DB does not name a database with precision 'ms'");
        }
        return work(given);
      }
      const database = `taos_example_${randomBytes(8).toString("hex")}`;
      await query(
        connection,
        `create database ${database} vgroups 1 buffer 3 pages 64`,
      );
      const drop = () => query(connection, `drop database if exists ${database}`);
      try {
        await work(database);
      } catch (failure) {
        await drop().catch(() => {}); // the first failure is the one to tell
        throw failure;
      }
      await drop();
    }

    /** Connects to the server that the environment names. */
    async function connect() {
      // The connector's own log would hold the address with the password in it, so its level is one that nothing has.
      taos.setLogLevel("silent");
      const config = new taos.WSConfig(address().replace(/^http/, "ws"));
      if (env("TDENGINE_CLOUD_URL")) {
        config.setToken(cloudToken());
      } else {
        if (env("TAOS_TOKEN")) {
          throw new Error(
            "this release of @tdengine/websocket takes no token: unset TAOS_TOKEN",
          );
        }
        config.setUser(env("TAOS_USER", "root"));
        config.setPwd(env("TAOS_PASSWORD", "taosdata"));
      }
      return taos.sqlConnect(config);
    }

    /** Runs a statement, and gives its rows. */
    async function query(connection, sql) {
      const result = await connection.query(sql);
      try {
        const rows = [];
        while (await result.next()) {
          rows.push(result.getData());
        }
        return rows;
      } finally {
        await result.close();
      }
    }

    /** Where the server is, as a URL that ends in a slash. */
    function address() {
      if (env("TDENGINE_CLOUD_URL")) {
        return cloudAddress();
      }
      const host = env("TAOS_HOST", "localhost").replace(/^\[|\]$/g, "");
      const scheme = isOn("TAOS_TLS") ? "https" : "http";
      if (isOn("TAOS_TLS")) {
        trust(env("TAOS_CA_FILE"));
      }
      return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${env("TAOS_PORT", "6041")}/`;
    }

    function cloudAddress() {
      const cloud = env("TDENGINE_CLOUD_URL");
      if (!/^https?:[/][/]./.test(cloud)) {
        throw new Error(
          "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com",
        );
      }
      return new URL("/", cloud).href;
    }

    function cloudToken() {
      const token = env("TDENGINE_CLOUD_TOKEN");
      if (!token) {
        throw new Error(
          "TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not",
        );
      }
      return token;
    }

    /** Trusts the authorities of a PEM file beside those of Node.js; an empty name gives none. */
    function trust(file) {
      if (!file) {
        return;
      }
      if (!tls.setDefaultCACertificates) {
        throw new Error(
          "TAOS_CA_FILE needs Node.js 22.19 or later: set NODE_EXTRA_CA_CERTS to that file instead",
        );
      }
      tls.setDefaultCACertificates([
        ...tls.getCACertificates(),
        readFileSync(file, "utf8"),
      ]);
    }

    /** Tells whether the environment variable is set to anything but 0. */
    const isOn = (name) => env(name, "0") !== "0";

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function oneLine(failure) {
      const cause =
        failure.cause?.message || failure.cause?.code || failure.message || failure;
      let text = String(cause).replace(/\s+/g, " ").trim();
      const secrets = [
        env("TDENGINE_CLOUD_TOKEN"),
        env("TAOS_PASSWORD", "taosdata"),
      ].filter(Boolean);
      for (const secret of secrets.flatMap((it) => [
        it,
        encodeURIComponent(it),
        new URLSearchParams({ it }).toString().slice(3),
      ])) {
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

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        npm install
        node main.js

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === main.js
    // Writes rows to a supertable of TDengine over REST and reads them back.

    import { randomBytes } from "node:crypto";
    import { readFileSync } from "node:fs";
    import process from "node:process";
    import tls from "node:tls";

    /** The environment variable's value, or `fallback` where it is unset or empty. */
    const env = (name, fallback = "") => process.env[name] || fallback;

    /** A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    const readings = [
      { table: "example_zurich", place: "Zürich", celsius: 21.5 },
      { table: "example_beijing", place: "北京", celsius: -3.25 },
    ];

    async function main() {
      const connection = connect();
      const [version] = await query(connection, "select server_version()");
      console.log("server version:", version[0]);
      await withDatabase(connection, (database) =>
        writeAndRead(connection, database),
      );
    }

    async function writeAndRead(connection, database) {
      await query(
        connection,
        `create stable if not exists ${database}.example_readings ` +
          "(ts timestamp, celsius double) tags (place varchar(64))",
      );
      const start = Date.now();
      console.log("rows written:", await write(connection, database, start));
      const found = await read(connection, database, start);
      if (found !== readings.length) {
        throw new Error(`wrote ${readings.length} rows and read ${found}`);
      }
    }

    /**
     * Writes the readings, a second apart, and makes the tables of the sensors. REST has no bound parameters, so the values are a part of
     * the text: quote what comes from outside with literal().
     */
    async function write(connection, database, start) {
      const rows = readings.map(({ table, place, celsius }, seconds) => {
        const instant = new Date(start + 1000 * seconds).toISOString();
        return (
          `${database}.${table} using ${database}.example_readings ` +
          `tags (${literal(place)}) values (${literal(instant)}, ${celsius})`
        );
      });
      const [[written]] = await query(connection, `insert into ${rows.join(" ")}`);
      return written;
    }

    /** The text as a literal of SQL. */
    function literal(text) {
      return `'${text.replace(/[\\']/g, "\\$&")}'`;
    }

    /** Prints the readings from start on, of all tables, and gives their number. */
    async function read(connection, database, start) {
      const rows = await query(
        connection,
        `select ts, celsius, place from ${database}.example_readings ` +
          `where ts >= '${new Date(start).toISOString()}' order by ts`,
      );
      for (const [instant, celsius, place] of rows) {
        console.log(`${new Date(instant).toISOString()}  ${celsius}  ${place}`);
      }
      console.log("rows read:", rows.length);
      return rows.length;
    }

    /** Works in the database that TAOS_DB names, or in a new one of the smallest size, which is dropped at the end. */
    async function withDatabase(connection, work) {
      const given = env("TAOS_DB");
      if (given) {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(given)) {
          throw new Error("TAOS_DB is not the name of a database");
        }
        return work(given);
      }
      const database = `taos_example_${randomBytes(8).toString("hex")}`;
      await query(
        connection,
        `create database ${database} vgroups 1 buffer 3 pages 64`,
      );
      const drop = () => query(connection, `drop database if exists ${database}`);
      try {
        await work(database);
      } catch (failure) {
        await drop().catch(() => {}); // the first failure is the one to tell
        throw failure;
      }
      await drop();
    }

    /** Prepares requests to the server that the environment names; nothing is sent yet. */
    function connect() {
      const url = new URL("rest/sql", address());
      const headers = {};
      if (env("TDENGINE_CLOUD_URL")) {
        url.searchParams.set("token", cloudToken());
      } else if (env("TAOS_TOKEN")) {
        headers.Authorization = `Bearer ${env("TAOS_TOKEN")}`;
      } else {
        const login = `${env("TAOS_USER", "root")}:${env("TAOS_PASSWORD", "taosdata")}`;
        headers.Authorization = `Basic ${Buffer.from(login).toString("base64")}`;
      }
      return { url, headers };
    }

    /** Sends a statement, and gives its rows; the only value of one that changes rows is their number. */
    async function query({ url, headers }, sql) {
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
        throw new Error(
          `the server answered with status ${response.status} and no JSON`,
        );
      }
      if (answer.code !== 0) {
        throw new Error(`[0x${Number(answer.code).toString(16)}] ${answer.desc}`);
      }
      return answer.data;
    }

    /** Where the server is, as a URL that ends in a slash. */
    function address() {
      if (env("TDENGINE_CLOUD_URL")) {
        return cloudAddress();
      }
      const host = env("TAOS_HOST", "localhost").replace(/^\[|\]$/g, "");
      const scheme = isOn("TAOS_TLS") ? "https" : "http";
      if (isOn("TAOS_TLS")) {
        trust(env("TAOS_CA_FILE"));
      }
      return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${env("TAOS_PORT", "6041")}/`;
    }

    function cloudAddress() {
      const cloud = env("TDENGINE_CLOUD_URL");
      if (!/^https?:[/][/]./.test(cloud)) {
        throw new Error(
          "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com",
        );
      }
      return new URL("/", cloud).href;
    }

    function cloudToken() {
      const token = env("TDENGINE_CLOUD_TOKEN");
      if (!token) {
        throw new Error(
          "TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not",
        );
      }
      return token;
    }

    /** Trusts the authorities of a PEM file beside those of Node.js; an empty name gives none. */
    function trust(file) {
      if (!file) {
        return;
      }
      if (!tls.setDefaultCACertificates) {
        throw new Error(
          "TAOS_CA_FILE needs Node.js 22.19 or later: set NODE_EXTRA_CA_CERTS to that file instead",
        );
      }
      tls.setDefaultCACertificates([
        ...tls.getCACertificates(),
        readFileSync(file, "utf8"),
      ]);
    }

    /** Tells whether the environment variable is set to anything but 0. */
    const isOn = (name) => env(name, "0") !== "0";

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function oneLine(failure) {
      const cause =
        failure.cause?.message || failure.cause?.code || failure.message || failure;
      let text = String(cause).replace(/\s+/g, " ").trim();
      const secrets = [env("TDENGINE_CLOUD_TOKEN")].filter(Boolean);
      for (const secret of secrets.flatMap((it) => [
        it,
        encodeURIComponent(it),
        new URLSearchParams({ it }).toString().slice(3),
      ])) {
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
