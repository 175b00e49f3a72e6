//! `ls` where something else was meant than what is set: each refusal with its own cause and a next step that helps.

use crate::program::{bare, run};
use crate::support::fixtures;
use crate::support::memory_s3::{ACCESS_KEY, BUCKET, SECRET_KEY};
use crate::support::scripted::{Reply, ScriptedServer};

/// What `ls` says of a server that answers all like this, in the first region.
fn told(reply: Reply) -> String {
    let server = ScriptedServer::start(move |_| reply.clone());
    let home = fixtures::folder();
    let mut command = bare(home.path());
    command.arg("ls");
    for option in [
        format!("AWS_S3_ENDPOINT_URL={}", server.endpoint()),
        format!("AWS_STORAGE_BUCKET_NAME={BUCKET}"),
        format!("AWS_S3_ACCESS_KEY_ID={ACCESS_KEY}"),
        format!("AWS_S3_SECRET_ACCESS_KEY={SECRET_KEY}"),
        "AWS_S3_REGION_NAME=us-east-1".to_owned(),
    ] {
        command.args(["--set", &option]);
    }
    run(&mut command).ended(1).err
}

#[test]
fn a_region_that_is_set_already_is_not_to_be_set() {
    let elsewhere = |region: &str| {
        let region = format!("<Region>{region}</Region>");
        Reply::error(400, "AuthorizationHeaderMalformed", &region)
    };
    let said = told(elsewhere("us-east-1"));
    assert!(
        said.contains("the endpoint belongs to another region"),
        "{said}"
    );
    assert!(said.contains("Clear AWS_S3_ENDPOINT_URL"), "{said}");
    assert!(!said.contains("Set AWS_S3_REGION_NAME"), "{said}");
    let said = told(elsewhere("eu-west-1"));
    assert!(
        said.contains("Set AWS_S3_REGION_NAME to eu-west-1."),
        "{said}"
    );
}

#[test]
fn a_clock_that_agrees_is_not_to_be_set() {
    let refused = || Reply::error(403, "RequestTimeTooSkewed", "");
    let now = cooperage::domain::Timestamp::now();
    let date = |ahead: i64| {
        let at = cooperage::domain::Timestamp(now.0 + ahead);
        at.strftime("%a, %d %b %Y %H:%M:%S GMT", &jiff::tz::TimeZone::UTC)
    };
    let said = told(refused().header("date", &date(0)));
    assert!(said.contains("its clock agrees"), "{said}");
    assert!(!said.contains("Set the clock"), "{said}");
    for reply in [refused(), refused().header("date", &date(7_200))] {
        let said = told(reply);
        assert!(said.contains("Set the clock"), "{said}");
    }
}

#[test]
fn what_is_no_answer_of_s3_is_said_to_be_none() {
    let said = told(Reply::new(418, "<h1>I am a teapot</h1>"));
    let cause =
        "The answer is 418 without an error code, as S3 would give one. It says: I am a teapot.";
    assert!(
        said.contains(cause) && said.contains("Check the endpoint"),
        "{said}"
    );
    for page in [
        Reply::new(200, "<html>console</html>"),
        Reply::new(200, ""),
        Reply::new(404, "<h1>nginx</h1>"),
    ] {
        let said = told(page);
        assert!(
            said.contains("What answers there is no S3 server"),
            "{said}"
        );
    }
    let said = told(Reply::new(403, "<h1>Blocked</h1>"));
    assert!(
        said.contains("Somebody on the way refuses") && said.contains("It says: Blocked."),
        "{said}"
    );
}

#[test]
fn an_answer_that_is_cut_is_said_to_be_cut() {
    let said = told(Reply::new(200, "<ListBucketResult><Name>"));
    assert!(
        said.contains("The answer broke off in its middle."),
        "{said}"
    );
    let cut = Reply::new(200, "<ListBucketResult>").header("content-length", "1000");
    let said = told(cut);
    assert!(
        said.contains("The answer broke off in its middle."),
        "{said}"
    );
}
