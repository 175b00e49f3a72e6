//! The tables of a report: what the credentials may do, what the server can do, which requests failed.
//!
//! Columns are as wide as what stands in them. Below a row stands what is worth more than a word; neighbours of which
//! the same is to be said share it.

use super::{line, mark};
use crate::domain::diagnosis::{
    Diagnosis, Exchange, ExchangeEnd, Light, Permission, PermissionRow, ServerView, Standing,
    Untested, Verdict,
};
use crate::words::diagnosis::{endpoint, permissions as may, write_test};
use crate::words::{exchange as words, visible};

/// What stands before what is said about a row.
const INDENT: &str = "         ";

/// A row of a table: its mark, its columns, and what is said below it.
struct Row<const COLUMNS: usize> {
    mark: &'static str,
    cells: [String; COLUMNS],
    below: String,
}

/// Writes rows in columns; what neighbours have in common below them stands below the last of them.
fn write<const COLUMNS: usize>(text: &mut String, rows: &[Row<COLUMNS>]) {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row.cells[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    for (at, row) in rows.iter().enumerate() {
        let mut written = row.mark.to_owned();
        for (cell, width) in row.cells.iter().zip(widths) {
            written += &format!(" {cell:<width$} ");
        }
        line(text, &written);
        let next = rows.get(at + 1).map(|next| next.below.as_str());
        if !row.below.is_empty() && next != Some(row.below.as_str()) {
            line(text, &format!("{INDENT}{}", row.below));
        }
    }
}

/// What the credentials may do: what was tried, how it ended, the action it needs, what the server said.
pub(super) fn permissions(text: &mut String, diagnosis: &Diagnosis) {
    let matrix = diagnosis.permissions.as_ref();
    let Some(matrix) = matrix.filter(|matrix| !matrix.bucket.is_empty()) else {
        return;
    };
    let place = visible(&format!("s3://{}/{}*", matrix.bucket, matrix.prefix));
    line(text, &format!("\nWhat these credentials may do ({place})"));
    let rows: Vec<Row<4>> = matrix.rows.iter().map(permission).collect();
    write(text, &rows);
    let wrote = matrix.verdict(Permission::Write) != Verdict::NotTested(Untested::NotAsked);
    let setup = diagnosis.setup.as_ref().filter(|_| wrote);
    let untried = setup.map_or_else(String::new, |setup| write_test::untried_locks(setup, ""));
    if !untried.is_empty() {
        line(text, &format!("{INDENT}{untried}"));
    }
    let left = write_test::left(matrix);
    if !left.is_empty() {
        line(text, &format!("{} {left}", mark(Light::Warning)));
    }
}

fn permission(row: &PermissionRow) -> Row<4> {
    let told = match &row.told {
        Some((status, code)) => visible(format!("{status} {code}").trim_end()),
        None => String::new(),
    };
    Row {
        mark: match row.verdict {
            Verdict::Allowed => "[ok]",
            Verdict::Denied(_) => "[no]",
            Verdict::Failed(_) if row.permission.writes() => mark(Light::Bad),
            Verdict::SignatureRefused { .. } | Verdict::Failed(_) => mark(Light::Warning),
            Verdict::Unsupported | Verdict::NotTested(_) => "[-] ",
        },
        cells: [
            may::name(row.permission).to_owned(),
            may::verdict(row.verdict).to_owned(),
            visible(row.missing_action()),
            told,
        ],
        below: may::below(row),
    }
}

/// What the server can do: each ability, what Amazon does, what was found, what a person says instead.
pub(super) fn abilities(text: &mut String, view: &ServerView<'_>) {
    if view.is_empty() {
        return;
    }
    line(text, &format!("\nWhat the server can do{}", who(view)));
    let head = ["", "Amazon S3", "found", "set"].map(str::to_owned);
    let mut rows = vec![Row {
        mark: "    ",
        cells: head,
        below: String::new(),
    }];
    rows.extend(view.standings().map(|standing| {
        let ability = standing.ability;
        let set = standing.set.map_or("", endpoint::answer);
        Row {
            mark: mark(match standing.holds() {
                None => Light::Skipped,
                Some(_) if standing.deviates() => Light::Info,
                Some(_) => Light::Good,
            }),
            cells: [
                endpoint::ability(ability).to_owned(),
                endpoint::answer(ability.of_amazon()).to_owned(),
                found_in_words(&standing),
                set.to_owned(),
            ],
            below: match endpoint::what_follows(&standing) {
                "" => endpoint::why_unknown(&standing),
                follows => follows.to_owned(),
            },
        }
    }));
    write(text, &rows);
}

/// What was found, and whether that was in an earlier examination.
fn found_in_words(standing: &Standing) -> String {
    let found = endpoint::found(standing);
    if standing.is_from_before() {
        return format!("{found} (before)");
    }
    found.to_owned()
}

/// How many requests a report lists.
const MOST_FAILED: usize = 20;

/// Requests that failed, newest first: when, which call, how it ended, how long that took, whom it asked and about what.
pub(super) fn failed(text: &mut String, failed: &[&Exchange]) {
    if failed.is_empty() {
        return;
    }
    let listed = failed.len().min(MOST_FAILED);
    let of_all = match failed.len() {
        all if all > listed => format!(" ({listed} of {all})"),
        _ => String::new(),
    };
    line(
        text,
        &format!("\nRequests that were refused or failed, newest first{of_all}"),
    );
    line(
        text,
        &format!("{INDENT}An examination asks for things that a healthy server may refuse too."),
    );
    let rows: Vec<Row<6>> = failed.iter().take(listed).map(|one| request(one)).collect();
    write(text, &rows);
}

fn request(exchange: &Exchange) -> Row<6> {
    let subject = match exchange.bucket.is_empty() {
        true => String::new(),
        false => words::subject(exchange),
    };
    let ids = [
        ("request id", exchange.request_id.as_deref()),
        ("second id", exchange.host_id.as_deref()),
    ];
    let mut below: Vec<String> = ids
        .into_iter()
        .filter_map(|(name, id)| Some(format!("{name} {}", visible(id?))))
        .collect();
    if let ExchangeEnd::Broken { message, .. } = &exchange.end {
        below.insert(0, visible(message.trim_end_matches('.')));
    }
    if exchange.attempt > 1 {
        below.push(format!("try {}", exchange.attempt));
    }
    Row {
        mark: "    ",
        cells: [
            words::began(exchange),
            exchange.operation.to_owned(),
            words::outcome(exchange),
            exchange.total_us.map(words::time).unwrap_or_default(),
            visible(&exchange.host),
            subject,
        ],
        below: below.join(", "),
    }
}

/// What the server is, in brackets.
fn who(view: &ServerView<'_>) -> String {
    let summary = endpoint::summary(view);
    let Some(report) = view.report else {
        return format!(" (as known from before; {summary})");
    };
    let mut told = vec![visible(&report.host), summary];
    if let Some(server) = &report.server {
        told.push(format!("it calls itself {}", visible(server)));
    }
    told.retain(|part| !part.is_empty());
    format!(" ({})", told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ErrorKind;
    use crate::domain::diagnosis::{
        Ability, Answer, Denial, EndpointReport, Known, Leftover, PermissionMatrix, PolicyKind,
        Product, ServerTraits, Setup,
    };

    fn matrix() -> PermissionMatrix {
        let mut matrix = PermissionMatrix::new("media", "photos/", Untested::NothingThere);
        matrix.set(PermissionRow {
            verdict: Verdict::Allowed,
            ..PermissionRow::untested(Permission::ListPrefix, Untested::NotAsked)
        });
        matrix.set(PermissionRow {
            verdict: Verdict::Denied(Denial::Explicit(Some(PolicyKind::Resource))),
            told: Some((403, "AccessDenied".to_owned())),
            ..PermissionRow::untested(Permission::Policy, Untested::NotAsked)
        });
        matrix
    }

    #[test]
    fn what_may_be_done_stands_in_columns_with_each_reason_once() {
        let mut text = String::new();
        permissions(&mut text, &with(matrix()));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[1],
            "What these credentials may do (s3://media/photos/*)"
        );
        assert_eq!(lines[2], "[ok] List the prefix   allowed     s3:ListBucket");
        let denied = lines.iter().position(|line| line.starts_with("[no]"));
        let denied = denied.unwrap();
        assert_eq!(
            lines[denied],
            "[no] Policy            denied      s3:GetBucketPolicy            403 AccessDenied"
        );
        assert!(lines[denied + 1].contains("The policy of the bucket denies s3:GetBucketPolicy"));
        // Eleven reads and four writes; the writes all wait for the same.
        assert_eq!(
            text.matches("Nobody asked for it yet.").count(),
            1,
            "{text}"
        );
        assert_eq!(text.matches("s3:").count(), 15 + 2, "{text}");
    }

    fn with(matrix: PermissionMatrix) -> Diagnosis {
        Diagnosis {
            permissions: Some(matrix),
            ..Diagnosis::default()
        }
    }

    #[test]
    fn what_a_write_test_did_not_try_and_why_it_failed_is_told() {
        let mut matrix = matrix();
        matrix.set(PermissionRow {
            verdict: Verdict::Failed(ErrorKind::Invalid),
            told: Some((400, "InvalidStorageClass".to_owned())),
            ..PermissionRow::untested(Permission::Write, Untested::NotAsked)
        });
        let mut diagnosis = with(matrix);
        diagnosis.setup = Some(Box::new(Setup {
            bucket: Some("media".to_owned()),
            storage_class: Some("COLD".to_owned()),
            locks: vec!["ObjectLockMode"],
            ..Setup::default()
        }));
        let mut text = String::new();
        permissions(&mut text, &diagnosis);
        assert!(text.contains("[X]  Write"), "{text}");
        assert!(text.contains("does not have this storage class"), "{text}");
        assert!(text.contains("Not tried: ObjectLockMode,"), "{text}");
        let before = write_test::before_writing("photos/", diagnosis.setup.as_deref());
        assert!(before.contains("storage class COLD"), "{before}");
    }

    #[test]
    fn what_a_test_left_behind_is_told_and_no_bucket_is_no_table() {
        let mut text = String::new();
        let mut left = matrix();
        left.leftovers.push(Leftover {
            key: "photos/.t".to_owned(),
            is_upload: false,
            may_arrive: false,
        });
        permissions(&mut text, &with(left));
        assert!(
            text.contains("could not remove the object photos/.t"),
            "{text}"
        );
        text.clear();
        permissions(&mut text, &Diagnosis::default());
        let nowhere = PermissionMatrix::new("", "", Untested::NoBucket);
        permissions(&mut text, &with(nowhere));
        let nothing = Diagnosis::default();
        abilities(
            &mut text,
            &ServerView::of(&nothing, &ServerTraits::default()),
        );
        assert_eq!(text, "");
    }

    #[test]
    fn what_the_server_can_do_stands_beside_amazons_with_what_follows() {
        let mut report = EndpointReport {
            product: Product::Minio,
            server: Some("MinIO".to_owned()),
            host: "localhost:9000".to_owned(),
            ..EndpointReport::default()
        };
        let mut traits = ServerTraits::default();
        report
            .findings
            .insert(Ability::Addressing, Known::Is(Answer::PathOnly));
        traits.found.insert(Ability::IfNoneMatch, Answer::Yes);
        traits.set.insert(Ability::Tagging, Answer::No);
        let mut text = String::new();
        let delete = Known::Denied(Permission::Delete);
        report.findings.insert(Ability::BatchDelete, delete);
        let diagnosis = Diagnosis {
            endpoint: Some(report),
            ..Diagnosis::default()
        };
        abilities(&mut text, &ServerView::of(&diagnosis, &traits));
        let has = |line: &str| assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        has(
            "What the server can do (localhost:9000; Looks like MinIO, 2 differences (1 set by you); it calls itself MinIO)",
        );
        has("                                  Amazon S3           found         set");
        has("[i]  Bucket in the address        host name and path  path only");
        has(
            "         There is no host name for each bucket; requests and links carry it in the path.",
        );
        has("[ok] If-None-Match                yes                 yes (before)");
        has("[i]  Tags                         yes                 not told      no");
        has("[-]  Checksum trailers            yes                 not tested");
        has("         Only the write test can tell.");
        has("[-]  Batch deletion               MD5 or checksum     not known");
        has("         Not known, because deleting was denied.");
        has("[-]  Versions                     yes                 not told");
    }

    #[test]
    fn requests_that_failed_stand_with_time_host_and_ids() {
        let told = |number| Exchange {
            number,
            host: "media.s3.eu-west-1.amazonaws.com".to_owned(),
            bucket: "media".to_owned(),
            key: "a\nb.txt".to_owned(),
            operation: "GetObject",
            total_us: Some(61_000),
            end: ExchangeEnd::Answered(403),
            code: Some("AccessDenied".to_owned()),
            request_id: Some("R7".to_owned()),
            host_id: Some("H7".to_owned()),
            attempt: 2,
            ..Exchange::blank(&"media".into())
        };
        let all: Vec<Exchange> = (0..30).map(told).collect();
        let all: Vec<&Exchange> = all.iter().collect();
        let mut text = String::new();
        failed(&mut text, &all);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].ends_with("newest first (20 of 30)"), "{text}");
        assert_eq!(
            lines[3],
            "     1970-01-01 00:00:00.000 UTC  GetObject  403 AccessDenied  61 ms  \
             media.s3.eu-west-1.amazonaws.com  media/a\\nb.txt"
        );
        assert!(
            text.contains("request id R7, second id H7, try 2"),
            "{text}"
        );
        text.clear();
        failed(&mut text, &[]);
        assert_eq!(text, "");
    }
}
