//! A value for a placeholder of a finding's texts.

/// What a template is given under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingValue {
    /// A text; of a server, made safe before it is shown.
    Text(String),
    /// Whether something is so.
    Flag(bool),
}

impl Default for FindingValue {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<bool> for FindingValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<String> for FindingValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for FindingValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<FindingValue> for minijinja::Value {
    fn from(value: FindingValue) -> Self {
        match value {
            FindingValue::Text(text) => text.into(),
            FindingValue::Flag(flag) => flag.into(),
        }
    }
}
