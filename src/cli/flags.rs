//! Every verb and every option of the command line, declared once.
//!
//! `args` reads by this table and `help` is written from it, so that neither can know an option that the other
//! does not. An option not in a verb's list is refused there.

/// One option of the command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flag {
    /// One letter, if it has one.
    pub short: Option<char>,
    /// The name behind the two dashes.
    pub long: &'static str,
    /// What follows it, as help names it; `None` for a switch.
    pub value: Option<&'static str>,
    /// One sentence or two.
    pub help: &'static str,
}

const fn switch(long: &'static str, help: &'static str) -> Flag {
    Flag {
        short: None,
        long,
        value: None,
        help,
    }
}

const fn short(short: char, long: &'static str, help: &'static str) -> Flag {
    Flag {
        short: Some(short),
        long,
        value: None,
        help,
    }
}

const fn valued(long: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag {
        short: None,
        long,
        value: Some(value),
        help,
    }
}

/// Options that go with every verb and with the window, before or after the verb.
pub(super) const GLOBAL: &[Flag] = &[
    valued(
        "connection",
        "NAME",
        "Use this saved connection instead of the one used last.",
    ),
    switch(
        "builtin",
        "Use the built-in bucket: an S3 server inside the program, on this computer only.",
    ),
    valued(
        "profile",
        "NAME",
        "Use this profile of the shared AWS files: short for --set AWS_S3_SESSION_PROFILE=NAME.",
    ),
    valued(
        "set",
        "OPTION=VALUE",
        "Set an option of django-storages for this run, such as AWS_S3_REGION_NAME=eu-west-1; may be given several \
         times. Dictionaries and lists are written as JSON. Without --connection it makes an unsaved connection.",
    ),
    valued(
        "config-dir",
        "DIR",
        "Keep settings in this folder. COOPERAGE_CONFIG_DIR does the same.",
    ),
    valued(
        "mfa",
        "CODE",
        "The six digits of the MFA device, where a role asks for them. Without it a terminal is asked.",
    ),
    switch("json", "Write one JSON object a line to standard output."),
    short('q', "quiet", "No progress, and no messages but errors."),
    short('h', "help", "Show help, also for one verb."),
    short('V', "version", "Show the version."),
];

const OVERWRITE: Flag = switch("overwrite", "Replace what is there already.");
const SKIP: Flag = switch("skip", "Leave what is there already as it is.");
const KEEP_BOTH: Flag = switch("keep-both", "Give the new one a name that is free.");
const NEWER: Flag = switch("newer", "Replace only what is older than the new one.");
const RECURSIVE_HABIT: Flag = short(
    'r',
    "recursive",
    "Accepted and not needed: folders always come whole.",
);

/// The options that say what to do with what is there already; one of them at most.
pub(super) const WHEN_EXISTS: [&str; 4] = [OVERWRITE.long, SKIP.long, KEEP_BOTH.long, NEWER.long];

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VerbName {
    Put,
    Get,
    Ls,
    Rm,
    Url,
    Doctor,
    Policy,
    Export,
    Import,
    Login,
}

/// One verb.
#[derive(Debug)]
pub(super) struct Verb {
    pub id: VerbName,
    /// The word.
    pub name: &'static str,
    /// What follows the word.
    pub usage: &'static str,
    /// A few words for the list of verbs.
    pub summary: &'static str,
    /// The rules, for its own help.
    pub about: &'static str,
    pub flags: &'static [Flag],
}

/// All verbs in the order of the help.
pub(super) const VERBS: &[Verb] = &[
    Verb {
        id: VerbName::Put,
        name: "put",
        usage: "LOCAL... KEY_OR_PREFIX/",
        summary: "upload files and folders",
        about: "\
The last argument is the destination. If it ends with a slash it is a prefix: files and folders go into it under
their own names, a folder with all below it (`put photos site/` writes `site/photos/...`; `put photos/. site/` leaves
the folder's name out). Otherwise it is the key of the one file that is given. `/` alone is the root of the bucket.

Nothing is replaced unasked. Where objects are in the way and none of --overwrite, --skip, --keep-both and --newer is
given, the program asks on a terminal; elsewhere it lists them, writes nothing and fails. AWS_S3_FILE_OVERWRITE counts
when it is set: true as --overwrite, false as --keep-both.

Prints the key of each object written.",
        flags: &[OVERWRITE, SKIP, KEEP_BOTH, NEWER, RECURSIVE_HABIT],
    },
    Verb {
        id: VerbName::Get,
        name: "get",
        usage: "KEY_OR_PREFIX/... LOCAL",
        summary: "download objects and all below prefixes",
        about: "\
The last argument is the destination on this computer. A prefix (it ends with a slash; `/` alone is the whole bucket)
brings all below it into the folder LOCAL, with the folders below the prefix (`get site/photos/ out` writes
`out/a.jpg` for `site/photos/a.jpg`). An object goes into LOCAL if that is a folder, ends with a slash, or if there are
several sources; otherwise it is written as LOCAL. Folders that are missing are made. Names that this computer cannot
hold, or that would leave the folder, are changed and listed.

Nothing is replaced unasked: see `cooperage put --help`.

Prints the path of each file written.",
        flags: &[OVERWRITE, SKIP, KEEP_BOTH, NEWER, RECURSIVE_HABIT],
    },
    Verb {
        id: VerbName::Ls,
        name: "ls",
        usage: "[PREFIX]",
        summary: "list objects and folders",
        about: "\
Lists what begins with PREFIX, exactly as it is written: `ls photos` shows `photos.txt` and the folder `photos/`,
`ls photos/` shows what is in the folder. Without PREFIX it begins at AWS_LOCATION, or at the root. One object a line:
size in bytes, time of the last change in UTC, and the key to the end of the line. Folders end with a slash and have no size.
On a terminal, characters that cannot be seen are written as escapes; elsewhere keys are exact.",
        flags: &[
            short('r', "recursive", "List all below, without folders."),
            short('0', "null", "Write keys only, each ended by a NUL character."),
        ],
    },
    Verb {
        id: VerbName::Rm,
        name: "rm",
        usage: "KEY...",
        summary: "delete objects",
        about: "\
Deletes exactly these keys. With -r an argument that ends with a slash is a prefix, and all below it is deleted (`/`
alone is the whole bucket and needs --yes). An object that does not exist is a failure.",
        flags: &[
            short('r', "recursive", "Delete all below arguments that end with a slash."),
            short('f', "force", "An object that does not exist is no failure."),
            short('y', "yes", "Do not ask."),
        ],
    },
    Verb {
        id: VerbName::Url,
        name: "url",
        usage: "KEY",
        summary: "make a link to an object",
        about: "\
Writes the link alone to standard output: signed and with an end, unless the settings say otherwise. Whether the
object exists is not checked. Amazon S3 accepts links of up to 7 days (604800 seconds).",
        flags: &[valued(
            "expires",
            "SECONDS",
            "How long it works; 90m, 12h and 7d are understood too. Otherwise as AWS_QUERYSTRING_EXPIRE says.",
        )],
    },
    Verb {
        id: VerbName::Doctor,
        name: "doctor",
        usage: "[s3://BUCKET/PREFIX/]",
        summary: "find out whether the connection works",
        about: "\
Shows every place where credentials may come from, which one signs and which are shadowed, then tries the way to the
server piece by piece: settings, name, TCP, TLS, proxy, clock, caller, region, addressing, a listing. Each failure is
told with its cause and the next step. Then come what the credentials may do with bucket and prefix, and what the server
can do beside Amazon S3.

With s3://BUCKET/PREFIX/ it looks there instead of at the connection's own place. With --profile NAME and no bucket,
or with no saved connection at all, the question is whether the credentials are accepted.

Nothing is written, unless --write-test asks for it: that writes one object with a random name below the prefix, tries
writing, parts, overwriting and deleting on it, and removes it again. If the program dies in between, the next test or
the window removes it. Where the object of an earlier test cannot be removed, nothing is written, for that would be left
too; --leave-another tests all the same. A connection that is read-only is not written to.

The exit code is 0 when the connection works and 1 otherwise: something is broken, nothing could be listed, a saved
connection names no bucket, --write-test showed that uploading does not work, left something that could not be removed,
or could not be done, as on a connection that is read-only. What else a policy denies is not broken. The report holds no
secret: key ids are masked.

With --json each line is an object whose `type` says what it is: first `examination` (connection, endpoint, bucket,
prefix, region), then `rung` (a place where credentials may come from, with the words `source` and `standing`; it comes
again when the server's word about its keys changes it, and the last of a `number` counts), `check`, `permission`, `leftover` (what a test could not remove, or with `may_arrive` an
upload without an answer that the next test looks for again), `server`, `ability`, `request` (one that was refused
or failed), and last `diagnosis` with `ok`, `broken` and the `light` of the verdict.",
        flags: &[
            switch(
                "write-test",
                "Also find out what may be written: one object is written and removed.",
            ),
            switch(
                "leave-another",
                "With --write-test: write also where an earlier test's object could not be removed.",
            ),
        ],
    },
    Verb {
        id: VerbName::Policy,
        name: "policy",
        usage: "[PREFIX]",
        summary: "write an IAM policy for a bucket and prefix",
        about: "\
Writes the least policy for what --for names, for exactly this bucket and what begins with PREFIX, to standard output.
PREFIX is meant to the letter: `photos` allows photos-private/ too, `photos/` does not. Without PREFIX it is the folder
AWS_LOCATION, or the whole bucket. Nothing is asked of the server. Tags, ACLs, locks and a KMS key
are in it when the settings use them. The partition (aws, aws-cn, aws-us-gov) follows the region.",
        flags: &[
            valued(
                "for",
                "USES",
                "What it allows, separated by commas: browse, upload, delete, share, versions. Otherwise all but versions.",
            ),
            switch(
                "documented",
                "Allow the six actions that django-storages documents, instead of the least.",
            ),
            switch(
                "bucket-policy",
                "Write it for the bucket instead of a user or role; needs --principal.",
            ),
            valued(
                "principal",
                "WHO",
                "Who a bucket policy is for: an ARN, a 12-digit account, a service, or *.",
            ),
            valued(
                "source",
                "WHOSE",
                "On whose behalf a service may come: an ARN (of a distribution, for one) or a 12-digit account. Without it \
                 the service comes for everybody.",
            ),
        ],
    },
    Verb {
        id: VerbName::Export,
        name: "export",
        usage: "--as FORM [FILE]",
        summary: "write a connection's settings",
        about: "\
Writes the settings of the connection to FILE, or to standard output: as Django's STORAGES with OPTIONS (storages), as
flat AWS_ settings (flat), as a .env file (env), as an AWS profile (profile), or with all that Cooperage knows of it
(json). What a connection inherits is written as its own; json keeps what it is based on.

Secrets are written only with --secrets. Otherwise a place is marked where each belongs, such as
os.environ[\"AWS_SECRET_ACCESS_KEY\"]. What the form cannot hold is said. A file is readable only by you.",
        flags: &[
            valued("as", "FORM", "The form: storages, flat, env, profile or json."),
            switch("secrets", "Write secrets in clear."),
            OVERWRITE,
        ],
    },
    Verb {
        id: VerbName::Import,
        name: "import",
        usage: "FILE",
        summary: "save connections from other programs' settings",
        about: "\
Reads FILE (- is standard input) and saves what it describes as connections: Django settings (django), a .env file
(env), shared AWS files (profile), rclone.conf (rclone), .s3cfg (s3cmd), or an export of Cooperage (json). What it is, is
recognised; --as says it. Nothing in it is executed. Secrets go to the system keyring.

Prints the name of each connection made. What has no counterpart, what lies in a variable that is not set here and what
does not read is told with its line; lines that do not read make the exit code 1.",
        flags: &[
            valued("as", "KIND", "What the file is: django, env, profile, rclone, s3cmd or json."),
            valued("name", "NAME", "Call the connection this."),
        ],
    },
    Verb {
        id: VerbName::Login,
        name: "login",
        usage: "",
        summary: "sign in to IAM Identity Center",
        about: "\
Signs in without the AWS CLI and keeps the sign-in where the AWS tools keep theirs (~/.aws/sso/cache), so that these
and the profiles of Identity Center work at once. Shows an address and a code to confirm in any browser.

Without options it is the session of the profile in force, or the only one in the AWS config file.",
        flags: &[
            valued("start-url", "URL", "The address of Identity Center, such as https://corp.awsapps.com/start."),
            valued("region", "REGION", "The region of Identity Center, with --start-url."),
            switch(
                "browser",
                "Open the address in the browser of this computer, which then comes back by itself: no code to compare.",
            ),
        ],
    },
];

impl Verb {
    /// The verb of this word.
    pub(super) fn named(word: &str) -> Option<&'static Self> {
        VERBS.iter().find(|verb| verb.name == word)
    }
}

/// Every option there is: the global ones and those of all verbs.
pub(super) fn all() -> impl Iterator<Item = &'static Flag> {
    GLOBAL
        .iter()
        .chain(VERBS.iter().flat_map(|verb| verb.flags))
}
