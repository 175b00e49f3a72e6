//! Identity Center's portal: the accounts and roles of who is signed in, and keys for one of them.

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::Method;
use serde_json::Value as Json;

use super::oidc::json_of;
use crate::domain::diagnosis::{AskedService, Break, BrokenSource, StrangeAnswer};
use crate::domain::{
    Account, ErrorKind, IdentityCenterRole, Operation, Secret, SignInSession, StorageError,
};
use crate::storage::http::HttpPool;
use crate::storage::service::{self, Ask, Place, Service};
use crate::storage::world::World;

/// No organisation has nearly as many pages of a hundred accounts.
const MOST_PAGES: usize = 100;

/// The service at one place.
#[derive(Clone, Debug)]
pub(super) struct Portal {
    pool: HttpPool,
    place: Place,
}

impl Portal {
    pub(super) fn new(pool: &HttpPool, region: &str, world: &World) -> Result<Self, StorageError> {
        Ok(Self {
            pool: pool.clone(),
            place: Place::find(Service::Sso, region, None, world)?,
        })
    }

    /// All accounts, by name.
    pub(super) async fn accounts(
        &self,
        session: &SignInSession,
        token: &Secret,
    ) -> Result<Vec<Account>, StorageError> {
        let pages = self
            .pages(session, token, "/assignment/accounts", &[], "accountList")
            .await?;
        let field = |json: &Json, key: &str| json[key].as_str().unwrap_or_default().to_owned();
        let mut accounts: Vec<Account> = pages
            .iter()
            .map(|json| Account {
                id: field(json, "accountId"),
                name: field(json, "accountName"),
                email: field(json, "emailAddress"),
            })
            .filter(|account| !account.id.is_empty())
            .collect();
        accounts.sort_by_cached_key(|account| (account.name.to_lowercase(), account.id.clone()));
        Ok(accounts)
    }

    /// The roles that may be had in an account, by name.
    pub(super) async fn roles(
        &self,
        session: &SignInSession,
        token: &Secret,
        account: &str,
    ) -> Result<Vec<String>, StorageError> {
        let query = [("account_id", account)];
        let pages = self
            .pages(session, token, "/assignment/roles", &query, "roleList")
            .await?;
        let mut roles: Vec<String> = pages
            .iter()
            .filter_map(|json| json["roleName"].as_str().map(str::to_owned))
            .collect();
        roles.sort_by_cached_key(|role| role.to_lowercase());
        Ok(roles)
    }

    /// Keys of a role.
    pub(super) async fn keys(
        &self,
        role: &IdentityCenterRole,
        token: &Secret,
    ) -> Result<Credentials, StorageError> {
        let query = [
            ("account_id", role.account.as_str()),
            ("role_name", role.role.as_str()),
        ];
        let session = role.sign_in_session();
        let json = self
            .get(&session, token, "/federation/credentials", &query)
            .await?;
        let json = &json["roleCredentials"];
        let field = |key: &str| json[key].as_str().filter(|text| !text.is_empty());
        let (Some(id), Some(secret)) = (field("accessKeyId"), field("secretAccessKey")) else {
            let cause = Break::StrangerAnswers {
                service: AskedService::IdentityCenter,
                host: self.place.host.clone(),
                what: StrangeAnswer::Other,
            };
            return Err(foreign(&session).with_source(BrokenSource(cause)));
        };
        let end = json["expiration"]
            .as_u64()
            .map(|millis| std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis));
        let token = field("sessionToken").map(str::to_owned);
        Ok(Credentials::new(id, secret, token, end, "identity-center"))
    }

    async fn pages(
        &self,
        session: &SignInSession,
        token: &Secret,
        path: &str,
        query: &[(&str, &str)],
        list: &str,
    ) -> Result<Vec<Json>, StorageError> {
        let mut all = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.push(("max_result", "100"));
            query.extend(next.as_deref().map(|next| ("next_token", next)));
            let mut page = self.get(session, token, path, &query).await?;
            let Some(Json::Array(items)) = page.get_mut(list).map(Json::take) else {
                return Err(foreign(session));
            };
            all.extend(items);
            next = page["nextToken"]
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned);
            if next.is_none() {
                break;
            }
        }
        Ok(all)
    }

    async fn get(
        &self,
        session: &SignInSession,
        token: &Secret,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Json, StorageError> {
        let asked = Ask {
            operation: Operation::SignIn,
            subject: session.cache_id(),
            method: Method::GET,
            path,
            query,
            headers: vec![("x-amz-sso_bearer_token", token.reveal().to_owned())],
            body: Bytes::new(),
        };
        let answer = service::ask(&self.pool, &self.place, &asked).await?;
        json_of(&answer, session.cache_id(), &foreign(session)).map_err(|failure| {
            let service = AskedService::IdentityCenter;
            match service::unanswered(service, &self.place, &answer) {
                Some(cause) if failure.code.is_none() || answer.status >= 500 => {
                    failure.with_source(BrokenSource(cause))
                }
                _ => failure,
            }
        })
    }
}

fn foreign(session: &SignInSession) -> StorageError {
    StorageError::new(
        Operation::SignIn,
        ErrorKind::Unsupported,
        session.cache_id(),
    )
    .with_message("the answer is not from Identity Center")
}
