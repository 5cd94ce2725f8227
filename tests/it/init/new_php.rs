//! The whole trees that `init --lang php` makes, what it says, and how it treats composer.lock.

use insta::assert_snapshot;

use crate::init::new::made;
use crate::support::program::TestContext;

#[test]
fn php_over_rest() {
    assert_snapshot!(made(&["--lang", "php"]), @r#"
    exit 0
    --- stdout
    created   composer.json
    created   main.php
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      php main.php
    --- stderr
    === .gitignore
    /vendor/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        php main.php

    It needs PHP 7.4 or later, and no extension.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata), or with the token
    `TAOS_TOKEN` (TDengine 3.4); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === composer.json
    {
        "name": "example/hello",
        "description": "Writes rows to TDengine and reads them back",
        "type": "project",
        "license": "proprietary",
        "require": {
            "php": ">=7.4"
        }
    }
    === main.php
    <?php

    /** Writes rows to a supertable of TDengine over REST and reads them back. */

    declare(strict_types=1);

    /** A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    const READINGS = [
        ['table' => 'example_zurich', 'place' => 'Zürich', 'celsius' => 21.5],
        ['table' => 'example_beijing', 'place' => '北京', 'celsius' => -3.25],
    ];

    function main(): void
    {
        $connection = connect();
        [$version] = query($connection, 'select server_version()')[0];
        echo "server version: {$version}\n";
        with_database($connection, function (string $database) use ($connection): void {
            query(
                $connection,
                "create stable if not exists {$database}.example_readings "
                . '(ts timestamp, celsius double) tags (place varchar(64))'
            );
            $start = new DateTimeImmutable(gmdate('Y-m-d\TH:i:s\Z'));
            echo 'rows written: ', write($connection, $database, $start), "\n";
            $found = read($connection, $database, $start);
            if ($found !== count(READINGS)) {
                throw new RuntimeException('wrote ' . count(READINGS) . " rows and read {$found}");
            }
        });
    }

    /**
     * Writes the readings, a second apart, and makes the tables of the sensors. The values are a part of the text: quote what comes from
     * outside with literal().
     *
     * @param array{url: string, headers: list<string>} $connection
     */
    function write($connection, string $database, DateTimeImmutable $start): int
    {
        $rows = [];
        foreach (READINGS as $seconds => $reading) {
            $instant = $start->modify("+{$seconds} seconds")->format(DATE_RFC3339);
            $rows[] = "{$database}.{$reading['table']} using {$database}.example_readings "
                . 'tags (' . literal($reading['place']) . ') '
                . 'values (' . literal($instant) . ', ' . json_encode($reading['celsius']) . ')';
        }
        return query($connection, 'insert into ' . implode(' ', $rows))[0][0];
    }

    /** The text as a literal of SQL. */
    function literal(string $text): string
    {
        return "'" . addcslashes($text, "\\'") . "'";
    }

    /**
     * Prints the readings from $start on, of all tables, and gives their number.
     *
     * @param array{url: string, headers: list<string>} $connection
     */
    function read($connection, string $database, DateTimeImmutable $start): int
    {
        $rows = query(
            $connection,
            "select ts, celsius, place from {$database}.example_readings "
            . 'where ts >= ' . literal($start->format(DATE_RFC3339)) . ' order by ts'
        );
        foreach ($rows as [$instant, $celsius, $place]) {
            $utc = (new DateTimeImmutable($instant))->setTimezone(new DateTimeZone('UTC'));
            echo $utc->format('Y-m-d\TH:i:s.v\Z'), "  {$celsius}  {$place}\n";
        }
        echo 'rows read: ', count($rows), "\n";
        return count($rows);
    }

    /**
     * Works in the database that TAOS_DB names, or in a new one of the smallest size, which is dropped at the end.
     *
     * @param array{url: string, headers: list<string>} $connection
     */
    function with_database($connection, callable $work): void
    {
        $given = env('TAOS_DB');
        if ($given !== '') {
            if (!preg_match('/^[A-Za-z_][A-Za-z0-9_]*$/D', $given)) {
                throw new RuntimeException('TAOS_DB is not the name of a database');
            }
            $work($given);
            return;
        }
        $database = 'taos_example_' . bin2hex(random_bytes(8));
        query($connection, "create database {$database} vgroups 1 buffer 3 pages 64");
        try {
            $work($database);
        } catch (Throwable $failure) {
            try {
                query($connection, "drop database if exists {$database}");
            } catch (Throwable $second) {
                // The first failure is the one to tell.
            }
            throw $failure;
        }
        query($connection, "drop database if exists {$database}");
    }

    /**
     * Prepares requests to the server that the environment names; nothing is sent yet.
     *
     * @return array{url: string, headers: list<string>}
     */
    function connect(): array
    {
        if (env('TDENGINE_CLOUD_URL') !== '') {
            [$address, $token] = cloud();
            return ['url' => "{$address}/rest/sql?token=" . rawurlencode($token), 'headers' => []];
        }
        $host = trim(env('TAOS_HOST', 'localhost'), '[]');
        $host = strpos($host, ':') === false ? $host : "[{$host}]";
        $scheme = env('TAOS_TLS', '0') === '0' ? 'http' : 'https';
        $login = env('TAOS_USER', 'root') . ':' . env('TAOS_PASSWORD', 'taosdata');
        $token = env('TAOS_TOKEN');
        $authorization = $token === '' ? 'Basic ' . base64_encode($login) : "Bearer {$token}";
        return [
            'url' => "{$scheme}://{$host}:" . env('TAOS_PORT', '6041') . '/rest/sql',
            'headers' => ["Authorization: {$authorization}"],
        ];
    }

    /**
     * The address of TDengine Cloud's gateway, and the token.
     *
     * @return array{string, string}
     */
    function cloud(): array
    {
        $url = parse_url(env('TDENGINE_CLOUD_URL'));
        if (!is_array($url) || !in_array($url['scheme'] ?? '', ['http', 'https'], true) || !isset($url['host'])) {
            throw new RuntimeException('TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com');
        }
        $token = env('TDENGINE_CLOUD_TOKEN');
        if ($token === '') {
            throw new RuntimeException('TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not');
        }
        $port = isset($url['port']) ? ":{$url['port']}" : '';
        return ["{$url['scheme']}://{$url['host']}{$port}", $token];
    }

    /**
     * Sends a statement, and gives its rows; the only value of one that changes rows is their number.
     *
     * @param array{url: string, headers: list<string>} $connection
     * @return list<list<mixed>>
     */
    function query(array $connection, string $sql): array
    {
        // Servers answer a failed statement with a code in the body, also with an HTTP status of an error.
        $http = [
            'method' => 'POST',
            'header' => array_merge($connection['headers'], ['Content-Type: text/plain; charset=utf-8']),
            'content' => $sql,
            'ignore_errors' => true,
            'follow_location' => 0,
            'timeout' => 30,
        ];
        $tls = array_filter(['cafile' => env('TAOS_CA_FILE')]);
        $stream = fopen($connection['url'], 'r', false, stream_context_create(['http' => $http, 'ssl' => $tls]));
        if ($stream === false) {
            throw new RuntimeException('the server cannot be reached');
        }
        $text = stream_get_contents($stream);
        $status = stream_get_meta_data($stream)['wrapper_data'][0] ?? '';
        fclose($stream);
        $answer = json_decode((string) $text, true, 512, JSON_BIGINT_AS_STRING);
        if (!is_array($answer) || !isset($answer['code'])) {
            throw new RuntimeException("the server answered {$status} and no JSON");
        }
        if ($answer['code'] !== 0) {
            throw new RuntimeException(sprintf('[0x%x] %s', $answer['code'], $answer['desc'] ?? ''));
        }
        return $answer['data'] ?? [];
    }

    /** The environment variable's value, or $fallback where it is unset or empty. */
    function env(string $name, string $fallback = ''): string
    {
        $value = getenv($name);
        return $value === false || $value === '' ? $fallback : $value;
    }

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function one_line(Throwable $failure): string
    {
        $text = preg_replace('/^\w+\([^)]*\): /', '', $failure->getMessage());
        foreach ([env('TDENGINE_CLOUD_TOKEN'), env('TAOS_TOKEN')] as $secret) {
            $text = $secret === '' ? $text : str_replace([$secret, rawurlencode($secret)], '***', $text);
        }
        return trim(preg_replace('/\s+/', ' ', $text));
    }

    if (PHP_SAPI !== 'cli') {
        exit(1); // not for a web server's visitors
    }
    // Warnings of PHP, such as those of a refused connection, are failures.
    set_error_handler(static function (int $level, string $message): bool {
        throw new ErrorException($message, 0, $level);
    });
    try {
        main();
    } catch (Throwable $failure) {
        fwrite(STDERR, 'error: ' . one_line($failure) . "\n");
        exit(1);
    }
    "#);
}

#[test]
fn php_native() {
    assert_snapshot!(made(&["--lang", "php", "--transport", "native"]), @r#"
    exit 0
    --- stdout
    created   composer.json
    created   main.php
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      taos-setup run -- php --ri tdengine
      taos-setup run -- php main.php
    --- stderr
    note: no server given; ext-tdengine 1.0.6 works with servers from 3.0.0.0 on
    note: Composer checks the extension tdengine and does not install it; README.md and docs/php.md have the lines that build it
    note: the extension shows BIGINT UNSIGNED from 9223372036854775808 on as negative numbers, and does not read VARBINARY, GEOMETRY, DECIMAL, and BLOB
    === .gitignore
    /vendor/
    /php-extensions/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        taos-setup run -- php --ri tdengine
        taos-setup run -- php main.php

    It needs the client library (`taos-setup install`) of the server's version and the extension tdengine of PHP.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    Composer checks the extension and does not install it. These lines build it for the PHP that `phpize` belongs to (Debian and Ubuntu:
    `apt install php-dev pkg-config g++ git`) and for the installed client:

        git clone --branch v1.0.6 --depth 1 https://github.com/Yurunsoft/php-tdengine.git
        cd php-tdengine
        phpize
        ./configure --with-tdengine-dir="$(taos-setup run -- pkg-config --variable=prefix taos)"
        make
        sudo make install

    `taos-setup init --lang php --transport native --build DIRECTORY` runs the same lines on a copy of that source, without root, and puts
    the extension into `php-extensions` of this project.

    Then enable it for every kind of PHP that runs the program. On Debian and Ubuntu, this is for the command line, FPM, and Apache:

        printf 'extension=tdengine\n' | sudo tee "/etc/php/$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')/mods-available/tdengine.ini"
        sudo phpenmod tdengine

    Elsewhere, `php --ini` shows the files of the command line; FPM and Apache have their own. Restart FPM or Apache afterwards, and after
    every upgrade of the client.
    === composer.json
    {
        "name": "example/hello",
        "description": "Writes rows to TDengine and reads them back",
        "type": "project",
        "license": "proprietary",
        "require": {
            "php": ">=7.4",
            "ext-tdengine": "*"
        }
    }
    === main.php
    <?php

    /** Writes rows to a supertable of TDengine over the native connection and reads them back. */

    declare(strict_types=1);

    use TDengine\Connection;

    /** A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag. */
    const READINGS = [
        ['table' => 'example_zurich', 'place' => 'Zürich', 'celsius' => 21.5],
        ['table' => 'example_beijing', 'place' => '北京', 'celsius' => -3.25],
    ];

    function main(): void
    {
        $connection = connect();
        [$version] = query($connection, 'select server_version()')[0];
        echo "server version: {$version}\n";
        with_database($connection, function (string $database) use ($connection): void {
            query(
                $connection,
                "create stable if not exists {$database}.example_readings "
                . '(ts timestamp, celsius double) tags (place varchar(64))'
            );
            $start = new DateTimeImmutable(gmdate('Y-m-d\TH:i:s\Z'));
            echo 'rows written: ', write($connection, $database, $start), "\n";
            $found = read($connection, $database, $start);
            if ($found !== count(READINGS)) {
                throw new RuntimeException('wrote ' . count(READINGS) . " rows and read {$found}");
            }
        });
        $connection->close();
    }

    /**
     * Writes the readings, a second apart, and makes the tables of the sensors. The values are a part of the text: quote what comes from
     * outside with literal().
     *
     * @param Connection $connection
     */
    function write($connection, string $database, DateTimeImmutable $start): int
    {
        $rows = [];
        foreach (READINGS as $seconds => $reading) {
            $instant = $start->modify("+{$seconds} seconds")->format(DATE_RFC3339);
            $rows[] = "{$database}.{$reading['table']} using {$database}.example_readings "
                . 'tags (' . literal($reading['place']) . ') '
                . 'values (' . literal($instant) . ', ' . json_encode($reading['celsius']) . ')';
        }
        return $connection->query('insert into ' . implode(' ', $rows))->affectedRows();
    }

    /** The text as a literal of SQL. */
    function literal(string $text): string
    {
        return "'" . addcslashes($text, "\\'") . "'";
    }

    /**
     * Prints the readings from $start on, of all tables, and gives their number.
     *
     * @param Connection $connection
     */
    function read($connection, string $database, DateTimeImmutable $start): int
    {
        $rows = query(
            $connection,
            "select to_iso8601(ts), celsius, place from {$database}.example_readings "
            . 'where ts >= ' . literal($start->format(DATE_RFC3339)) . ' order by ts'
        );
        foreach ($rows as [$instant, $celsius, $place]) {
            $utc = (new DateTimeImmutable($instant))->setTimezone(new DateTimeZone('UTC'));
            echo $utc->format('Y-m-d\TH:i:s.v\Z'), "  {$celsius}  {$place}\n";
        }
        echo 'rows read: ', count($rows), "\n";
        return count($rows);
    }

    /**
     * Works in the database that TAOS_DB names, or in a new one of the smallest size, which is dropped at the end.
     *
     * @param Connection $connection
     */
    function with_database($connection, callable $work): void
    {
        $given = env('TAOS_DB');
        if ($given !== '') {
            if (!preg_match('/^[A-Za-z_][A-Za-z0-9_]*$/D', $given)) {
                throw new RuntimeException('TAOS_DB is not the name of a database');
            }
            $work($given);
            return;
        }
        $database = 'taos_example_' . bin2hex(random_bytes(8));
        query($connection, "create database {$database} vgroups 1 buffer 3 pages 64");
        try {
            $work($database);
        } catch (Throwable $failure) {
            try {
                query($connection, "drop database if exists {$database}");
            } catch (Throwable $second) {
                // The first failure is the one to tell.
            }
            throw $failure;
        }
        query($connection, "drop database if exists {$database}");
    }

    /** Connects to the server that the environment names. */
    function connect(): Connection
    {
        if (!extension_loaded('tdengine')) {
            throw new RuntimeException('PHP has no extension tdengine, or did not load it: see php --ini and php -m');
        }
        if (env('TDENGINE_CLOUD_URL') !== '') {
            throw new RuntimeException('TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL');
        }
        if (env('TAOS_TOKEN') !== '') {
            throw new RuntimeException('the extension tdengine takes no token: unset TAOS_TOKEN');
        }
        if (env('TAOS_TLS', '0') !== '0') {
            throw new RuntimeException('the client reads enableTLS from taos.cfg: unset TAOS_TLS');
        }
        $connection = new Connection(
            env('TAOS_HOST', 'localhost'),
            (int) env('TAOS_PORT', '6030'),
            env('TAOS_USER', 'root'),
            env('TAOS_PASSWORD', 'taosdata')
        );
        $connection->connect();
        return $connection;
    }

    /**
     * Runs a statement, and gives its rows. Statements that change rows have none. Prepared queries are avoided: the extension frees their
     * memory twice.
     *
     * @return list<list<mixed>>
     */
    function query(Connection $connection, string $sql): array
    {
        $resource = $connection->query($sql);
        return $resource->getFieldCount() === 0 ? [] : array_map('array_values', $resource->fetch());
    }

    /** The environment variable's value, or $fallback where it is unset or empty. */
    function env(string $name, string $fallback = ''): string
    {
        $value = getenv($name);
        return $value === false || $value === '' ? $fallback : $value;
    }

    /** The failure's text in one line, without the secrets that an address in it may hold. */
    function one_line(Throwable $failure): string
    {
        $text = preg_replace('/^\w+\([^)]*\): /', '', $failure->getMessage());
        // The extension gives the server's code as a signed number, and 0 where the client library is incomplete.
        if ($failure instanceof TDengine\Exception\TDengineException) {
            $text = sprintf('[0x%x] %s', $failure->getCode() & 0xffff, $text);
        }
        return trim(preg_replace('/\s+/', ' ', $text));
    }

    if (PHP_SAPI !== 'cli') {
        exit(1); // not for a web server's visitors
    }
    // Warnings of PHP, such as those of a refused connection, are failures.
    set_error_handler(static function (int $level, string $message): bool {
        throw new ErrorException($message, 0, $level);
    });
    try {
        main();
    } catch (Throwable $failure) {
        fwrite(STDERR, 'error: ' . one_line($failure) . "\n");
        exit(1);
    }
    "#);
}

#[test]
fn php_has_no_websocket() {
    let context = TestContext::new();
    let run = context
        .program(["init", "--lang", "php", "--transport", "ws"])
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up PHP over WebSocket
      no WebSocket connector for PHP is published; REST uses the same port
      next: taos-setup init --lang php --transport rest
      next: taos-setup init --lang php --transport native
    ");
}

#[test]
fn stale_lock_file_is_reported() {
    let context = TestContext::new();
    let manifest = "{\n    \"require\": {\n        \"php\": \">=8.1\"\n    }\n}\n";
    std::fs::write(context.work().join("composer.json"), manifest).unwrap();
    let lock = "{\n    \"content-hash\": \"0\",\n    \"packages\": [],\n    \"platform\": {\n        \"php\": \">=8.1\"\n    }\n}\n";
    std::fs::write(context.work().join("composer.lock"), lock).unwrap();
    let arguments = ["init", "--transport", "native"];
    assert_snapshot!(context.program(arguments).run(), @"
    exit 0
    --- stdout
    edited    composer.json

    Build it:
      taos-setup run -- php --ri tdengine
    --- stderr
    note: composer.lock no longer matches; refresh it: composer update --lock --ignore-platform-req=ext-tdengine
    note: no server given; ext-tdengine 1.0.6 works with servers from 3.0.0.0 on
    note: Composer checks the extension tdengine and does not install it; README.md and docs/php.md have the lines that build it
    note: the extension shows BIGINT UNSIGNED from 9223372036854775808 on as negative numbers, and does not read VARBINARY, GEOMETRY, DECIMAL, and BLOB
    ");
    let unchanged = std::fs::read_to_string(context.work().join("composer.lock")).unwrap();
    assert_eq!(unchanged, lock);
    assert_snapshot!(context.program(["init", "--transport", "native", "--check"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    note: the project is unchanged, but a lock file is stale; init --lock refreshes it
    note: composer.lock no longer matches; refresh it: composer update --lock --ignore-platform-req=ext-tdengine
    note: no server given; ext-tdengine 1.0.6 works with servers from 3.0.0.0 on
    note: Composer checks the extension tdengine and does not install it; README.md and docs/php.md have the lines that build it
    note: the extension shows BIGINT UNSIGNED from 9223372036854775808 on as negative numbers, and does not read VARBINARY, GEOMETRY, DECIMAL, and BLOB
    ");
    // As Composer writes it.
    let fresh = lock.replace(
        "\">=8.1\"\n",
        "\">=8.1\",\n        \"ext-tdengine\": \"*\"\n",
    );
    std::fs::write(context.work().join("composer.lock"), fresh).unwrap();
    let run = context
        .program(["init", "--transport", "native", "--check"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
}

#[test]
fn chinese() {
    let context = TestContext::new();
    let manifest = "{\"config\": {\"platform\": {\"ext-tdengine\": \"1.0.5\"}}}\n";
    std::fs::write(context.work().join("composer.json"), manifest).unwrap();
    let run = context
        .program(["init", "--transport", "native"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    已修改 composer.json

    构建：
      taos-setup run -- php --ri tdengine
    --- stderr
    提示：未指定服务端；ext-tdengine 1.0.6 适用于 3.0.0.0 或更高版本的服务端
    提示：Composer 只检查 tdengine 扩展是否存在，不会安装它；编译命令见 README.md 和 docs/php.md
    提示：该扩展把 9223372036854775808 及以上的 BIGINT UNSIGNED 读成负数，且不能读取 VARBINARY、GEOMETRY、DECIMAL 和 BLOB
    提示：composer.json:1 在 config.platform 中声明了 ext-tdengine，因此 Composer 不会检查 PHP 是否装有该扩展
    ");
}
