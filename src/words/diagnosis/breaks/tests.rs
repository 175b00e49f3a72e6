//! All causes, one of each kind and flaw.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::*;
use crate::domain::Timestamp;
use crate::domain::diagnosis::{
    CacheFlaw, CodeEnd, Machine, Origin, OutputFlaw, Said, SeenProfile, Unread,
};
use crate::words::diagnosis::tests::says_it_twice;

/// How many kinds of causes there are; a new one makes the `match` incomplete.
const KINDS: usize = 63;

fn number_of(cause: &Break) -> usize {
    match cause {
        Break::HalfPair { .. } => 0,
        Break::ProfileWithKeys { .. } => 1,
        Break::SecretNotAtHand { .. } => 2,
        Break::TokenAlone { .. } => 3,
        Break::KeysEnded { .. } => 4,
        Break::ProfileMissing { .. } => 5,
        Break::ProfileWithoutKeys { .. } => 6,
        Break::FileUnreadable { .. } => 7,
        Break::FileMalformed { .. } => 8,
        Break::SourceMissing { .. } => 9,
        Break::SourceLoop { .. } => 10,
        Break::RoleWithoutSource { .. } => 11,
        Break::TwoSources { .. } => 12,
        Break::UnknownSource { .. } => 13,
        Break::SourceVariablesMissing { .. } => 14,
        Break::CodeNeeded { .. } => 15,
        Break::RoleArnMissing => 16,
        Break::TokenFileMissing { .. } => 17,
        Break::TokenFileUnreadable { .. } => 18,
        Break::TokenFileEmpty { .. } => 19,
        Break::SessionMissing { .. } => 20,
        Break::IdentityCenterIncomplete { .. } => 21,
        Break::SignIn { .. } => 22,
        Break::SignInRefused { .. } => 23,
        Break::RoleNotAssigned { .. } => 24,
        Break::ProcessNotFound { .. } => 25,
        Break::ProcessNotRunnable { .. } => 26,
        Break::ProcessFailed { .. } => 27,
        Break::ProcessHangs { .. } => 28,
        Break::ProcessOutput { .. } => 29,
        Break::ProcessKeysEnded { .. } => 30,
        Break::RoleDenied { .. } => 31,
        Break::SourceEnded { .. } => 32,
        Break::SourceRefused { .. } => 33,
        Break::WebTokenRefused { .. } => 34,
        Break::MachineRefused { .. } => 35,
        Break::InstanceWithoutRole => 36,
        Break::MachineSilent { .. } => 37,
        Break::Unreachable { .. } => 38,
        Break::NoAnswer { .. } => 39,
        Break::Refused { .. } => 40,
        Break::MachineAnswer { .. } => 41,
        Break::MachineKeysEnded { .. } => 42,
        Break::ContainerAddress { .. } => 43,
        Break::ContainerTokenUnreadable { .. } => 44,
        Break::ContainerTokenUnfit => 45,
        Break::InstanceWithoutToken => 46,
        Break::InstanceRoleUnusable { .. } => 47,
        Break::InstanceSwitchedOff { .. } => 48,
        Break::Login { .. } => 49,
        Break::CommandUnreadable => 50,
        Break::KeysSwapped { .. } => 51,
        Break::KeyUnfit { .. } => 52,
        Break::PairMixed { .. } => 53,
        Break::TokenMissing => 54,
        Break::ForeignToken { .. } => 55,
        Break::PairEmpty => 56,
        Break::SectionReplaced { .. } => 57,
        Break::RoleWordUnfit { .. } => 58,
        Break::ServiceFailed { .. } => 59,
        Break::StrangerAnswers { .. } => 60,
        Break::PairTorn { .. } => 61,
        Break::KeyMisnamed { .. } => 62,
    }
}

fn of_keys() -> Vec<Break> {
    use crate::domain::diagnosis::{KeyFlaw as F, KeyHalf};
    let file = Origin::File {
        path: "/x".into(),
        section: "x".to_owned(),
        line: 1,
    };
    let flaws = [F::LineEnd, F::Letter, F::Quoted, F::Comment, F::Blank];
    let mut all = Vec::new();
    let (id, secret, at) = (file.clone(), file.clone(), file.clone());
    all.push(Break::PairTorn { id, secret });
    let written = "x".to_owned();
    let meant = "y";
    all.push(Break::KeyMisnamed { written, meant, at });
    for half in [KeyHalf::Id, KeyHalf::Secret, KeyHalf::Token] {
        all.extend(flaws.map(|flaw| Break::KeyUnfit {
            half,
            at: None,
            flaw,
        }));
        all.push(Break::KeyUnfit {
            half,
            at: Some(file.clone()),
            flaw: F::LineEnd,
        });
    }
    all
}

fn of_caches() -> Vec<Break> {
    let member = "x";
    let flaws = [
        CacheFlaw::Missing,
        CacheFlaw::Unreadable,
        CacheFlaw::CutOff,
        CacheFlaw::Unfit { member },
        CacheFlaw::NoTime { member },
        CacheFlaw::Expired(Timestamp(0)),
    ];
    let name = || "x".to_owned();
    let both = flaws.into_iter().map(|flaw| {
        let (profile, session) = (name(), name());
        let login = Break::Login {
            profile,
            flaw: flaw.clone(),
        };
        [login, Break::SignIn { session, flaw }]
    });
    both.flatten().collect()
}

fn of_sources() -> Vec<Break> {
    let x = || "x".to_owned();
    vec![
        Break::SourceRefused {
            role: x(),
            token: None,
            secret_wrong: false,
        },
        Break::SourceRefused {
            role: x(),
            token: None,
            secret_wrong: true,
        },
        Break::SourceRefused {
            role: x(),
            token: Some(Origin::Variable(x())),
            secret_wrong: false,
        },
    ]
}

fn all() -> Vec<Break> {
    let x = || "x".to_owned();
    let path = || std::path::PathBuf::from("/x");
    let at = Timestamp(0);
    let output = |flaw| Break::ProcessOutput { program: x(), flaw };
    let code = |end| Break::CodeNeeded {
        serial: x(),
        role: x(),
        end,
    };
    let variable = || Origin::Variable(x());
    let mut all = of_machines();
    all.extend(of_keys());
    all.extend(of_caches());
    all.extend(of_sources());
    all.extend(["x", "ExpiredToken", "AccessDenied"].map(|code| {
        let (role, code) = (x(), code.to_owned());
        Break::WebTokenRefused { role, code }
    }));
    all.extend(of_files());
    all.extend([
        Break::CommandUnreadable,
        Break::HalfPair { missing: "x" },
        Break::ProfileWithKeys { options: vec!["x"] },
        Break::SecretNotAtHand { option: "x" },
        Break::TokenAlone { variable: None },
        Break::KeysSwapped { at: None },
        Break::PairMixed {
            id: variable(),
            secret: variable(),
        },
        Break::TokenMissing,
        Break::ForeignToken { variable: x() },
        Break::PairEmpty,
        Break::KeysEnded { at },
        Break::ProfileWithoutKeys { name: x() },
        Break::FileMalformed {
            path: path(),
            line: 1,
            flaw: FileFlaw::NoSection,
        },
        Break::SourceMissing {
            name: x(),
            from: x(),
        },
        Break::SourceLoop {
            names: vec![x(), x()],
        },
        Break::RoleWithoutSource { name: x() },
        Break::TwoSources { name: x() },
        Break::UnknownSource { value: x() },
        Break::SourceVariablesMissing { missing: "x" },
        code(CodeEnd::NobodyThere),
        code(CodeEnd::NotGiven),
        code(CodeEnd::NotTaken),
        Break::RoleArnMissing,
        Break::TokenFileMissing { path: path() },
        Break::TokenFileEmpty { path: path() },
        Break::SessionMissing { session: x() },
        Break::IdentityCenterIncomplete {
            missing: "x",
            at: None,
        },
        Break::SignInRefused { session: x() },
        Break::RoleNotAssigned {
            role: x(),
            account: x(),
        },
        Break::ProcessNotFound { program: x() },
        Break::ProcessNotRunnable { program: x() },
        Break::ProcessFailed {
            program: x(),
            code: Some(1),
            said: Said::Line(x()),
        },
        Break::ProcessHangs {
            program: x(),
            secs: 1,
        },
        output(OutputFlaw::Nothing),
        output(OutputFlaw::NotJson),
        output(OutputFlaw::WebPage),
        output(OutputFlaw::Version),
        output(OutputFlaw::Member("x")),
        output(OutputFlaw::NoTime("x")),
        Break::ProcessKeysEnded { program: x(), at },
        Break::RoleDenied {
            role: x(),
            external_id: false,
        },
        Break::SourceEnded { role: x() },
    ]);
    all.extend(of_network());
    all
}

/// Services that are not reached, or say nothing.
fn of_network() -> Vec<Break> {
    use crate::domain::diagnosis::{AskedService, RoleWord as R, StrangeAnswer as S};
    let x = || "x".to_owned();
    let word = |word| Break::RoleWordUnfit {
        role: x(),
        word,
        written: format!("{word:?}"),
        at: None,
    };
    let refused = |code: Option<&str>, status| Break::Refused {
        subject: x(),
        status,
        code: code.map(str::to_owned),
        said: String::new(),
    };
    let mut all = Vec::from([R::Arn, R::Duration, R::LongDuration, R::Device].map(word));
    all.push(word(R::SessionName));
    all.extend([
        refused(Some("RegionDisabledException"), Some(403)),
        refused(None, Some(400)),
    ]);
    for service in [AskedService::Sts, AskedService::IdentityCenter] {
        let host = format!("{service:?}");
        all.push(Break::ServiceFailed {
            service,
            host: host.clone(),
            status: 500,
        });
        for what in [S::WebPage, S::Redirect, S::Nothing, S::Other] {
            let host = host.clone();
            all.push(Break::StrangerAnswers {
                service,
                host,
                what,
            });
        }
    }
    all.extend([
        Break::Unreachable {
            subject: x(),
            host: None,
            code: None,
        },
        Break::Unreachable {
            subject: "y".to_owned(),
            host: Some(x()),
            code: Some("NameUnknown".to_owned()),
        },
        Break::Unreachable {
            subject: "z".to_owned(),
            host: Some(x()),
            code: Some("ConnectionRefused".to_owned()),
        },
        Break::NoAnswer {
            subject: x(),
            secs: 1,
        },
    ]);
    all
}

fn of_files() -> Vec<Break> {
    let path = || std::path::PathBuf::from("/x");
    let mut all = Vec::new();
    for why in [
        Unread::Refused,
        Unread::NotText,
        Unread::Folder,
        Unread::Special,
        Unread::Dangling,
    ] {
        all.push(Break::FileUnreadable { path: path(), why });
        all.push(Break::TokenFileUnreadable { path: path(), why });
    }
    let why = Unread::Missing("AWS_CONFIG_FILE");
    all.push(Break::FileUnreadable { path: path(), why });
    all.push(Break::SectionReplaced {
        path: path(),
        line: 1,
        by: 2,
    });
    let misspelt = SeenProfile::Misspelt {
        path: path(),
        line: 1,
        written: "z".to_owned(),
        meant: "profile z".to_owned(),
    };
    for seen in [
        None,
        Some(SeenProfile::Near("y".to_owned())),
        Some(misspelt),
    ] {
        let name = "z".to_owned();
        all.push(Break::ProfileMissing { name, seen });
    }
    all
}

fn of_machines() -> Vec<Break> {
    let x = || "x".to_owned();
    let mut all = vec![
        Break::ContainerAddress { place: x() },
        Break::ContainerTokenUnreadable { path: "/x".into() },
        Break::ContainerTokenUnfit,
        Break::InstanceWithoutRole,
        Break::InstanceWithoutToken,
        Break::InstanceRoleUnusable {
            role: x(),
            code: x(),
        },
        Break::InstanceSwitchedOff { variable: "x" },
    ];
    for machine in [Machine::Container, Machine::Instance] {
        all.push(Break::MachineSilent { machine });
        let at = Timestamp(0);
        all.push(Break::MachineKeysEnded { machine, at });
        all.push(Break::MachineRefused {
            machine,
            status: 403,
        });
        for flaw in [
            OutputFlaw::Nothing,
            OutputFlaw::NotJson,
            OutputFlaw::WebPage,
            OutputFlaw::Version,
            OutputFlaw::Member("x"),
            OutputFlaw::NoTime("x"),
        ] {
            all.push(Break::MachineAnswer { machine, flaw });
        }
    }
    all
}

#[test]
fn every_cause_has_a_title_a_cause_and_a_next_step_of_its_own() {
    let when = When {
        now: Timestamp(86_400),
        zone: &TimeZone::UTC,
        home: None,
    };
    let all = all();
    let kinds: BTreeSet<usize> = all.iter().map(number_of).collect();
    assert_eq!(kinds.len(), KINDS);
    let told: Vec<Told> = all.iter().map(|cause| told(cause, &when)).collect();
    let titles: BTreeSet<&str> = told.iter().map(|one| one.title.as_str()).collect();
    let causes: BTreeSet<&str> = told.iter().map(|one| one.cause.as_str()).collect();
    assert_eq!(titles.len(), told.len(), "{titles:#?}");
    assert_eq!(causes.len(), told.len(), "{causes:#?}");
    let twice: Vec<_> = told.iter().filter(|one| says_it_twice(one)).collect();
    assert!(twice.is_empty(), "{twice:#?}");
    for one in &told {
        assert!(
            one.cause.ends_with('.') && one.next.ends_with('.'),
            "{one:?}"
        );
        assert!(
            !one.title.ends_with('.') && !one.title.contains('`'),
            "{one:?}"
        );
    }
}
