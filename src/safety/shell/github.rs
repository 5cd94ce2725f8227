//! Lines for the file that `GITHUB_ENV` names ("Workflow commands", "Setting an environment variable"). It knows no remarks.

/// Makes the variable `name` exactly `value`. `None` where `value` holds NUL or ends a line the old Macintosh way.
pub fn set(name: &str, value: &str) -> Option<String> {
    if value.contains(['\0', '\r']) {
        return None;
    }
    if !value.contains('\n') {
        return Some(format!("{name}={value}\n"));
    }
    let mut end = String::from("END");
    while value.contains(&end) {
        end.push('_');
    }
    Some(format!("{name}<<{end}\n{value}\n{end}\n"))
}
