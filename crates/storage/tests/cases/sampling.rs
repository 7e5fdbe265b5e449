use crate::stores::{day, now, on_both_databases, round_id, with_round, write};
use storage::{
    StorageError, Store,
    draws::{self, DrawnMember, SampleDraw},
    invitations::{self, Invitation, InvitationKind, TokenRow, TokenState},
    pool::{self, PoolMember},
};

on_both_databases!(
    twenty_thousand_members_are_kept_and_counted_by_group,
    a_member_given_again_is_brought_up_to_date,
    a_round_is_drawn_once,
    an_invitation_is_kept_apart_from_every_token,
    a_token_is_declined_once,
    members_who_rest_or_refuse_are_not_in_the_frame,
    a_reserve_is_released_once_and_the_frame_is_kept,
);

fn member(number: u32) -> PoolMember {
    PoolMember {
        pseudonym: format!("P{number:05}"),
        rater_group: if number.is_multiple_of(4) {
            "cadres"
        } else {
            "citizens"
        }
        .into(),
        stratum: "城区".into(),
        community: "东门社区".into(),
        size: 1,
        county: "云溪区".into(),
        served_units: "[]".into(),
        rest_until: None,
        consent: true,
    }
}

async fn twenty_thousand_members_are_kept_and_counted_by_group(store: Store) {
    let members: Vec<_> = (0..20_000).map(member).collect();
    write(&store, async |tx| {
        pool::insert_pool_members(tx, members.clone()).await
    })
    .await
    .unwrap();

    let counts = pool::count_pool_by_group(&store).await.unwrap();

    assert_eq!(
        counts,
        [("cadres".into(), 5_000), ("citizens".into(), 15_000)].into()
    );
    assert_eq!(pool::list_pool_members(&store).await.unwrap(), members);
}

async fn a_member_given_again_is_brought_up_to_date(store: Store) {
    let changed = PoolMember {
        county: "青石县".into(),
        ..member(1)
    };
    for row in [member(1), changed.clone()] {
        write(&store, async |tx| {
            pool::insert_pool_members(tx, vec![row]).await
        })
        .await
        .unwrap();
    }
    write(&store, async |tx| {
        pool::set_rest(tx, &["P00001".into()], day("2026-12-31")).await
    })
    .await
    .unwrap();

    let found = pool::find_pool_member(&store, "P00001").await.unwrap();

    assert_eq!(
        found,
        Some(PoolMember {
            rest_until: Some(day("2026-12-31")),
            ..changed
        })
    );
    assert_eq!(pool::list_pool_members(&store).await.unwrap().len(), 1);
}

async fn a_round_is_drawn_once(store: Store) {
    with_round(&store).await;
    let draw = |id: &str| SampleDraw {
        id: id.into(),
        round_id: "2026Q3".into(),
        seed: u64::MAX - 1,
        certificate: "{}".into(),
        released: 0,
        drawn_by: "clerk".into(),
        drawn_at: now(),
    };
    let members = vec![DrawnMember {
        round_id: "2026Q3".into(),
        pseudonym: "P00001".into(),
        rater_group: "citizens".into(),
        stratum: "城区".into(),
        community: "东门社区".into(),
        population: 900,
        replicate: 1,
        chances: "1/30 1/15".into(),
    }];
    write(&store, async |tx| {
        draws::insert_draw(tx, draw("a")).await?;
        draws::insert_drawn_members(tx, members.clone()).await
    })
    .await
    .unwrap();

    let again = write(&store, async |tx| draws::insert_draw(tx, draw("b")).await).await;

    assert!(matches!(again, Err(StorageError::Conflict(_))));
    let round = round_id();
    assert_eq!(
        draws::find_draw(&store, &round).await.unwrap(),
        Some(draw("a"))
    );
    assert_eq!(
        draws::list_replicate(&store, &round, 1).await.unwrap(),
        members
    );
    assert!(
        draws::list_replicate(&store, &round, 0)
            .await
            .unwrap()
            .is_empty()
    );
    let classes = draws::list_drawn_classes(&store, &round).await.unwrap();
    assert_eq!((classes.len(), classes[0].population), (1, 900));
}

fn token(hash: &str, group: &str) -> TokenRow {
    TokenRow {
        token_hash: hash.into(),
        round_id: "2026Q3".into(),
        kind: InvitationKind::Overall,
        rater_group: group.into(),
        stratum: "城区".into(),
        weight_micro: 30_000_000,
        enterprise_key: None,
        state: TokenState::Issued,
    }
}

async fn an_invitation_is_kept_apart_from_every_token(store: Store) {
    with_round(&store).await;
    let invitation = Invitation {
        id: "i1".into(),
        round_id: "2026Q3".into(),
        kind: InvitationKind::Enterprise,
        pseudonym: "P00001".into(),
        state: "invited".into(),
        created_on: day("2026-09-01"),
    };
    write(&store, async |tx| {
        invitations::insert_invitations(tx, vec![invitation.clone()]).await?;
        invitations::set_invitation_state(tx, "i1", "undeliverable").await
    })
    .await
    .unwrap();
    let twice = write(&store, async |tx| {
        let again = Invitation {
            id: "i2".into(),
            ..invitation.clone()
        };
        invitations::insert_invitations(tx, vec![again]).await
    })
    .await;

    let listed = invitations::list_invitations(&store, &round_id())
        .await
        .unwrap();

    assert!(matches!(twice, Err(StorageError::Conflict(_))));
    assert_eq!(
        listed,
        [Invitation {
            state: "undeliverable".into(),
            ..invitation
        }]
    );
}

async fn a_token_is_declined_once(store: Store) {
    with_round(&store).await;
    let tokens = vec![
        token("b", "cadres"),
        token("a", "citizens"),
        token("c", "citizens"),
    ];
    write(&store, async |tx| {
        invitations::insert_tokens(tx, tokens).await
    })
    .await
    .unwrap();

    let mut declined = vec![];
    for hash in ["a", "a", "unknown"] {
        let done = write(&store, async |tx| {
            invitations::decline_token(tx, hash).await
        })
        .await;
        declined.push(done.unwrap());
    }

    assert_eq!(declined, [true, false, false]);
    let found = invitations::find_token(&store, "a").await.unwrap().unwrap();
    assert_eq!(found.state, TokenState::Declined);
    let strata = invitations::stratum_progress(&store, &round_id())
        .await
        .unwrap();
    let strata: Vec<_> = strata
        .iter()
        .map(|it| (it.rater_group.as_str(), it.issued, it.declined))
        .collect();
    assert_eq!(strata, [("cadres", 1, 0), ("citizens", 2, 1)]);
    let counts = invitations::count_tokens(&store, &round_id())
        .await
        .unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|count| (count.rater_group.as_str(), count.state, count.tokens))
        .collect();
    assert_eq!(
        counts,
        [
            ("cadres", TokenState::Issued, 1),
            ("citizens", TokenState::Declined, 1),
            ("citizens", TokenState::Issued, 1),
        ]
    );
}

async fn members_who_rest_or_refuse_are_not_in_the_frame(store: Store) {
    let rests_until = |number, until| PoolMember {
        rest_until: Some(day(until)),
        ..member(number)
    };
    let refuses = PoolMember {
        consent: false,
        ..member(3)
    };
    let rows = vec![
        rests_until(1, "2026-09-30"),
        rests_until(2, "2026-09-29"),
        refuses,
        member(5),
        member(6),
    ];
    write(&store, async |tx| {
        pool::insert_pool_members(tx, rows.clone()).await
    })
    .await
    .unwrap();

    let (mut found, mut last) = (Vec::new(), String::new());
    loop {
        let part = pool::list_rested_members(&store, day("2026-09-30"), &last, 2)
            .await
            .unwrap();
        let Some(end) = part.last() else { break };
        last.clone_from(&end.pseudonym);
        found.extend(part.into_iter().map(|member| member.pseudonym));
    }

    assert_eq!(found, ["P00002", "P00005", "P00006"]);
    let asked = ["P00001".to_owned(), "P00009".to_owned()];
    let known = pool::list_members_named(&store, &asked).await.unwrap();
    let known: Vec<_> = known.into_iter().map(|member| member.pseudonym).collect();
    assert_eq!(known, ["P00001"]);
}

async fn a_reserve_is_released_once_and_the_frame_is_kept(store: Store) {
    with_round(&store).await;
    let round = round_id();
    let draw = SampleDraw {
        id: "a".into(),
        round_id: round.to_string(),
        seed: 7,
        certificate: "{}".into(),
        released: 0,
        drawn_by: "clerk".into(),
        drawn_at: now(),
    };
    let parts = ["a\n", "b\n"].map(str::to_owned);
    let mut released = vec![];
    write(&store, async |tx| {
        draws::insert_frame(tx, &round, parts.clone().into_iter()).await?;
        draws::insert_draw(tx, draw.clone()).await
    })
    .await
    .unwrap();
    for before in [0, 0, 1] {
        let done = write(&store, async |tx| {
            draws::release_next(tx, &round, before).await
        })
        .await;
        released.push(done.unwrap());
    }

    assert_eq!(released, [true, false, true]);
    let found = draws::find_draw(&store, &round).await.unwrap().unwrap();
    assert_eq!(found.released, 2);
    let part = async |part| draws::find_frame_part(&store, &round, part).await.unwrap();
    assert_eq!(part(1).await.as_deref(), Some("b\n"));
    assert_eq!(part(2).await, None);
}
