//! Roles that are taken, and the codes that they ask for.

use super::*;

/// Gives these codes one after the other, and remembers why each was asked for.
struct Person {
    codes: Mutex<Vec<&'static str>>,
    refused: Mutex<Vec<Option<CodeRefusal>>>,
}

impl Person {
    fn with(codes: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            codes: Mutex::new(codes.iter().rev().copied().collect()),
            refused: Mutex::default(),
        })
    }

    fn refused(&self) -> Vec<Option<CodeRefusal>> {
        self.refused.lock().unwrap().clone()
    }
}

struct Asking(Arc<Person>);

impl AskCode for Asking {
    fn ask(
        &self,
        request: CodeRequest,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<Secret>> + Send + 'static>> {
        self.0.refused.lock().unwrap().push(request.refused);
        let code = self.0.codes.lock().unwrap().pop();
        Box::pin(async move { code.map(Secret::new) })
    }
}

fn mfa_role() -> RoleSpec {
    RoleSpec {
        arn: "arn:aws:iam::111111111111:role/needs-mfa".to_owned(),
        mfa_serial: Some("arn:aws:iam::111111111111:mfa/me".to_owned()),
        ..RoleSpec::default()
    }
}

#[tokio::test]
async fn a_role_is_taken_with_all_it_asks_for() {
    let place = Place::new(Behaviour {
        external_id: Some("a b&c"),
        ..Behaviour::default()
    });
    let role = RoleSpec {
        arn: "arn:aws:iam::111111111111:role/team/editor".to_owned(),
        external_id: Some("a b&c".to_owned()),
        session_name: Some("me@work".to_owned()),
        duration_secs: Some(7200),
        mfa_serial: None,
    };
    let storage = Storage::connect_in(with_role(role.clone()), place.world(""))
        .await
        .unwrap();
    let identity = storage.identity().await.unwrap();
    assert_eq!(identity.source, "role \"editor\" of connection");
    assert_eq!(identity.renewal, Renewal::Automatic);
    let form = pairs(std::str::from_utf8(&place.amazon.asked()[0].body).unwrap());
    assert_eq!(form["RoleSessionName"], "me@work");
    assert_eq!(form["DurationSeconds"], "7200");
    assert_eq!(form["ExternalId"], "a b&c");

    let wrong = RoleSpec {
        external_id: None,
        ..role
    };
    let storage = Storage::connect_in(with_role(wrong), place.world(""))
        .await
        .unwrap();
    let error = storage.identity().await.unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref()),
        (ErrorKind::AccessDenied, Some("AccessDenied"))
    );

    let plain = Storage::connect_in(config(keys()), place.world(""))
        .await
        .unwrap();
    let caller = plain.caller().await.unwrap();
    assert_eq!(caller.arn, "arn:aws:iam::111111111111:user/me");
    assert_eq!(plain.identity().await.unwrap().renewal, Renewal::Never);
}

#[tokio::test]
async fn a_code_is_asked_for_until_it_fits_and_never_used_twice() {
    let place = Place::new(Behaviour::default());
    let person = Person::with(&["12 34", "000000", "123 456"]);
    let world = place
        .world("")
        .asking(Arc::new(Asking(Arc::clone(&person))));
    let storage = Storage::connect_in(with_role(mfa_role()), world.clone())
        .await
        .unwrap();
    let identity = storage.identity().await.unwrap();
    assert_eq!(identity.renewal, Renewal::Code);
    assert_eq!(
        person.refused(),
        [
            None,
            Some(CodeRefusal::NotSixDigits),
            Some(CodeRefusal::Wrong)
        ]
    );
    // What is no code, and what was used, does not reach the server.
    assert_eq!(place.amazon.count("/"), 2);

    person.codes.lock().unwrap().push("123456");
    let again = Storage::connect_in(with_role(mfa_role()), world)
        .await
        .unwrap();
    let error = again.identity().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CodeNeeded);
    assert_eq!(person.refused().last(), Some(&Some(CodeRefusal::Used)));
    assert_eq!(place.amazon.count("/"), 2);

    let nobody = Storage::connect_in(with_role(mfa_role()), place.world(""))
        .await
        .unwrap();
    assert_eq!(
        nobody.identity().await.unwrap_err().kind,
        ErrorKind::CodeNeeded
    );
}

#[tokio::test]
async fn a_profile_that_wants_a_code_asks_for_it() {
    let place = Place::new(Behaviour::default());
    let shared = "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n\
        [profile mfa]\nrole_arn = arn:aws:iam::111111111111:role/needs-mfa\nsource_profile = base\n\
        mfa_serial = arn:aws:iam::111111111111:mfa/profile\n\
        [profile web]\nrole_arn = arn:aws:iam::111111111111:role/web\nweb_identity_token_file = TOKEN\n";
    let token = place.home.path().join("token");
    std::fs::write(&token, "good-token\n").unwrap();
    let shared = shared.replace("TOKEN", token.to_str().unwrap());
    let person = Person::with(&["123456"]);
    let world = place
        .world(&shared)
        .asking(Arc::new(Asking(Arc::clone(&person))));
    let of = |name: &str| config(CredentialSpec::Profile(name.to_owned()));
    let storage = Storage::connect_in(of("mfa"), world.clone()).await.unwrap();
    assert_eq!(storage.identity().await.unwrap().source, "profile \"mfa\"");
    assert_eq!(person.refused(), [None]);

    let web = Storage::connect_in(of("web"), world.clone()).await.unwrap();
    assert_eq!(web.identity().await.unwrap().source, "profile \"web\"");
    std::fs::write(&token, "old-token").unwrap();
    let ended = Storage::connect_in(of("web"), world).await.unwrap();
    assert_eq!(
        ended.identity().await.unwrap_err().kind,
        ErrorKind::ExpiredCredentials
    );
}
