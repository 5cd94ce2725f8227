//! Arguments of `taos-setup completions`.

use clap::ValueEnum;

/// Print the lines that make a shell complete commands, options, and their values
///
/// Evaluate them when the shell starts, so that they always fit the installed program. Values are completed, too: installed versions,
/// languages, ids of findings.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    echo 'source <(taos-setup completions bash)' >> ~/.bashrc\n  \
    echo 'source <(taos-setup completions zsh)' >> ~/.zshrc\n  \
    echo 'taos-setup completions fish | source' > ~/.config/fish/completions/taos-setup.fish\n  \
    echo 'taos-setup completions powershell | Out-String | Invoke-Expression' >> $PROFILE\n  \
    echo 'eval (taos-setup completions elvish | slurp)' >> ~/.config/elvish/rc.elv")]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: CompletionShell,
}

/// A shell whose completions can be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl CompletionShell {
    /// The name in arguments and in the variable that asks for completions.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Elvish => "elvish",
        }
    }
}
