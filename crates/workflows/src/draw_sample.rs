//! Draws the sample and invites: the only verb that brings a contact and a code together, in one mail, and forgets both.

use crate::{
    Action, Actor, App, Refusal, Verb, allow,
    audit::audited,
    collect::round_key,
    documents::rules,
    rounds::{find, step},
    send_mail::{Mail, enqueue},
};
use chrono::{DateTime, Utc};
use rand::{Rng, seq::SliceRandom};
use response_collection::{DrawCertificate, Frame, FrameMember, Token, draw, hash};
use std::collections::BTreeMap;
use storage::{
    draws::{self, DrawnMember, SampleDraw},
    invitations::{self, Invitation, InvitationKind, InvitationState, TokenRow, TokenState},
    pool,
    rounds::{self, RoundRecord},
};
use survey_design::{RoundState, Rules};
use vocabulary::{RaterGroup, RoundId, StratumId, Weight, civil_date};

/// What was drawn and invited.
#[derive(Clone, Debug)]
pub struct DrawReport {
    /// Certificate with which anybody can draw again.
    pub certificate: DrawCertificate,
    /// People drawn by group.
    pub drawn: BTreeMap<RaterGroup, u64>,
    /// Enterprises invited to the online evaluation (X).
    pub enterprises: u64,
}

struct Invited {
    pseudonym: String,
    kind: InvitationKind,
    group: RaterGroup,
    stratum: StratumId,
    weight: Weight,
    enterprise_key: Option<String>,
}

/// Draws with the published seed and issues one invitation for each person drawn, and one for each enterprise.
///
/// The order of the mails says nothing about the order of the draw.
///
/// # Errors
/// When the pool is too small, the round has been drawn already, or the vault cannot be read.
pub async fn draw_sample(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    seed: u64,
    base_url: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<DrawReport> {
    allow(actor, Action::Prepare)?;
    let record = find(app, id).await?;
    let rules = rules(app, &record.round.rules_digest).await?;
    let members = pool::list_pool_members(app.store()).await?;
    let frame = frame(&members, &record)?;
    let drawn = draw(&frame, &rules.sample.quota, seed)
        .map_err(|refused| Refusal::Draw(refused.to_string()))?;
    let certificate = drawn.certificate(id.clone(), &frame);
    let mut invited: Vec<Invited> = drawn.drawn.iter().map(person).collect();
    let enterprises = enterprises(&members);
    let report = DrawReport {
        certificate: certificate.clone(),
        drawn: count_by_group(&invited),
        enterprises: enterprises.len() as u64,
    };
    invited.extend(enterprises);
    invited.shuffle(rng);

    let secret = app.keys.read_or_make(&round_key(id), rng)?;
    let contacts = contacts(app, actor, id, &invited, now, rng).await?;
    let tx = app.store.begin().await?;
    step(&tx, id, RoundState::Sampling, now).await?;
    rounds::set_round_seed(&tx, id, seed).await?;
    let draw_row = SampleDraw {
        id: format!("draw-{id}"),
        round_id: id.to_string(),
        seed,
        certificate: serde_json::to_string(&certificate).expect("a certificate is plain data"),
        drawn_by: actor.account.to_string(),
        drawn_at: now,
    };
    draws::insert_draw(&tx, draw_row).await?;
    draws::insert_drawn_members(
        &tx,
        drawn.drawn.iter().map(|one| drawn_row(id, one)).collect(),
    )
    .await?;
    let (mut invitations, mut tokens) = (Vec::new(), Vec::new());
    for one in &invited {
        let token = Token::generate(rng);
        tokens.push(token_row(id, one, hash(&secret, &token)));
        invitations.push(invitation_row(
            id,
            one,
            contacts.contains_key(&one.pseudonym),
            now,
        ));
        if let Some(address) = contacts.get(&one.pseudonym) {
            let mail = invitation_mail(&record, &rules, one, &token, base_url, address);
            let job = format!("invitation-{id}-{}-{}", code_of(one.kind), one.pseudonym);
            enqueue(app, &tx, &job, &mail, rng).await?;
        }
    }
    invitations::insert_invitations(&tx, invitations).await?;
    invitations::insert_tokens(&tx, tokens).await?;
    audited(&tx, actor, "draw_sample", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(report)
}

fn frame(members: &[pool::PoolMember], record: &RoundRecord) -> Verb<Frame> {
    let rested = |until: Option<chrono::NaiveDate>| {
        until.is_none_or(|until| until < record.round.period_end)
    };
    let members: Vec<_> = members
        .iter()
        .filter(|member| member.consent && rested(member.rest_until))
        .filter_map(|member| {
            let group = RaterGroup::from_code(&member.rater_group)?;
            Some(FrameMember {
                pseudonym: member.pseudonym.clone(),
                group,
                stratum: member.stratum.as_str().into(),
            })
        })
        .collect();
    if members.is_empty() {
        return Err(
            Refusal::Draw("样本库是空的，请先导入样本库（huiyin import pool）".into()).into(),
        );
    }
    Ok(Frame { members })
}

fn person(drawn: &response_collection::Drawn) -> Invited {
    Invited {
        pseudonym: drawn.pseudonym.clone(),
        kind: InvitationKind::Overall,
        group: drawn.group,
        stratum: drawn.stratum.clone(),
        weight: drawn.base_weight(),
        enterprise_key: None,
    }
}

/// Every enterprise of the pool rates online; they stand in the pool under the stratum `X`.
fn enterprises(members: &[pool::PoolMember]) -> Vec<Invited> {
    let listed = members
        .iter()
        .filter(|member| member.rater_group == ENTERPRISE_LIST);
    listed
        .map(|member| Invited {
            pseudonym: member.pseudonym.clone(),
            kind: InvitationKind::Enterprise,
            group: RaterGroup::Enterprises,
            stratum: member.stratum.as_str().into(),
            weight: Weight::whole(1),
            enterprise_key: Some(member.pseudonym.clone()),
        })
        .collect()
}

/// The pool's group of enterprises that rate online; it is no rater group of the survey.
pub const ENTERPRISE_LIST: &str = "enterprise_list";

fn count_by_group(invited: &[Invited]) -> BTreeMap<RaterGroup, u64> {
    let mut counts = BTreeMap::new();
    for one in invited {
        *counts.entry(one.group).or_default() += 1;
    }
    counts
}

async fn contacts(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    invited: &[Invited],
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<BTreeMap<String, String>> {
    let wanted: Vec<String> = invited.iter().map(|one| one.pseudonym.clone()).collect();
    let purpose = format!("invitation {id}");
    let people = app
        .vault
        .contacts(&wanted, actor.account.as_str(), &purpose, now, rng)
        .await
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(people
        .into_iter()
        .filter(|person| !person.email.is_empty())
        .map(|person| (person.pseudonym, person.email))
        .collect())
}

fn drawn_row(id: &RoundId, drawn: &response_collection::Drawn) -> DrawnMember {
    DrawnMember {
        round_id: id.to_string(),
        pseudonym: drawn.pseudonym.clone(),
        rater_group: drawn.group.code().to_owned(),
        stratum: drawn.stratum.to_string(),
        population: drawn.population.cast_signed(),
        sample: drawn.sample.cast_signed(),
    }
}

fn token_row(id: &RoundId, one: &Invited, token_hash: String) -> TokenRow {
    TokenRow {
        token_hash,
        round_id: id.to_string(),
        kind: one.kind,
        rater_group: one.group.code().to_owned(),
        stratum: one.stratum.to_string(),
        weight_micro: one.weight.steps(),
        enterprise_key: one.enterprise_key.clone(),
        state: TokenState::Issued,
    }
}

fn invitation_row(id: &RoundId, one: &Invited, reachable: bool, now: DateTime<Utc>) -> Invitation {
    Invitation {
        id: format!("{id}-{}-{}", code_of(one.kind), one.pseudonym),
        round_id: id.to_string(),
        kind: one.kind,
        pseudonym: one.pseudonym.clone(),
        state: if reachable {
            InvitationState::Invited
        } else {
            InvitationState::Undeliverable
        },
        created_on: civil_date(now),
    }
}

const fn code_of(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Overall => "overall",
        InvitationKind::Enterprise => "enterprise",
    }
}

fn invitation_mail(
    record: &RoundRecord,
    rules: &Rules,
    one: &Invited,
    token: &Token,
    base_url: &str,
    to: &str,
) -> Mail {
    let code = token.text();
    let round = &record.round;
    let what = if one.kind == InvitationKind::Enterprise {
        "涉企部门"
    } else {
        "部门"
    };
    let most = match one.kind {
        InvitationKind::Overall => rules.sample.units_per_person,
        InvitationKind::Enterprise => rules.sample.units_per_enterprise,
    };
    let body = format!(
        "您好：\n\n您被随机抽中，请您评一评{what}的服务（{}）。最多 {most} 个部门，每个部门一两个问题，大约 3 分钟。\n\n\
         点开链接就能填：\n{base_url}/s/{}#{code}\n\n链接打不开时，请打开 {base_url}/s/{} ，输入邀请码：\n{code}\n\n\
         被评的部门看不到是谁填的。不想参加，不理会这封信就可以。\n",
        round.title, round.id, round.id
    );
    Mail {
        to: to.to_owned(),
        subject: format!("请您评一评：{}群众满意度测评", round.title),
        body,
    }
}
