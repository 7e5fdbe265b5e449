//! A provider of identities some officials may sign in at: the protocol (OpenID Connect, code flow with PKCE), and nothing of accounts.

use chrono::{DateTime, Utc};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, TokenResponse,
    core::{
        CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
        CoreProviderMetadata, CoreResponseType,
    },
    http,
};
use serde::Deserialize;
use std::{fmt, time::Duration};

/// Where the provider sends the browser back to, under the address of the site.
pub const WAY_BACK: &str = "/sign-in/provider/back";
/// Longest time one request to the provider may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest time all requests of one step may take.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(10);
/// Most bytes of an answer; keys and a token are a few kilobytes.
const LARGEST_ANSWER: u64 = 256 * 1024;
/// Most characters of the name on the button.
const LONGEST_NAME: usize = 20;
/// Signatures that need the private key of the provider; never a shared secret, never none.
const SIGNATURES: [CoreJwsSigningAlgorithm; 4] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the file of the operator says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Address of the provider, as it names itself.
    pub issuer: String,
    /// What the provider calls this site.
    pub client_id: String,
    /// The secret shared with the provider.
    pub client_secret: String,
    /// What officials call the provider.
    pub name: String,
    /// Values of `amr` or `acr` that stand for a second factor; none, where the file says nothing.
    #[serde(default)]
    pub second_factor: Vec<String>,
}

/// Why settings cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsProblem {
    /// The address of the provider is none, or is not encrypted.
    Issuer,
    /// The public address of the site is none.
    BaseUrl,
    /// Name, client id or client secret is missing, or the name is too long for a button.
    Missing,
}

impl fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuer => "issuer 要写完整的 https:// 网址；只有本机的服务可以用 http://",
            Self::BaseUrl => "要用 --base-url 写明网站的完整网址，登录以后才回得来",
            Self::Missing => "client_id、client_secret、name 都要填写，name 不超过 20 个字",
        })
    }
}

/// A provider, ready to be asked.
#[derive(Clone)]
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    name: String,
    second_factor: Vec<String>,
    back: RedirectUrl,
}

/// Without the secret.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why the provider could not say who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderFault {
    /// It did not answer in time, or not at all.
    Silent,
    /// It answered something that is not of the protocol, or that it is somebody else.
    Unclear,
    /// The person, or the provider, said no.
    Denied,
    /// It does not take the code: used before, or too old.
    Code,
    /// What it said is not signed with its key.
    Signature,
    /// What it said was said for another sign-in.
    OtherSignIn,
    /// What it said is over.
    Over,
    /// What it said was said to another site, or by another provider.
    OtherSite,
}

impl fmt::Display for ProviderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent => "统一身份认证现在没有回答。请过几分钟再试，或者用账号和密码登录",
            Self::Unclear => {
                "统一身份认证的回答读不懂。请系统管理员核对设置；现在可以用账号和密码登录"
            }
            Self::Denied => {
                "统一身份认证没有同意这次登录，什么也没有改变。可以重新登录，或者用账号和密码登录"
            }
            Self::Code => "统一身份认证不认这次登录的凭据，可能用过了或过期了。请重新登录",
            Self::Signature => {
                "统一身份认证的回答签名不对，没有采信。请重新登录；再次出现，请告诉系统管理员"
            }
            Self::OtherSignIn => "统一身份认证的回答不是给这次登录的，没有采信。请重新登录",
            Self::Over => {
                "统一身份认证的回答已经过期。请重新登录；再次出现，请系统管理员核对两边的时钟"
            }
            Self::OtherSite => {
                "统一身份认证的回答不是给本站的，没有采信。请系统管理员核对 issuer 和 client_id"
            }
        })
    }
}

/// What a sign-in under way is known by: the first two travel with the browser, the third never does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Secrets<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
}

/// Whom the provider knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub subject: String,
    /// Whether it says that the person showed a second factor, where its word on that is taken.
    pub second_factor: bool,
}

impl Provider {
    /// A provider out of what the operator wrote; `base_url` is the public address of the site.
    ///
    /// # Errors
    /// [`SettingsProblem`].
    pub fn new(settings: ProviderSettings, base_url: &str) -> Result<Self, SettingsProblem> {
        let named = (1..=LONGEST_NAME).contains(&settings.name.trim().chars().count());
        if !named || settings.client_id.is_empty() || settings.client_secret.is_empty() {
            return Err(SettingsProblem::Missing);
        }
        let issuer = IssuerUrl::new(settings.issuer).map_err(|_| SettingsProblem::Issuer)?;
        let host = issuer.url().host_str().unwrap_or_default();
        let at_this_machine = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        match issuer.url().scheme() {
            "https" => {}
            "http" if at_this_machine => {}
            _ => return Err(SettingsProblem::Issuer),
        }
        let back = RedirectUrl::new(format!("{base_url}{WAY_BACK}"));
        Ok(Self {
            issuer,
            client_id: ClientId::new(settings.client_id),
            client_secret: ClientSecret::new(settings.client_secret),
            name: settings.name.trim().to_owned(),
            second_factor: settings.second_factor,
            back: back.map_err(|_| SettingsProblem::BaseUrl)?,
        })
    }

    /// What officials call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address, as it names itself.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The address at the provider the browser is sent to.
    pub(crate) async fn address(&self, secrets: Secrets<'_>) -> Result<String, ProviderFault> {
        let (state, nonce) = (secrets.state.to_owned(), secrets.nonce.to_owned());
        let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
        let metadata = self.asked(Self::metadata).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.client_id.clone(), None);
        let (address, ..) = client
            .set_redirect_uri(self.back.clone())
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address.into())
    }

    /// Whom the provider knows by this code, on its signed word for this very sign-in.
    pub(crate) async fn known(
        &self,
        code: &str,
        secrets: Secrets<'_>,
        now: DateTime<Utc>,
    ) -> Result<Known, ProviderFault> {
        let (code, verifier) = (code.to_owned(), secrets.verifier.to_owned());
        let nonce = Nonce::new(secrets.nonce.to_owned());
        self.asked(move |own| own.exchanged(code, verifier, &nonce, now))
            .await
    }

    /// Asks on a thread that may wait.
    async fn asked<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Self) -> Result<T, ProviderFault> + Send + 'static,
    ) -> Result<T, ProviderFault> {
        let own = self.clone();
        let asking = tokio::task::spawn_blocking(move || question(&own));
        match tokio::time::timeout(PATIENCE_IN_ALL, asking).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(ProviderFault::Silent),
        }
    }

    /// What the provider says of itself; its own name in it is the one the operator wrote.
    fn metadata(&self) -> Result<CoreProviderMetadata, ProviderFault> {
        CoreProviderMetadata::discover(&self.issuer, &fetched).map_err(|error| match error {
            DiscoveryError::Request(_) => ProviderFault::Silent,
            DiscoveryError::Response(status, ..) if status.is_server_error() => {
                ProviderFault::Silent
            }
            _ => ProviderFault::Unclear,
        })
    }

    fn exchanged(
        &self,
        code: String,
        verifier: String,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<Known, ProviderFault> {
        let secret = Some(self.client_secret.clone());
        let client =
            CoreClient::from_provider_metadata(self.metadata()?, self.client_id.clone(), secret)
                .set_redirect_uri(self.back.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| ProviderFault::Unclear)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request(&fetched)
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(_) => ProviderFault::Code,
                RequestTokenError::Request(_) => ProviderFault::Silent,
                _ => ProviderFault::Unclear,
            })?;
        let token = answer.id_token().ok_or(ProviderFault::Unclear)?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(move || now);
        self.believed(token, &verifier, nonce)
    }

    fn believed(
        &self,
        token: &CoreIdToken,
        verifier: &CoreIdTokenVerifier<'_>,
        nonce: &Nonce,
    ) -> Result<Known, ProviderFault> {
        let claims = token.claims(verifier, nonce).map_err(|error| {
            // Names the check that failed; never a claim.
            match error {
                ClaimsVerificationError::Expired(_) => ProviderFault::Over,
                ClaimsVerificationError::InvalidNonce(_) => ProviderFault::OtherSignIn,
                ClaimsVerificationError::InvalidIssuer(_)
                | ClaimsVerificationError::InvalidAudience(_) => ProviderFault::OtherSite,
                ClaimsVerificationError::SignatureVerification(_) => ProviderFault::Signature,
                _ => ProviderFault::Unclear,
            }
        })?;
        let stands_for_two = |value: &str| self.second_factor.iter().any(|own| own == value);
        let mut methods = claims.auth_method_refs().into_iter().flatten();
        let class = claims.auth_context_ref();
        Ok(Known {
            subject: claims.subject().as_str().to_owned(),
            second_factor: methods.any(|method| stands_for_two(method))
                || class.is_some_and(|class| stands_for_two(class)),
        })
    }
}

/// One request, to exactly the address asked for.
fn fetched(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let (head, mut body) = agent.run(request)?.into_parts();
    let body = body.with_config().limit(LARGEST_ANSWER).read_to_vec()?;
    Ok(http::Response::from_parts(head, body))
}
