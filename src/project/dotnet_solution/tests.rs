use super::*;

#[test]
fn projects_of_both_forms_are_listed() {
    let lines = "\u{feff}\r\nMicrosoft Visual Studio Solution File, Format Version 12.00\r\nProject(\"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}\") = \"App\", \"src\\App\\App.csproj\", \"{1}\"\r\nEndProject\r\nProject(\"{2150E333-8FDC-42A3-9474-1A3956D46DE8}\") = \"src\", \"src\", \"{2}\"\r\nEndProject\r\nProject(\"{F2A71F9B-5D33-465A-A702-920D77279786}\") = \"Lib\", \"Lib.fsproj\", \"{3}\"\r\nEndProject\r\n";
    assert_eq!(members(lines), ["src/App", "."]);
    let xml = "<Solution>\n  <Folder Name=\"/src/\">\n    <Project Path=\"src/App/App.csproj\" />\n    <Project Path=\"src\\App\\Tools.csproj\" />\n  </Folder>\n  <Project Path=\"deploy/deploy.dcproj\" />\n</Solution>\n";
    assert_eq!(members(xml), ["src/App/App.csproj", "src/App/Tools.csproj"]);
    assert_eq!(members("<Solution"), Vec::<String>::new());
}

#[test]
fn newer_form_is_found_first() {
    let there = ["b.sln", "a.sln", "a.slnx", "App.csproj"].map(str::to_owned);
    assert_eq!(find(&there).as_deref(), Some("a.slnx"));
    assert_eq!(find(&there[..2]).as_deref(), Some("a.sln"));
    assert_eq!(find(&[]), None);
}
