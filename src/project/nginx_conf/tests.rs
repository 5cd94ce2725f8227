use proptest::prelude::*;

use super::*;

fn read(source: &str) -> Vec<(usize, String)> {
    let directives = directives(source).into_iter();
    directives
        .map(|it| (it.line, [&[it.name][..], &it.words].concat().join(" ")))
        .collect()
}

#[test]
fn directives_are_read_with_their_lines() {
    let source = "\u{feff}worker_processes 1; # c; {\r\nenv A=\"b;c\";\nhttp {\n  map $h $u { default 'x}y'; ~^a\\;b \"q\\\"r\"; }\n\n  log_format m ${remote}x;\n}\n";
    let expected = [(1, "worker_processes 1"), (2, "env A=\"b")];
    // A quote within a word is a sign of it, as nginx reads it.
    assert_eq!(
        read(source)[..2],
        expected.map(|(line, it)| (line, it.to_owned()))
    );
    let found = read(
        "http {\n  map $h $u { default 'x}y'; ~^a\\;b \"q\\\"r\"; }\n\n  log_format m ${remote}x;\n}\n",
    );
    let expected = [
        (1, "http"),
        (2, "map $h $u"),
        (2, "default x}y"),
        (2, "~^a\\;b q\"r"),
        (4, "log_format m ${remote}x"),
    ];
    assert_eq!(found, expected.map(|(line, it)| (line, it.to_owned())));
}

#[test]
fn code_of_lua_is_no_directive() {
    let code = "local t = { a = '}' } -- }\n--[[ }\n} ]] local s = [==[ } ]] ]==]\nlocal u = t[1] --[x }\nif \"}\" then resolver = 1; end";
    let source =
        format!("location / {{\n content_by_lua_block {{\n{code}\n}}\n resolver 1.1.1.1;\n}}\n");
    let expected = [
        (1, "location /"),
        (2, "content_by_lua_block"),
        (9, "resolver 1.1.1.1"),
    ];
    assert_eq!(
        read(&source),
        expected.map(|(line, it)| (line, it.to_owned()))
    );
    let old = "content_by_lua 'ngx.say(\"a;b\")';\nresolver local=on;";
    assert_eq!(read(old)[1], (2, "resolver local=on".to_owned()));
}

proptest! {
    #[test]
    fn any_text_is_read(source in "(content_by_lua_block \\{|[-\\[\\]={}\"'#;\\\\$ \\na-c\u{e9}]){0,60}") {
        let lines = source.matches('\n').count() + 1;
        prop_assert!(directives(&source).iter().all(|it| it.line <= lines));
    }
}
