//! What `init --lang lua` makes of an empty directory: the whole tree over REST, and what it says about the others.

use insta::assert_snapshot;

use crate::init::new::made;
use crate::support::program::TestContext;

#[test]
fn lua_over_rest() {
    assert_snapshot!(made(&["--lang", "lua"]), @r#"
    exit 0
    --- stdout
    created   hello-dev-1.rockspec
    created   main.lua
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
      lua main.lua
    --- stderr
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    === .gitignore
    /lua_modules/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
        lua main.lua

    It needs Lua 5.1 to 5.4 or LuaJIT with LuaSocket and lua-cjson, and LuaSec for TLS.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    LuaRocks compiles these modules into `lua_modules`. On Debian and Ubuntu, `sudo apt install lua-socket lua-cjson lua-sec` has them
    ready, and the first line is not needed. Without LuaSec, `https` ends with `module 'ssl' not found`: `luarocks install --tree lua_modules luasec`.

    In OpenResty, it runs with `content_by_lua_file` and lua-resty-http (`opm get ledgetech/lua-resty-http`); nginx passes on only variables
    that `env TAOS_HOST;` and the like name, and trusts what `lua_ssl_trusted_certificate` names.
    === hello-dev-1.rockspec
    rockspec_format = "3.0"
    package = "hello"
    version = "dev-1"
    source = {
       url = "git+file://.",
    }
    description = {
       summary = "Writes rows to TDengine and reads them back",
       license = "proprietary",
    }
    dependencies = {
       "lua >= 5.1",
       "luasocket >= 3.1.0",
       "lua-cjson >= 2.1.0",
    }
    build = {
       type = "builtin",
       modules = {},
    }
    === main.lua
    -- Writes rows to a supertable of TDengine over REST and reads them back.

    -- Rocks of the project, which `luarocks --tree lua_modules` installs, come before those of the machine.
    local lua = _VERSION:match("%d+%.%d+")
    package.path = ("lua_modules/share/lua/%s/?.lua;lua_modules/share/lua/%s/?/init.lua;"):format(lua, lua) .. package.path
    package.cpath = ("lua_modules/lib/lua/%s/?.so;"):format(lua) .. package.cpath

    -- The module; without it, the program ends with one line.
    local function rock(name)
      local is_there, module = pcall(require, name)
      if is_there then
        return module
      end
      if package.loaded.ngx then
        error(module, 0)
      end
      io.stderr:write("error: " .. module:match("^[^\n]*") .. "\n")
      os.exit(1)
    end

    -- In OpenResty, sockets of LuaSocket would stop every request of the worker.
    local nginx = package.loaded.ngx
    local cjson = rock("cjson")
    local socket = not nginx and rock("socket")
    local http = not nginx and rock("socket.http")
    local ltn12 = not nginx and rock("ltn12")
    local say = nginx and nginx.say or print

    -- How long an answer may take.
    local SECONDS = 30

    -- A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag.
    local READINGS = {
      { table = "example_zurich", place = "Zürich", celsius = 21.5 },
      { table = "example_beijing", place = "北京", celsius = -3.25 },
    }

    -- The environment variable's value, or the fallback where it is unset or empty.
    local function env(name, fallback)
      local value = os.getenv(name)
      if value == nil or value == "" then
        return fallback or ""
      end
      return value
    end

    -- The text with every character encoded that has a meaning in an address.
    local function escape(text)
      return (text:gsub("[^%w%-._~]", function(character)
        return ("%%%02X"):format(character:byte())
      end))
    end

    -- The host and port of TDengine Cloud's gateway, its scheme, and the token.
    local function cloud()
      local scheme, authority = env("TDENGINE_CLOUD_URL"):match("^(https?)://([^/?#@]+)")
      if not scheme then
        error("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com", 0)
      end
      local token = env("TDENGINE_CLOUD_TOKEN")
      if token == "" then
        error("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not", 0)
      end
      return authority, scheme, token
    end

    -- The text as a literal of SQL.
    local function literal(text)
      return "'" .. text:gsub("[\\']", "\\%0") .. "'"
    end

    -- The number as a literal of SQL, which reads back as the same number.
    local function number(value)
      return ("%.17g"):format(value)
    end

    -- The instant, seconds since 1970, in RFC 3339.
    local function rfc3339(seconds)
      return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds)
    end

    -- The file with the authorities to trust: that of TAOS_CA_FILE, else the system's.
    local function authorities()
      local files = {
        env("TAOS_CA_FILE"),
        env("SSL_CERT_FILE"),
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
      }
      for _, path in ipairs(files) do
        local file = path ~= "" and io.open(path)
        if file then
          file:close()
          return path
        end
        if path ~= "" and path == files[1] then
          break
        end
      end
      error("TAOS_CA_FILE is not a file with the certificates of authorities", 0)
    end

    -- Whether the certificate is for the host. LuaSec checks who signed it, and not whom it is for.
    local function is_for(certificate, host)
      local names = (certificate:extensions()["2.5.29.17"]) or {}
      for _, address in ipairs(names.iPAddress or {}) do
        if address == host then
          return true
        end
      end
      for _, name in ipairs(names.dNSName or {}) do
        local wanted = host:lower()
        if name:sub(1, 2) == "*." then
          wanted = wanted:gsub("^[^.]+", "*", 1)
        end
        if name:lower() == wanted then
          return true
        end
      end
      return false
    end

    -- What makes sockets of LuaSocket's HTTP client that use TLS.
    local function tls_sockets()
      local ssl = rock("ssl")
      return function()
        local plain = socket.try(socket.tcp())
        local made = {}
        local function forward(to)
          for _, name in ipairs({ "close", "receive", "send", "settimeout" }) do
            made[name] = function(_, ...)
              return to[name](to, ...)
            end
          end
        end
        forward(plain)
        function made.connect(_, host, port)
          socket.try(plain:connect(host, port))
          local secure = socket.try(ssl.wrap(plain, {
            mode = "client",
            protocol = "any",
            options = { "all", "no_sslv2", "no_sslv3", "no_tlsv1", "no_tlsv1_1" },
            verify = "peer",
            cafile = authorities(),
          }))
          secure:sni(host)
          secure:settimeout(SECONDS)
          forward(secure)
          socket.try(secure:dohandshake())
          if not is_for(secure:getpeercertificate(), host) then
            secure:close()
            socket.try(nil, "the certificate is not for " .. host)
          end
          return 1
        end
        return made
      end
    end

    -- The login in the form of the header Authorization.
    local function authorization()
      local token = env("TAOS_TOKEN")
      if token ~= "" then
        return "Bearer " .. token
      end
      local login = env("TAOS_USER", "root") .. ":" .. env("TAOS_PASSWORD", "taosdata")
      return "Basic " .. (nginx and nginx.encode_base64(login) or require("mime").b64(login))
    end

    -- Prepares requests to the server that the environment names; nothing is sent yet.
    local function connect()
      if env("TDENGINE_CLOUD_URL") ~= "" then
        local authority, scheme, token = cloud()
        return { url = ("%s://%s/rest/sql?token=%s"):format(scheme, authority, escape(token)), headers = {} }
      end
      local host = env("TAOS_HOST", "localhost"):gsub("[%[%]]", "")
      host = host:find(":", 1, true) and "[" .. host .. "]" or host
      local scheme = env("TAOS_TLS", "0") == "0" and "http" or "https"
      return {
        url = ("%s://%s:%s/rest/sql"):format(scheme, host, env("TAOS_PORT", "6041")),
        headers = { authorization = authorization() },
      }
    end

    -- Sends a statement in a worker of nginx, which must not wait; trusts what lua_ssl_trusted_certificate names.
    local function post_in_nginx(connection, sql)
      local client = require("resty.http").new()
      client:set_timeout(SECONDS * 1000)
      local answer, why = client:request_uri(connection.url, {
        method = "POST",
        body = sql,
        headers = connection.headers,
        ssl_verify = true,
      })
      if not answer then
        error("cannot reach the server: " .. why, 0)
      end
      return answer.body, answer.status
    end

    -- Sends a statement; gives the body of the answer, and its status.
    local function post(connection, sql)
      if nginx then
        return post_in_nginx(connection, sql)
      end
      local chunks = {}
      local headers = { ["content-length"] = #sql }
      for name, value in pairs(connection.headers) do
        headers[name] = value
      end
      http.TIMEOUT = SECONDS
      local is_sent, status = http.request({
        url = connection.url,
        method = "POST",
        headers = headers,
        source = ltn12.source.string(sql),
        sink = ltn12.sink.table(chunks),
        create = connection.url:match("^https:") and tls_sockets() or nil,
        redirect = false,
      })
      if not is_sent then
        error("cannot reach the server: " .. tostring(status), 0)
      end
      return table.concat(chunks), status
    end

    -- Sends a statement, and gives its rows by column, and how many rows it changed. A NULL is cjson.null. Numbers are
    -- those of JSON: from 2^53 on, cast a BIGINT to varchar.
    local function query(connection, sql)
      local text, status = post(connection, sql)
      local is_json, answer = pcall(cjson.decode, text)
      if not is_json or type(answer) ~= "table" or not answer.code then
        error(("the server answered with status %s and no JSON"):format(status), 0)
      end
      -- A failed statement has its code in the body, whatever the status is.
      if answer.code ~= 0 then
        error(("[0x%x] %s"):format(answer.code, answer.desc or ""), 0)
      end
      local rows = {}
      for i, values in ipairs(answer.data or {}) do
        rows[i] = {}
        for j, column in ipairs(answer.column_meta) do
          rows[i][column[1]] = values[j]
        end
      end
      return rows, rows[1] and rows[1].affected_rows
    end

    -- A name that no other run has.
    local function unique_name()
      local pointer = tostring({}):match("%x+$") or "0"
      return ("taos_example_%x%s"):format(os.time(), pointer):lower()
    end

    -- Works in the database that TAOS_DB names, or in a new one of the smallest size, which is dropped at the end.
    local function with_database(connection, work)
      local given = env("TAOS_DB")
      if given ~= "" then
        if not given:match("^[%a_][%w_]*$") then
          error("TAOS_DB is not the name of a database", 0)
        end
        return work(given)
      end
      local database = unique_name()
      query(connection, ("create database %s vgroups 1 buffer 3 pages 64"):format(database))
      local works, failure = pcall(work, database)
      local is_dropped, second = pcall(query, connection, "drop database if exists " .. database)
      -- The first failure is the one to tell.
      if not works or not is_dropped then
        error(works and second or failure, 0)
      end
    end

    local function create_supertable(connection, database)
      local columns = "(ts timestamp, celsius double) tags (place varchar(64))"
      query(connection, ("create stable if not exists %s.example_readings %s"):format(database, columns))
    end

    -- Writes the readings, a second apart, and makes the tables of the sensors. The values are a part of the text: quote
    -- what comes from outside with literal().
    local function write(connection, database, start)
      local rows = {}
      for i, reading in ipairs(READINGS) do
        rows[i] = ("%s.%s using %s.example_readings tags (%s) values (%s, %s)"):format(
          database,
          reading.table,
          database,
          literal(reading.place),
          literal(rfc3339(start + i - 1)),
          number(reading.celsius)
        )
      end
      local _, affected = query(connection, "insert into " .. table.concat(rows, " "))
      return affected
    end

    -- Prints the readings from start on, of all tables, and gives their number.
    local function read(connection, database, start)
      local sql = "select ts, celsius, place from %s.example_readings where ts >= %s order by ts"
      local rows = query(connection, sql:format(database, literal(rfc3339(start))))
      for _, row in ipairs(rows) do
        say(("%s  %.14g  %s"):format(row.ts, row.celsius, row.place))
      end
      say(("rows read: %d"):format(#rows))
      return #rows
    end

    local function main()
      local connection = connect()
      say("server version: " .. query(connection, "select server_version()")[1]["server_version()"])
      with_database(connection, function(database)
        create_supertable(connection, database)
        local start = os.time()
        say(("rows written: %d"):format(write(connection, database, start)))
        local found = read(connection, database, start)
        if found ~= #READINGS then
          error(("wrote %d rows and read %d"):format(#READINGS, found), 0)
        end
      end)
    end

    -- The failure's text in one line, without the secrets that an address in it may hold.
    local function one_line(failure)
      local text = tostring(failure)
      for _, secret in ipairs({ env("TDENGINE_CLOUD_TOKEN"), env("TAOS_TOKEN") }) do
        for _, form in ipairs({ secret, escape(secret) }) do
          if form ~= "" then
            text = text:gsub(form:gsub("%p", "%%%0"), "***")
          end
        end
      end
      return (text:gsub("%s+", " "))
    end

    local is_done, failure = pcall(main)
    if not is_done then
      if nginx then
        nginx.status = 500
        return nginx.say("error: " .. one_line(failure))
      end
      io.stderr:write("error: " .. one_line(failure) .. "\n")
      os.exit(1)
    end
    "#);
}

/// What `init` says for a new project, and its rockspec and README; its programs are run in `connectors_lua`.
fn described(arguments: &[&str]) -> String {
    let context = TestContext::new();
    let all = [&["init", "--lang", "lua", "--dir", "hello"], arguments].concat();
    let run = context.program(all).run();
    let folder = context.work().join("hello");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (rockspec, readme) = (text("hello-dev-1.rockspec"), text("README.md"));
    format!("{run}=== rockspec\n{rockspec}=== README.md\n{readme}")
}

#[test]
fn lua_over_websocket() {
    assert_snapshot!(described(&["--transport", "ws", "--example", "stmt"]), @r#"
    exit 0
    --- stdout
    created   hello-dev-1.rockspec
    created   main.lua
    created   README.md
    created   .gitignore
    created   stmt.lua

    Build it and run it:
      cd hello
      luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
      lua main.lua
      lua stmt.lua
    --- stderr
    note: no server given; http 0.4 works with servers from 3.2.2.0 on
    note: lua-http runs on Lua 5.1 to 5.3; on Lua 5.4, use REST
    === rockspec
    rockspec_format = "3.0"
    package = "hello"
    version = "dev-1"
    source = {
       url = "git+file://.",
    }
    description = {
       summary = "Writes rows to TDengine and reads them back",
       license = "proprietary",
    }
    dependencies = {
       "lua >= 5.1, < 5.4",
       "http >= 0.4",
       "lua-cjson >= 2.1.0",
    }
    build = {
       type = "builtin",
       modules = {},
    }
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

    - stmt: writes a batch of rows for several tables with one bound statement

        luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
        lua main.lua
        lua stmt.lua

    It needs Lua 5.1 to 5.3 with lua-http and lua-cjson.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    LuaRocks compiles these modules into `lua_modules`. On Debian and Ubuntu, `sudo apt install lua-http lua-cjson` has them ready, and
    the first line is not needed; Lua 5.3 of Debian 12 then says `module 'basexx' not found` unless it also looks into the directory of 5.1:

        LUA_PATH=";;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua" lua5.3 main.lua
    "#);
}

#[test]
fn lua_native() {
    assert_snapshot!(described(&["--transport", "native"]), @r#"
    exit 0
    --- stdout
    created   hello-dev-1.rockspec
    created   main.lua
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      taos-setup run -- lua main.lua
    --- stderr
    note: luaconnector is a C file of TDengine's repository (AGPL-3.0), which each machine compiles; README.md and docs/lua.md have the lines
    note: luaconnector shows the largest unsigned numbers as negative ones, and leaves VARBINARY, DECIMAL, and BLOB out without an error
    === rockspec
    rockspec_format = "3.0"
    package = "hello"
    version = "dev-1"
    source = {
       url = "git+file://.",
    }
    description = {
       summary = "Writes rows to TDengine and reads them back",
       license = "proprietary",
    }
    dependencies = {
       "lua >= 5.1",
    }
    build = {
       type = "builtin",
       modules = {},
    }
    === README.md
    # hello

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        taos-setup run -- lua main.lua

    It needs the client library (`taos-setup install`) of the server's version and luaconnector.so, which this machine compiles.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    The connector is one file of C in TDengine's repository (AGPL-3.0), which no rock has: `examples/lua/lua_connector.c` for Lua 5.3 and 5.4,
    `examples/lua/lua51/lua_connector51.c` for LuaJIT and OpenResty. Plain Lua 5.1 cannot load either. These lines fetch it and compile it
    for Lua 5.4 and the installed client (Debian and Ubuntu: `apt install gcc pkg-config liblua5.4-dev`):

        curl -LO https://raw.githubusercontent.com/taosdata/TDengine/main/examples/lua/lua_connector.c
        taos-setup run -- sh -c 'gcc -std=c99 -fPIC -shared lua_connector.c -o luaconnector.so $(pkg-config --cflags --libs taos lua5.4)'

    `taos-setup init --lang lua --transport native --build DIRECTORY` does the same for the Lua that `lua` starts.
    A module for another version of Lua ends with `version mismatch`: put that version in the place of `lua5.4`.
    "#);
}

#[test]
fn lua_for_cloud() {
    assert_snapshot!(described(&["--cloud"]), @r#"
    exit 0
    --- stdout
    created   hello-dev-1.rockspec
    created   main.lua
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
      lua main.lua
    --- stderr
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    === rockspec
    rockspec_format = "3.0"
    package = "hello"
    version = "dev-1"
    source = {
       url = "git+file://.",
    }
    description = {
       summary = "Writes rows to TDengine and reads them back",
       license = "proprietary",
    }
    dependencies = {
       "lua >= 5.1",
       "luasocket >= 3.1.0",
       "lua-cjson >= 2.1.0",
       "luasec >= 1.2.0",
    }
    build = {
       type = "builtin",
       modules = {},
    }
    === README.md
    # hello

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        luarocks make --only-deps --tree lua_modules hello-dev-1.rockspec
        lua main.lua

    It needs Lua 5.1 to 5.4 or LuaJIT with LuaSocket and lua-cjson, and LuaSec for TLS.
    It connects to TDengine Cloud: `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` must be set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1.

    LuaRocks compiles these modules into `lua_modules`. On Debian and Ubuntu, `sudo apt install lua-socket lua-cjson lua-sec` has them
    ready, and the first line is not needed. Without LuaSec, `https` ends with `module 'ssl' not found`: `luarocks install --tree lua_modules luasec`.

    In OpenResty, it runs with `content_by_lua_file` and lua-resty-http (`opm get ledgetech/lua-resty-http`); nginx passes on only variables
    that `env TAOS_HOST;` and the like name, and trusts what `lua_ssl_trusted_certificate` names.
    "#);
}
