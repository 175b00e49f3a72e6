//! What a command line can ask for, as plain values. `reading` does the work.

use std::ffi::OsString;
use std::path::PathBuf;

use super::address::Address;
use super::login::Login;
use super::reading::Words;
use super::usage::Usage;
use crate::domain::Secret;

/// A command line, understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Invocation {
    /// Options that go with everything.
    pub options: Options,
    /// What to do.
    pub task: Task,
}

/// Options that go with every verb and with the window.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Options {
    /// `--connection`.
    pub connection: Option<String>,
    /// `--builtin`.
    pub builtin: bool,
    /// `--set`, as written, and what `--profile` is short for: may hold secrets.
    pub set: Vec<String>,
    /// `--config-dir`.
    pub config_dir: Option<PathBuf>,
    /// `--mfa`.
    pub mfa: Option<Secret>,
    /// `--json`.
    pub json: bool,
    /// `--quiet`.
    pub quiet: bool,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("connection", &self.connection)
            .field("builtin", &self.builtin)
            .field("set", &format_args!("{} (hidden)", self.set.len()))
            .field("config_dir", &self.config_dir)
            .finish_non_exhaustive()
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Task {
    /// No verb: the window.
    Window,
    /// Help, perhaps of one verb.
    Help(Option<&'static str>),
    /// The version.
    Version,
    /// Upload.
    Put {
        /// Files and folders of this computer.
        sources: Vec<PathBuf>,
        /// Where they go.
        target: Address,
        /// What to do with what is there.
        when_exists: Option<WhenExists>,
    },
    /// Download.
    Get {
        /// Objects and prefixes.
        sources: Vec<Address>,
        /// Where they go.
        target: PathBuf,
        /// What to do with what is there.
        when_exists: Option<WhenExists>,
    },
    /// List.
    Ls {
        /// Where to begin; `None` when nothing was said.
        prefix: Option<Address>,
        /// All below.
        recursive: bool,
        /// Keys only, ended by NUL.
        null: bool,
    },
    /// Delete.
    Rm {
        /// Objects and, when recursive, prefixes.
        targets: Vec<Address>,
        /// All below prefixes.
        recursive: bool,
        /// Missing objects are no failure.
        force: bool,
        /// Do not ask.
        yes: bool,
    },
    /// Write a policy.
    Policy(super::policy::How),
    /// Sign in to Identity Center.
    Login(Login),
    /// Make a link.
    Url {
        /// To what.
        target: Address,
        /// Lifetime in seconds, if one was asked for.
        expires_secs: Option<i64>,
    },
    /// Examine the connection.
    Doctor(super::doctor::How),
    /// Write the connection's settings.
    Export(super::export::How),
    /// Read settings and save them as connections.
    Import(super::import::How),
}

impl Task {
    /// True when an argument names the bucket itself.
    pub(super) fn names_bucket(&self) -> bool {
        let named = |address: &Address| address.bucket.is_some();
        match self {
            Self::Put { target, .. } | Self::Url { target, .. } => named(target),
            Self::Get { sources, .. } => sources.iter().all(named),
            Self::Rm { targets, .. } => targets.iter().all(named),
            Self::Ls { prefix, .. } => prefix.as_ref().is_some_and(named),
            Self::Policy(how) => how.place.as_ref().is_some_and(named),
            Self::Doctor(how) => how.place.is_some(),
            Self::Window
            | Self::Help(_)
            | Self::Version
            | Self::Login(_)
            | Self::Export(_)
            | Self::Import(_) => false,
        }
    }
}

/// What to do with what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenExists {
    /// Replace it.
    Overwrite,
    /// Leave it.
    Skip,
    /// Write the new one under a free name.
    KeepBoth,
    /// Replace it if it is older.
    Newer,
}

/// Understands a command line; the program's own name is not part of it.
///
/// # Errors
/// A sentence about what cannot be understood.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, Usage> {
    let words = Words::collect(arguments)?;
    let verb = words.verb;
    if words.has("help") {
        return Ok(Invocation {
            options: Options::default(),
            task: Task::Help(verb.map(|verb| verb.name)),
        });
    }
    if words.has("version") {
        return Ok(Invocation {
            options: Options::default(),
            task: Task::Version,
        });
    }
    words.check_flags()?;
    let options = words.options()?;
    let task = match verb {
        None => Task::Window,
        Some(verb) => words.task(verb)?,
    };
    Ok(Invocation { options, task })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Invocation, Usage> {
        parse(
            line.split(' ')
                .filter(|word| !word.is_empty())
                .map(OsString::from),
        )
    }

    fn task(line: &str) -> Task {
        read(line)
            .unwrap_or_else(|usage| panic!("{line}: {usage}"))
            .task
    }

    fn refused(line: &str) -> String {
        read(line).expect_err(line).message
    }

    #[test]
    fn options_may_stand_before_and_after_the_verb() {
        let before =
            read("--connection media --json --set A=1 --set B=2 ls -r photos/").expect("before");
        let after =
            read("ls photos/ --json -r --set=A=1 --connection=media --set B=2").expect("after");
        assert_eq!(before, after);
        assert_eq!(before.options.set, ["A=1", "B=2"]);
        assert_eq!(read("-q --builtin").expect("window").task, Task::Window);
        assert_eq!(
            task("ls -- -r"),
            Task::Ls {
                prefix: Some(Address {
                    bucket: None,
                    text: "-r".to_owned()
                }),
                recursive: false,
                null: false,
            }
        );
    }

    #[test]
    fn the_last_argument_is_the_destination() {
        let Task::Put {
            sources,
            target,
            when_exists,
        } = task("put a b/ --newer s3://other/x/")
        else {
            panic!("put");
        };
        assert_eq!(sources, [PathBuf::from("a"), PathBuf::from("b/")]);
        assert_eq!(
            (target.bucket.as_deref(), target.text.as_str()),
            (Some("other"), "x/")
        );
        assert_eq!(when_exists, Some(WhenExists::Newer));
        let Task::Get {
            sources, target, ..
        } = task("get a / out")
        else {
            panic!("get");
        };
        assert_eq!(
            sources
                .iter()
                .map(|source| source.text.as_str())
                .collect::<Vec<_>>(),
            ["a", ""]
        );
        assert_eq!(target, PathBuf::from("out"));
    }

    #[test]
    fn a_lone_slash_is_a_key_only_where_no_prefix_can_stand() {
        let texts = |line: &str| match task(line) {
            Task::Rm { targets, .. } => targets
                .into_iter()
                .map(|target| target.text)
                .collect::<Vec<_>>(),
            Task::Url { target, .. } => vec![target.text],
            other => panic!("{other:?}"),
        };
        assert_eq!(texts("rm / a/"), ["/", "a/"]);
        assert_eq!(texts("rm -r /"), [""]);
        assert_eq!(texts("url /"), ["/"]);
    }

    #[test]
    fn lifetimes_have_units() {
        for (text, secs) in [
            ("90", 90),
            ("90s", 90),
            ("90m", 5_400),
            ("12h", 43_200),
            ("7d", 604_800),
        ] {
            let Task::Url { expires_secs, .. } = task(&format!("url k --expires {text}")) else {
                panic!("url");
            };
            assert_eq!(expires_secs, Some(secs), "{text}");
        }
        for text in [
            "0",
            "-5",
            "1.5",
            "x",
            "",
            "1y",
            "9223372036854775807d",
            "5sm",
        ] {
            assert!(read(&format!("url k --expires={text}")).is_err(), "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (line, sentence) in [
            ("pt a b", "there is no verb pt (did you mean put?)"),
            (
                "put a",
                "put needs files or folders and, last, where they go",
            ),
            (
                "put a b c",
                "several sources need a prefix to go into; write c/",
            ),
            (
                "put --overwite a b",
                "there is no option --overwite (did you mean --overwrite?)",
            ),
            (
                "put --skip --newer a b",
                "--skip and --newer contradict each other",
            ),
            ("ls --newer", "--newer does not go with ls"),
            ("--overwrite", "--overwrite does not go with the window"),
            (
                "ls a b",
                "ls takes one prefix; put it in quotation marks if it holds blanks",
            ),
            (
                "get a",
                "get needs keys or prefixes and, last, where they go on this computer",
            ),
            ("rm", "rm needs the keys to delete"),
            ("url", "url needs exactly one key"),
            (
                "export",
                "export needs --as with one of storages, flat, env, profile, json",
            ),
            (
                "export --as toml",
                "there is no form toml; write one of storages, flat, env, profile, json",
            ),
            (
                "export --as json a b",
                "export takes one file, or none for standard output",
            ),
            (
                "export --as json --builtin",
                "the built-in bucket is made anew at each start and has no settings to export",
            ),
            (
                "import",
                "import needs exactly one file; - is standard input",
            ),
            (
                "import a --as toml",
                "there is no kind toml; write one of django, env, profile, rclone, s3cmd, json",
            ),
            (
                "import a --connection b",
                "--connection does not go with import",
            ),
            ("import a --set A=1", "--set does not go with import"),
            ("ls --as json", "--as does not go with ls"),
            ("url a --expires", "--expires needs a value"),
            ("ls --json=x", "--json takes no value"),
            (
                "ls s3:///x",
                "s3:///x names no bucket; write s3://BUCKET/KEY",
            ),
            (
                "ls --builtin --connection a",
                "--builtin and --connection name two different places; give one of them",
            ),
        ] {
            assert_eq!(refused(line), sentence, "{line}");
        }
    }

    #[test]
    fn settings_are_written_and_read() {
        use crate::cli::{export, import};
        use crate::exchange::Form;
        use crate::settings::TextKind;
        assert_eq!(
            task("export --as env out --secrets"),
            Task::Export(export::How {
                form: Form::Env,
                secrets: true,
                overwrite: false,
                file: Some("out".into()),
            })
        );
        assert_eq!(
            task("import - --as s3cmd --name media"),
            Task::Import(import::How {
                file: "-".into(),
                kind: Some(TextKind::S3cmd),
                name: Some("media".to_owned()),
            })
        );
    }

    #[test]
    fn help_and_version_come_first() {
        assert_eq!(task("put --help"), Task::Help(Some("put")));
        assert_eq!(task("help put"), Task::Help(Some("put")));
        assert_eq!(task("-h"), Task::Help(None));
        assert_eq!(task("--version ls a b c"), Task::Version);
    }

    #[test]
    fn what_may_hold_a_secret_is_not_printed() {
        let invocation = read("ls --set AWS_SECRET_ACCESS_KEY=canary").expect("ls");
        assert!(!format!("{invocation:?}").contains("canary"));
    }
}
