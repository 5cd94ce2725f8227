//! Arguments of `taos-setup url`.

use clap::builder::PossibleValue;

use crate::commands::data_words::DataWords;
use crate::dsn::Transport;
use crate::dsn::format::forms;

/// Print the connection string that a language's connector reads
///
/// Without --lang, a table of all languages and transports. The password is not printed: ${TAOS_PASSWORD} stands for it, or an
/// expression that reads it where the language has no string. --show-secrets prints the string whole, encoded as the
/// language's connector decodes it, with the password in TAOS_PASSWORD. What a connector cannot do is refused with the reason.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup url db.example:6041 --lang go --db power")]
pub struct Args {
    /// HOST, HOST:PORT, a URL, or a connection string of another language; without one: TAOS_HOST, localhost
    #[arg(value_name = "TARGET")]
    pub(super) target: Option<String>,
    /// The language
    #[arg(long, value_name = "LANGUAGE", value_parser = DataWords::only(languages), ignore_case = true)]
    pub(super) lang: Option<String>,
    /// The transport: ws, rest or native; without it the target's, else the first that the language has
    #[arg(long, value_name = "TRANSPORT", value_parser = transport)]
    pub(super) transport: Option<Transport>,
    /// The user; without it the target's, TAOS_USER, root
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// The database
    #[arg(long, value_name = "NAME")]
    pub(super) db: Option<String>,
    /// Speak TLS
    #[arg(long)]
    pub(super) tls: bool,
    /// Log in with the token of TDengine Cloud, over TLS; the gateway is TDENGINE_CLOUD_URL where no target is named
    #[arg(long)]
    pub(super) cloud: bool,
    /// Print the password in TAOS_PASSWORD, or the token in TDENGINE_CLOUD_TOKEN
    #[arg(long)]
    pub(super) show_secrets: bool,
}

fn languages() -> Vec<PossibleValue> {
    let languages = forms::languages().iter();
    languages
        .map(|language| {
            PossibleValue::new(language.id.as_str())
                .aliases(language.aliases.iter().map(String::as_str))
        })
        .collect()
}

fn transport(text: &str) -> std::result::Result<Transport, String> {
    text.parse()
}
