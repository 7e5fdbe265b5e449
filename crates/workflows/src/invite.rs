//! What people are told when they are invited and reminded, and the way it reaches them.

use crate::{
    Action, Actor, App, Verb, VerbError, allow,
    audit::audited,
    letter::{Errand, Letter, enqueue, handle},
    rounds::find,
};
use chrono::{DateTime, Utc};
use identity_vault::Person;
use rand::Rng;
use response_collection::{Audience, InvitationState, Token, reminder_audience};
use std::collections::{BTreeMap, BTreeSet};
use storage::{
    Tx,
    invitations::{self, Invitation, InvitationKind},
    linked,
    outbox::JobKind,
};
use survey_design::{Round, Rules};
use vocabulary::{RaterGroup, RoundId, civil_date};

/// One invitation and the code that goes with it; the pair exists in this call and in the sealed letter only.
pub(crate) struct Invitee<'a> {
    pub invitation: &'a str,
    pub kind: InvitationKind,
    pub group: RaterGroup,
    pub person: &'a Person,
    pub token: &'a Token,
}

/// Puts an invitation into the outbox: by mail, else by short message where there is a gateway and a mobile number, else on paper.
pub(crate) async fn invite(
    app: &App,
    tx: &Tx,
    (round, rules, base_url): (&Round, &Rules, &str),
    invitee: &Invitee<'_>,
    now: DateTime<Utc>,
    rng: &mut impl Rng,
) -> Verb<()> {
    let (kind, to) = way(app, invitee.person);
    let key = format!("invitation-{}", invitee.invitation);
    let (page, code) = (format!("{base_url}/s/{}", round.id), invitee.token.text());
    let stop = format!("{base_url}/stop/{}", handle(app, &key, rng)?);
    let link = format!("{page}#{code}");
    let what = match invitee.kind {
        InvitationKind::Enterprise => "涉企部门",
        InvitationKind::Overall => "部门",
    };
    let most = match invitee.kind {
        InvitationKind::Overall => rules.sample.units_per_person,
        InvitationKind::Enterprise => rules.sample.units_per_enterprise,
    };
    let title = &round.title;
    let body = match kind {
        JobKind::Sms => {
            format!("请您评一评{what}的服务（{title}），约 3 分钟：{link} 不想再收到请打开 {stop}")
        }
        JobKind::Print => format!(
            "您被随机抽中，请您评一评{what}的服务（{title}）。最多 {most} 个部门，每个部门一两个问题，大约 3 分钟。\n\n\
             用手机扫二维码就能填；也可以打开下面的网址，输入邀请码。没有手机，请打 12345，请人帮您填。\n\n\
             被评的部门看不到是谁填的。不想参加，不理会这封信就可以。"
        ),
        JobKind::Mail | JobKind::Webhook => format!(
            "您好：\n\n您被随机抽中，请您评一评{what}的服务（{title}）。最多 {most} 个部门，每个部门一两个问题，大约 3 分钟。\n\n\
             点开链接就能填：\n{link}\n\n链接打不开时，请打开 {page} ，输入邀请码：\n{code}\n\n\
             被评的部门看不到是谁填的。不想参加，不理会这封信就可以。\n"
        ),
    };
    let letter = Letter {
        to,
        subject: format!("请您评一评：{title}群众满意度测评"),
        body,
        stop: Some(stop),
        group: invitee.group.code().to_owned(),
        entry: (kind == JobKind::Print).then_some((page, code)),
    };
    let errand = Errand {
        round: Some(&round.id),
        invitation: Some(invitee.invitation),
        key,
        kind,
    };
    enqueue(app, tx, errand, &letter, now, rng).await?;
    Ok(())
}

fn way(app: &App, person: &Person) -> (JobKind, String) {
    if !person.email.is_empty() {
        (JobKind::Mail, person.email.clone())
    } else if is_mobile(&person.phone) && app.delivery.gateway.is_some() {
        (JobKind::Sms, person.phone.clone())
    } else {
        (JobKind::Print, person.name.clone())
    }
}

/// Eleven digits from 1 on: a number of the mainland that takes short messages.
fn is_mobile(phone: &str) -> bool {
    phone.len() == 11 && phone.starts_with('1')
}

/// Reminds once a day at most: everybody invited where nobody knows who has answered, else those who have not.
///
/// A reminder holds no code, because the code is forgotten once the invitation is out. Nobody is reminded on paper.
/// Returns how many reminders wait now.
///
/// # Errors
/// When the round is unknown or the vault cannot be read.
pub async fn remind(
    app: &App,
    actor: &Actor,
    id: &RoundId,
    base_url: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<u64> {
    allow(actor, Action::Prepare)?;
    let round = find(app, id).await?.round;
    round.state.step(survey_design::RoundState::Closed)?;
    let audience = reminder_audience(round.anonymity);
    let unanswered: BTreeSet<String> = linked::list_unanswered_invitations(app.store(), id)
        .await?
        .into_iter()
        .collect();
    let answered =
        |row: &Invitation| audience == Audience::Unanswered && !unanswered.contains(&row.id);
    let asked: Vec<Invitation> = invitations::list_invitations(app.store(), id)
        .await?
        .into_iter()
        .filter(|row| {
            InvitationState::from_code(&row.state).is_some_and(|state| audience.includes(state))
        })
        .filter(|row| !answered(row))
        .collect();
    let purpose = format!("reminder {id}");
    let people = people(app, actor, &asked, &purpose, now, rng).await?;
    let tx = app.store.begin().await?;
    let mut waiting = 0;
    for invitation in &asked {
        let Some(person) = people.get(&invitation.pseudonym) else {
            continue;
        };
        let (kind, to) = way(app, person);
        if kind == JobKind::Print {
            continue;
        }
        let key = format!("reminder-{}-{}", civil_date(now), invitation.id);
        let stop = format!("{base_url}/stop/{}", handle(app, &key, rng)?);
        let letter = reminder(&round, audience, kind, to, stop);
        let errand = Errand {
            round: Some(id),
            invitation: Some(&invitation.id),
            key,
            kind,
        };
        waiting += u64::from(enqueue(app, &tx, errand, &letter, now, rng).await?);
    }
    audited(&tx, actor, "remind", id.as_str(), now).await?;
    tx.commit().await?;
    Ok(waiting)
}

fn reminder(round: &Round, audience: Audience, kind: JobKind, to: String, stop: String) -> Letter {
    let title = &round.title;
    let why = match audience {
        Audience::Unanswered => "我们还没有收到您的答卷。",
        Audience::AllInvited | Audience::Nobody => {
            "谁填了、谁没填，我们并不知道，所以这封信发给每一位受邀的人；已经填过的，谢谢您，不用再理会。"
        }
    };
    let body = match kind {
        JobKind::Sms => format!(
            "{title}满意度测评还在进行。{why}请用先前短信里的链接填写。不想再收到请打开 {stop}"
        ),
        JobKind::Mail | JobKind::Print | JobKind::Webhook => format!(
            "您好：\n\n{title}群众满意度测评还在进行。{why}\n\n请用先前邀请信里的链接和邀请码填写，大约 3 分钟。\n"
        ),
    };
    Letter {
        to,
        subject: format!("提醒：{title}群众满意度测评"),
        body,
        stop: Some(stop),
        group: String::new(),
        entry: None,
    }
}

/// Who is behind the invitations, by pseudonym; the read is in the vault's log.
async fn people(
    app: &App,
    actor: &Actor,
    asked: &[Invitation],
    purpose: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<BTreeMap<String, Person>> {
    let wanted: Vec<String> = asked.iter().map(|row| row.pseudonym.clone()).collect();
    contacts_of(app, actor, &wanted, purpose, now, rng).await
}

/// Who is behind these pseudonyms; the read is in the vault's log.
pub(crate) async fn contacts_of(
    app: &App,
    actor: &Actor,
    wanted: &[String],
    purpose: &str,
    now: DateTime<Utc>,
    rng: &mut (impl Rng + Send),
) -> Verb<BTreeMap<String, Person>> {
    let found = app
        .vault
        .contacts(wanted, actor.account.as_str(), purpose, now, rng)
        .await;
    let found = found.map_err(|error| VerbError::Io(std::io::Error::other(error.to_string())))?;
    Ok(found
        .into_iter()
        .map(|person| (person.pseudonym.clone(), person))
        .collect())
}
