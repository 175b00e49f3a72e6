//! Round trips: what goes up comes back the same, under exactly the same keys.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::program::Setup;
use crate::support::{fetch, fixtures};

#[test]
fn a_file_goes_up_is_listed_and_comes_back() {
    let setup = Setup::new();
    let bytes = fixtures::pattern(100_000, 1);
    setup.file("photo.jpg", &bytes);
    let put = setup.run(&["put", "photo.jpg", "photos/2024/"]).ended(0);
    assert_eq!(put.lines(), ["photos/2024/photo.jpg"]);
    assert_eq!(setup.object("photos/2024/photo.jpg"), bytes);

    let listed = setup.run(&["ls", "photos/2024/"]).ended(0);
    let line = listed.lines()[0].split_whitespace().collect::<Vec<_>>();
    assert_eq!((line[0], line[2]), ("100000", "photos/2024/photo.jpg"));
    assert!(line[1].ends_with('Z') && line[1].contains('T'), "{line:?}");

    setup
        .run(&["get", "photos/2024/photo.jpg", "back.jpg"])
        .ended(0);
    assert_eq!(setup.read("back.jpg"), bytes);
    setup
        .run(&["get", "photos/2024/photo.jpg", "new/folder/"])
        .ended(0);
    assert_eq!(setup.read("new/folder/photo.jpg"), bytes);
}

#[test]
fn a_file_takes_the_key_it_is_given() {
    let setup = Setup::new();
    setup.file("a.txt", "one");
    for key in [
        "renamed.txt",
        "/a",
        "a//b",
        "a%2Fb+c d",
        "caf\u{e9} \u{1f600}",
    ] {
        setup.run(&["put", "a.txt", key]).ended(0);
        assert_eq!(setup.object(key), b"one", "{key}");
    }
    setup.run(&["put", "a.txt", "/"]).ended(0);
    assert_eq!(setup.object("a.txt"), b"one");
}

#[test]
fn a_folder_goes_with_its_name_and_a_prefix_brings_all_below() {
    let setup = Setup::new();
    let tree = [
        ("site/index.html", "<p>"),
        ("site/css/a b.css", "p{}"),
        ("site/css/deep/x", ""),
        ("notes.txt", "n"),
    ];
    fixtures::tree(setup.files.path(), &tree);
    setup.run(&["put", "site", "notes.txt", "www/"]).ended(0);
    let keys: BTreeSet<_> = setup.server.keys().into_iter().collect();
    let expected = [
        "www/notes.txt",
        "www/site/css/a b.css",
        "www/site/css/deep/x",
        "www/site/index.html",
    ];
    assert_eq!(keys, expected.map(str::to_owned).into());

    setup.run(&["get", "www/site/", "out"]).ended(0);
    let back = fixtures::read_tree(&setup.files.path().join("out"));
    let names: Vec<_> = back.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["css/a b.css", "css/deep/x", "index.html"]);
    assert_eq!(back[2].1, b"<p>");

    // A dot at the end leaves the folder's name out.
    setup.run(&["put", "site/.", "flat/"]).ended(0);
    assert_eq!(setup.object("flat/index.html"), b"<p>");
}

#[test]
fn a_large_file_goes_in_parts_and_comes_back_the_same() {
    let setup = Setup::new();
    let bytes = fixtures::pattern(40 * 1024 * 1024 + 7, 3);
    setup.file("large.bin", &bytes);
    setup.run(&["put", "large.bin", "big/"]).ended(0);
    assert!(setup.object("big/large.bin") == bytes, "the object differs");
    assert!(
        setup.server.uploads().is_empty(),
        "an unfinished upload was left"
    );
    setup.run(&["get", "big/large.bin", "back.bin"]).ended(0);
    assert!(setup.read("back.bin") == bytes, "the file differs");
}

#[test]
fn odd_keys_are_listed_fetched_linked_and_deleted_exactly() {
    let setup = Setup::new();
    let keys = fixtures::odd_keys();
    for key in &keys {
        setup.server.put(key, key.clone());
    }
    let mut expected = keys.clone();
    expected.sort();

    let listed = setup.run(&["ls", "-r", "-0", "/"]).ended(0);
    let mut seen: Vec<_> = listed.out.split_terminator('\0').collect();
    seen.sort_unstable();
    assert_eq!(seen, expected);

    for object in setup.run(&["ls", "--json", "-r"]).ended(0).objects() {
        let key = object["key"].as_str().unwrap();
        assert_eq!(
            object["size"].as_u64().unwrap(),
            key.len() as u64,
            "{key:?}"
        );
    }

    for key in keys.iter().filter(|key| !key.ends_with('/')) {
        setup
            .run(&["get", "--overwrite", "--", key, "one"])
            .ended(0);
        assert_eq!(setup.read("one"), key.as_bytes(), "{key:?}");
    }
    for key in &keys {
        let link = setup.run(&["url", "--", key]).ended(0).out;
        let answer = fetch::get(link.trim_end());
        assert_eq!((answer.status, answer.text()), (200, key.clone()), "{link}");
    }

    let mut arguments = vec!["rm", "--"];
    arguments.extend(keys.iter().map(String::as_str));
    setup.run(&arguments).ended(0);
    assert_eq!(setup.server.keys(), Vec::<String>::new());
}

#[test]
fn listing_follows_the_prefix_to_the_letter() {
    let setup = Setup::new();
    setup
        .server
        .put_keys(["a", "a/b", "a/c/d", "ab", "b", "a//x"]);
    let keys = |arguments: &[&str]| -> Vec<String> {
        let ran = setup.run(arguments).ended(0);
        ran.lines()
            .iter()
            .map(|line| line.split_whitespace().nth(2).unwrap().to_owned())
            .collect()
    };
    assert_eq!(keys(&["ls"]), ["a", "a/", "ab", "b"]);
    assert_eq!(keys(&["ls", "a"]), ["a", "a/", "ab"]);
    assert_eq!(keys(&["ls", "a/"]), ["a//", "a/b", "a/c/"]);
    assert_eq!(keys(&["ls", "-r", "a/"]), ["a//x", "a/b", "a/c/d"]);
    assert_eq!(keys(&["ls", "nothing"]), Vec::<String>::new());
}

#[test]
fn listings_of_many_pages_are_whole() {
    let setup = Setup::new();
    let keys: Vec<String> = (0..3_500)
        .map(|number| format!("many/{number:05}"))
        .collect();
    setup.server.put_keys(keys.clone());
    let listed = setup.run(&["ls", "-r0", "many/"]).ended(0);
    assert_eq!(listed.out.split_terminator('\0').collect::<Vec<_>>(), keys);
    setup.run(&["rm", "-r", "many/"]).ended(0);
    assert_eq!(setup.server.keys(), Vec::<String>::new());
}

#[test]
fn a_link_works_and_a_changed_one_does_not() {
    let setup = Setup::new();
    setup.server.put("a b/\u{e9}.txt", "content");
    for signature in ["s3v4", "s3"] {
        let option = format!("AWS_S3_SIGNATURE_VERSION={signature}");
        let link = setup
            .run(&[
                "url",
                "a b/\u{e9}.txt",
                "--expires",
                "600",
                "--set",
                &option,
            ])
            .ended(0);
        assert_eq!(link.lines().len(), 1, "{}", link.out);
        let link = link.out.trim_end();
        let answer = fetch::get(link);
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (200, b"content".as_slice()),
            "{link}"
        );
        assert_eq!(fetch::get(&flipped(link)).status, 403, "{link}");
    }
}

/// The link with one digit of its signature changed.
fn flipped(link: &str) -> String {
    let from = link.find("Signature=").expect("a signature") + "Signature=".len();
    let at = link[from..]
        .find(|c: char| c.is_ascii_alphanumeric())
        .expect("a digit")
        + from;
    let other = if &link[at..=at] == "a" { "b" } else { "a" };
    format!("{}{other}{}", &link[..at], &link[at + 1..])
}

#[test]
fn json_lines_tell_what_was_done() {
    let setup = Setup::new();
    setup.file("a.txt", "12345");
    let put = setup
        .run(&["--json", "put", "a.txt", "x/"])
        .ended(0)
        .objects();
    let uploaded = put
        .iter()
        .find(|line| line["type"] == "uploaded")
        .expect("uploaded");
    assert_eq!(
        (uploaded["key"].as_str(), uploaded["bytes"].as_u64()),
        (Some("x/a.txt"), Some(5))
    );
    let link = setup
        .run(&["url", "x/a.txt", "--json"])
        .ended(0)
        .objects()
        .remove(0);
    assert_eq!(fetch::get(link["url"].as_str().unwrap()).body, b"12345");
    assert!(link["works_until"].as_str().unwrap().ends_with('Z'));
    let get = setup
        .run(&["get", "x/a.txt", "b.txt", "--json"])
        .ended(0)
        .objects();
    assert!(
        get.iter()
            .any(|line| line["type"] == "downloaded" && line["bytes"] == 5),
        "{get:?}"
    );
    let removed = setup
        .run(&["rm", "x/a.txt", "nothing", "--json"])
        .ended(1)
        .objects();
    assert!(
        removed
            .iter()
            .any(|line| line["type"] == "deleted" && line["key"] == "x/a.txt"),
        "{removed:?}"
    );
    assert!(
        removed
            .iter()
            .any(|line| line["type"] == "error" && line["kind"] == "NoSuchKey"),
        "{removed:?}"
    );
}

#[test]
fn another_bucket_is_named_by_its_address() {
    let setup = Setup::new();
    setup.server.create_bucket("other");
    setup.file("a.txt", "one");
    setup.run(&["put", "a.txt", "s3://other/x/"]).ended(0);
    assert_eq!(setup.server.objects_in("other")[0].0, "x/a.txt");
    assert_eq!(setup.server.keys(), Vec::<String>::new());
    let listed = setup.run(&["ls", "s3://other/x/"]).ended(0);
    assert!(listed.out.ends_with("  x/a.txt\n"), "{}", listed.out);
    setup.run(&["get", "s3://other/x/a.txt", "back"]).ended(0);
    assert_eq!(setup.read("back"), b"one");
    setup.run(&["rm", "s3://other/x/a.txt"]).ended(0);
    assert!(setup.server.objects_in("other").is_empty());
}

#[test]
fn whoever_stops_reading_ends_it_quietly() {
    let setup = Setup::new();
    setup
        .server
        .put_keys((0..20_000).map(|number| format!("{number:06}-{}", "x".repeat(80))));
    let mut child = setup
        .command(&["ls", "-r"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(first.contains("000000-"), "{first}");
    assert_eq!(
        (
            ended.status.code(),
            String::from_utf8_lossy(&ended.stderr).as_ref()
        ),
        (Some(0), "")
    );
}

#[test]
fn a_policy_is_written_without_asking_the_server() {
    let setup = Setup::new();
    let written = setup
        .run(&["policy", "photos/", "--for", "browse,share"])
        .ended(0);
    let policy: serde_json::Value = serde_json::from_str(&written.out).unwrap();
    let text = policy.to_string();
    assert!(text.contains(":s3:::test-bucket/photos/*"), "{text}");
    assert!(text.contains("s3:GetObject") && !text.contains("s3:PutObject"));
    let form = [
        "policy",
        "s3://other",
        "--bucket-policy",
        "--principal",
        "123456789012",
        "--json",
    ];
    let objects = setup.run(&form).ended(0).objects();
    let policy = &objects[0]["policy"]["Statement"][0];
    assert_eq!(policy["Principal"]["AWS"], "arn:aws:iam::123456789012:root");
    assert_eq!(policy["Resource"], "arn:aws:s3:::other");
    // Django's keys below a location begin with its slash too.
    let location = ["policy", "--set", "AWS_LOCATION=photos"];
    let written = setup.run(&location).ended(0);
    assert!(
        written.out.contains(":s3:::test-bucket/photos/*\""),
        "{}",
        written.out
    );
    assert!(written.out.contains("\"photos/\","), "{}", written.out);
    assert!(!written.out.contains("photos*"), "{}", written.out);
    let open = setup.run(&["policy", "photos"]).ended(0);
    assert!(open.err.contains("photos-private/"), "{}", open.err);
    let service = [
        "policy",
        "--bucket-policy",
        "--principal",
        "cloudfront.amazonaws.com",
    ];
    let warned = setup.run(&service).ended(0);
    assert!(warned.err.contains("Name the source"), "{}", warned.err);
    let source = "arn:aws:cloudfront::123456789012:distribution/E1";
    let limited = setup
        .run(&[&service[..], &["--source", source]].concat())
        .ended(0);
    assert!(limited.out.contains(source) && limited.err.is_empty());
    let nobody = ["policy", "--bucket-policy", "--principal", "anna"];
    assert!(
        setup
            .run(&nobody)
            .ended(2)
            .err
            .contains("This names nobody")
    );
    assert!(setup.server.requests().is_empty());
}
