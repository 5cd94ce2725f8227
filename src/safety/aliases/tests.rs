use proptest::prelude::*;

use super::Aliases;

fn example() -> Aliases {
    let aliases = Aliases::default();
    aliases.add_host("db.prod.example");
    aliases.add_host("10.1.0.7");
    aliases.add_host("td1");
    aliases.add_user("alice");
    aliases.add_user("o'brien");
    aliases.add_home("/home/alice/");
    aliases
}

#[test]
fn names_get_aliases_by_kind() {
    let aliases = example();
    for (text, hidden) in [
        ("db.prod.example:6041 refused", "host-1:6041 refused"),
        (
            "http://DB.prod.EXAMPLE:6041/rest",
            "http://host-1:6041/rest",
        ),
        (
            "10.1.0.7, 127.0.0.1, [::1]:6041",
            "private-1, loopback-2, [loopback-1]:6041",
        ),
        (
            "fe80::1, fd00::7 and 2001:db8::7.",
            "link-local-1, private-2 and public-1.",
        ),
        (
            "user alice (o'brien) in /home/alice/lib/libtaos.so",
            "user user-1 (user-2) in home-1/lib/libtaos.so",
        ),
        ("*.db.prod.example, .corp.example", "*.host-1, .host-3"),
        (
            "'ADDRESS_OF_td1 td1' and ADDRESS_OF_db.prod.example",
            "'ADDRESS_OF_host-2 host-2' and ADDRESS_OF_host-1",
        ),
        ("10.1.0.7-10.1.0.9", "private-1-private-3"),
        (
            "http://portal/login at gate.corp.example",
            "http://host-4/login at host-5",
        ),
        ("td1.internal.example is not td1", "host-6 is not host-2"),
    ] {
        assert_eq!(aliases.hide(text), hidden);
    }
}

#[test]
fn other_words_stay() {
    let aliases = example();
    for text in [
        "server 3.3.7.5, client 3.2.2.2, libtaos.so.3.3.7.5",
        "taos.cfg has no firstEp; information_schema.ins_dnodes",
        "'IP.OF.DNODE td' >> /etc/hosts",
        "0.0.0.0:6041 and [::]:6041 at 12:00:05, 250 ms, 1.5 s",
        "std::net, 50%, e.g. x",
        "host-1, user-2 and private-1",
        "malice, alice_backup",
        "服务端没有应答",
    ] {
        assert_eq!(aliases.hide(text), text);
    }
}

#[test]
fn number_of_aliases_is_bounded() {
    let aliases = Aliases::default();
    for number in 0..5000 {
        aliases.add_host(&format!("h{number}.example"));
    }
    assert_eq!(
        aliases.hide("h0.example h4999.example other.example"),
        "host-1 name-x name-x"
    );
}

/// A name of a host as people have them, an address, or the name of a user.
fn original() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9]{3,12}(-[a-z0-9]{1,5})?(\\.[a-z][a-z0-9-]{0,6}[a-z0-9]){0,3}\\.[a-z]{4,6}",
        "[a-z][a-z0-9]{4,12}",
        any::<[u8; 4]>().prop_map(|parts| std::net::Ipv4Addr::from(parts).to_string()),
        any::<[u16; 8]>().prop_map(|parts| std::net::Ipv6Addr::from(parts).to_string()),
        "[a-z]{3,6}[@' $][a-z]{3,6}",
        "[数据库节点]{2,4}",
    ]
}

proptest! {
    #[test]
    fn no_original_survives(
        originals in prop::collection::vec(original(), 1..6),
        around in prop::collection::vec("[ ,;/@'\"()\\[\\]=，。]", 1..8),
        lengths in any::<prop::sample::Index>(),
    ) {
        let aliases = Aliases::default();
        for (at, name) in originals.iter().enumerate() {
            if at % 2 == 0 { aliases.add_host(name) } else { aliases.add_user(name) }
        }
        let mut text = String::from("from ");
        for (at, name) in originals.iter().enumerate() {
            let around = &around[(at + lengths.index(around.len())) % around.len()];
            text.push_str(&format!("{around}{name}{around}:6041 3.3.7.5 taos.cfg {around}"));
        }
        let hidden = aliases.hide(&text);
        for name in &originals {
            // An alias may hold a short name by accident: `user` in `user-1`.
            let words = hidden.split(|c: char| !(c.is_alphanumeric() || "-._@' $:".contains(c)));
            prop_assert!(words.into_iter().all(|word| word.trim_matches([':', '\'', '@', ' ', '.']) != name.as_str()), "{name:?} in {hidden:?}");
            if name.contains(['.', ':', '@', '\'', '$', '数', '据', '库', '节', '点']) {
                prop_assert!(!hidden.contains(name.as_str()), "{name:?} in {hidden:?}");
            }
        }
        prop_assert!(hidden.contains("3.3.7.5") || originals.iter().any(|name| name == "3.3.7.5"));
        prop_assert!(hidden.contains("taos.cfg"));
        // A second pass changes nothing.
        prop_assert_eq!(aliases.hide(&hidden), hidden);
    }

    #[test]
    fn any_text_is_taken(name in ".*", text in ".*") {
        let aliases = Aliases::default();
        aliases.add_host(&name);
        aliases.add_user(&text);
        let _ = aliases.hide(&text);
    }
}

#[test]
fn public_names_stay_unless_they_are_a_user() {
    let aliases = Aliases::default();
    aliases.add_user("taos");
    aliases.add_public("github.com/taosdata/driver-go/v3");
    aliases.add_public("taos");
    let text = "github.com/taosdata/driver-go from proxy.corp.example as taos";
    assert_eq!(
        aliases.hide(text),
        "github.com/taosdata/driver-go from host-1 as user-1"
    );
}
