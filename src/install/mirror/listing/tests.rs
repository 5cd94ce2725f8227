use super::*;

/// The names that the page `text` at `page` has for the mirror at `base`.
fn read(text: &str, page: &str, base: &str) -> Listing {
    let catalog = Clients::builtin().unwrap();
    let (page, base) = (page.parse().unwrap(), base.parse().unwrap());
    parse(text.as_bytes(), &page, &base, catalog)
}

fn names(set: &BTreeSet<String>) -> Vec<&str> {
    set.iter().map(String::as_str).collect()
}

const FILE: &str = "TDengine-client-3.2.2.2-Linux-x64.tar.gz";
const BASE: &str = "https://mirror.example/td/";

#[test]
fn listings_of_all_servers_are_read() {
    let pages = [
        // nginx shortens the text, never the address.
        format!(
            "<a href=\"../\">../</a>\n<a href=\"{FILE}\">TDengine-client-3.2.2.2-Linux-x64.ta..&gt;</a>  06-Jan-2024 10:00  1234"
        ),
        format!(
            "<tr><td><a href=\"{FILE}\">{FILE}</a></td><td align=\"right\">2024-01-06</td></tr><a href=\"?C=N;O=D\">Name</a>"
        ),
        format!(
            "<li><a href=\"{}\">{FILE}</a></li>",
            FILE.replace('-', "%2D")
        ),
        format!("<td><a href=\"https://nexus.internal:8443/td/{FILE}\">{FILE}</a></td>"),
        format!("<pre><a href=\"{FILE}\">{FILE}</a>  06-Jan-2024 10:00  1.2 MB</pre>"),
        format!("{}  {FILE}\n", "a".repeat(64)),
        format!("{} *./{FILE}\n", "a".repeat(64)),
        format!("{{\"files\": [{{\"name\": \"{FILE}\", \"size\": 3}}]}}"),
        format!("{{\"children\":[{{\"uri\":\"\\/td\\/{FILE}\",\"folder\":false}}]}}"),
        format!("<ListBucketResult><Contents><Key>{FILE}</Key></Contents></ListBucketResult>"),
    ];
    for page in pages {
        let listing = read(&page, BASE, BASE);
        assert_eq!(names(&listing.files), [FILE], "{page}");
    }
}

#[test]
fn directories_of_the_layout_are_followed() {
    let page = "<a href=\"3.3.7.5/\">3.3.7.5/</a> <a href=\"assets-download/\">x</a> <a href=\"logs/\">logs/</a>";
    let listing = read(page, BASE, BASE);
    assert_eq!(names(&listing.directories), ["3.3.7.5", "assets-download"]);
    let page = "<a href=\"/td/tdengine-tsdb-oss/3.3.7.5/\">3.3.7.5/</a>";
    let below = format!("{BASE}tdengine-tsdb-oss/");
    let listing = read(page, &below, BASE);
    assert_eq!(names(&listing.directories), ["tdengine-tsdb-oss/3.3.7.5"]);
}

#[test]
fn nexus_listing_is_next_to_the_repository() {
    let base = "https://nexus.example/repository/raw/";
    let listing = read(
        "<a href=\"/service/rest/repository/browse/raw/\">HTML index</a>",
        base,
        base,
    );
    let index = "/service/rest/repository/browse/raw/";
    assert_eq!(names(&listing.indexes), [index]);
    let page = format!(
        "<a href=\"../\">Parent</a><a href=\"3.3.7.5/\">3.3.7.5</a><a href=\"{base}{FILE}\">{FILE}</a>"
    );
    let listing = read(&page, &format!("https://nexus.example{index}"), base);
    assert_eq!(names(&listing.files), [FILE]);
    assert_eq!(names(&listing.directories), ["3.3.7.5"]);
    // Another repository's listing is not read.
    let other = "<a href=\"/service/rest/repository/browse/other/\">x</a>";
    assert_eq!(read(other, base, base), Listing::default());
}

#[test]
fn hostile_names_are_ignored() {
    let pages = [
        format!("<a href=\"../../etc/{FILE}\">"),
        format!("<a href=\"/elsewhere/{FILE}\">"),
        format!("<a href=\"https://mirror.example/other/{FILE}\">"),
        format!("<a href=\"%2e%2e/{FILE}\">"),
        format!("<a href=\"a%2fb/{FILE}\">"),
        format!("<a href=\"a%00b/{FILE}\">"),
        format!("<a href=\".hidden/{FILE}\">"),
        format!("<a href=\"{}{FILE}\">", "d/".repeat(7)),
        format!("<a href=\"{}/{FILE}\">", "d".repeat(600)),
        format!("<a href=\"{FILE}.sig\">"),
        "<a href=\"TDengine-client-3.2.2.2-Linux-x64-Lite.tar.gz\">".to_owned(),
        "<a href=\"TDengine-client-99999.1.1.1-Linux-x64.tar.gz\">".to_owned(),
        "<a href=\"javascript:alert(1)//3.3.7.5/\">".to_owned(),
    ];
    for page in pages {
        let listing = read(&page, BASE, BASE);
        assert_eq!(names(&listing.files), [""; 0], "{page}");
    }
}

#[test]
fn endless_index_is_cut() {
    let one = |number: usize| {
        format!(
            "<a href=\"TDengine-client-3.2.{}.{}-Linux-x64.tar.gz\">",
            number / 9999,
            number % 9999
        )
    };
    let page: String = (0..NAMES + 10).map(one).collect();
    // Its bytes or its names end it, whichever limit comes first.
    let whole_names = page[..page.len().min(LARGEST)].matches("\">").count();
    let files = read(&page, BASE, BASE).files.len();
    assert_eq!(files, whole_names.min(NAMES));
    let listing = read(
        &format!("{}<a href=\"{FILE}\">", " ".repeat(LARGEST)),
        BASE,
        BASE,
    );
    assert_eq!(listing, Listing::default());
}
