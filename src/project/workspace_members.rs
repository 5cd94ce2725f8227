//! Where the root of a workspace is, and the patterns by which it names the folders of its members (npm, yarn, pnpm, Cargo, uv).

/// The folders above a project in which the root of its workspace may be, nearest first.
pub(super) fn folders_above() -> impl Iterator<Item = String> {
    /// Projects stand no deeper in workspaces.
    const DEEPEST: usize = 6;
    (1..=DEEPEST).map(|depth| vec![".."; depth].join("/"))
}

/// Whether one of `patterns` names `folder`, and none that starts with `!` does. Both are relative to the root and have `/`.
pub(super) fn any_names(patterns: &[String], folder: &str) -> bool {
    let (without, with): (Vec<_>, Vec<_>) = patterns
        .iter()
        .map(|pattern| pattern.trim())
        .partition(|pattern| pattern.starts_with('!'));
    with.into_iter().any(|it| matches(it, folder))
        && !without.into_iter().any(|it| matches(&it[1..], folder))
}

/// The patterns that `pattern` stands for: `{a,b}/*` is `a/*` and `b/*`. What would be too many stays as it is.
pub(super) fn alternatives(pattern: &str) -> Vec<String> {
    const MOST: usize = 64;
    let mut done = Vec::new();
    let mut waiting = vec![pattern.to_owned()];
    while let Some(pattern) = waiting.pop() {
        let parts = pattern.split_once('{').and_then(|(before, rest)| {
            let (inner, after) = rest.split_once('}')?;
            (!inner.contains('{')).then_some((before, inner, after))
        });
        match parts {
            Some((before, inner, after)) if waiting.len() + done.len() < MOST => {
                let choices = inner.split(',').rev().take(MOST);
                waiting.extend(choices.map(|it| format!("{before}{it}{after}")));
            }
            _ => done.push(pattern),
        }
    }
    done
}

/// Whether `pattern` names `folder`: `*` and `?` stand for parts of a name, `**` for any number of folders.
fn matches(pattern: &str, folder: &str) -> bool {
    let parts = |text: &str| -> Vec<Vec<char>> {
        text.split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .map(|part| part.chars().collect())
            .collect()
    };
    let any = vec!['*', '*'];
    let mut pattern = parts(pattern);
    pattern.dedup_by(|next, before| *next == any && *before == any);
    wild(&pattern, &parts(folder), &any, |pattern, name| {
        wild(pattern, name, &'*', |wanted, found| {
            *wanted == '?' || wanted == found
        })
    })
}

/// Whether `pattern` fits `items`, in which `many` stands for any number of them.
fn wild<T: PartialEq>(pattern: &[T], items: &[T], many: &T, one: impl Fn(&T, &T) -> bool) -> bool {
    let (mut at, mut done) = (0, 0);
    // The place to continue from if the part after the last `many` does not fit.
    let mut again = None;
    while done < items.len() {
        if pattern.get(at) == Some(many) {
            again = Some((at + 1, done));
            at += 1;
        } else if pattern.get(at).is_some_and(|it| one(it, &items[done])) {
            at += 1;
            done += 1;
        } else if let Some((after, from)) = again {
            again = Some((after, from + 1));
            at = after;
            done = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|it| it == many)
}

#[cfg(test)]
mod tests;
