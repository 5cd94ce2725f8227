use super::*;

#[test]
fn last_line_holds() {
    let text = "# firstEp  commented:1\nfirstEp   h1:6030\nfqdn x\nFIRSTEP h2 # why\n";
    assert_eq!(first_ep(text), Some(("h2".into(), 6030)));
    assert_eq!(first_ep("firstEp\nlogDir /tmp\n"), None);
    assert_eq!(first_ep("firstEp http://a:1\n"), None);
}
