use crate::stores::{day, now, on_both_databases, round_id, with_round, write};
use storage::{
    StorageError, Store,
    audit_log::{self, AuditEntry},
    letters::{self, Letter, Mailbox},
};

on_both_databases!(
    a_letter_is_opened_first_and_signed_for_once,
    a_unit_has_one_letter_of_a_round,
    overdue_letters_are_those_nobody_signed_for_in_time,
    a_mailbox_is_replaced_and_forgotten,
    the_log_tells_the_events_of_some_actions_in_order,
);

fn letter(id: &str, unit: &str, due: &str) -> Letter {
    Letter {
        id: id.into(),
        round_id: "2026Q3".into(),
        unit_id: unit.into(),
        body: "{}".into(),
        issued_on: day("2026-10-09"),
        due_on: day(due),
        read_by: None,
        read_at: None,
        signed_by: None,
        signed_at: None,
        remark: None,
    }
}

async fn with_letters(store: &Store, all: &[Letter]) {
    with_round(store).await;
    for letter in all {
        write(store, async |tx| {
            letters::insert_letter(tx, letter.clone()).await
        })
        .await
        .unwrap();
    }
}

async fn a_letter_is_opened_first_and_signed_for_once(store: Store) {
    with_letters(&store, &[letter("L1", "D01", "2026-10-12")]).await;
    let open = async |who: &str| {
        write(&store, async |tx| {
            letters::open_letter(tx, "L1", who, now()).await
        })
        .await
    };
    let sign = async |who: &str, remark: Option<&str>| {
        write(&store, async |tx| {
            letters::sign_letter(tx, "L1", who, remark, now()).await
        })
        .await
    };

    assert_eq!((open("a").await, open("b").await), (Ok(true), Ok(false)));
    let signed = (sign("b", Some("已阅")).await, sign("a", None).await);

    assert_eq!(signed, (Ok(true), Ok(false)));
    let expected = Letter {
        read_by: Some("a".into()),
        read_at: Some(now()),
        signed_by: Some("b".into()),
        signed_at: Some(now()),
        remark: Some("已阅".into()),
        ..letter("L1", "D01", "2026-10-12")
    };
    let found = letters::find_letter(&store, "L1").await.unwrap();
    assert_eq!(found, Some(expected.clone()));
    let of_unit = letters::list_letters_of_unit(&store, "D01").await.unwrap();
    assert_eq!(of_unit, std::slice::from_ref(&expected));
    let of_round = letters::list_letters(&store, &round_id()).await.unwrap();
    assert_eq!(of_round, [expected]);
}

async fn a_unit_has_one_letter_of_a_round(store: Store) {
    with_letters(&store, &[letter("L1", "D01", "2026-10-12")]).await;

    let second = write(&store, async |tx| {
        letters::insert_letter(tx, letter("L2", "D01", "2026-10-12")).await
    })
    .await;

    assert!(matches!(second, Err(StorageError::Conflict(_))));
}

async fn overdue_letters_are_those_nobody_signed_for_in_time(store: Store) {
    let late = letter("L1", "D01", "2026-10-12");
    let signed = Letter {
        signed_by: Some("a".into()),
        signed_at: Some(now()),
        ..letter("L2", "D02", "2026-10-12")
    };
    let open = letter("L3", "D03", "2026-10-13");
    with_letters(&store, &[late.clone(), signed, open]).await;

    let overdue = async |today: &str| letters::list_overdue_letters(&store, day(today)).await;

    assert_eq!(overdue("2026-10-12").await.unwrap(), []);
    assert_eq!(overdue("2026-10-13").await.unwrap(), [late]);
    assert_eq!(overdue("2026-10-14").await.unwrap().len(), 2);
}

async fn a_mailbox_is_replaced_and_forgotten(store: Store) {
    let mailbox = |address: &str| Mailbox {
        unit_id: "D01".into(),
        address: address.into(),
        changed_by: "a".into(),
        changed_at: now(),
    };
    for address in ["00", "11"] {
        write(&store, async |tx| {
            letters::put_mailbox(tx, mailbox(address)).await
        })
        .await
        .unwrap();
    }

    let found = letters::find_mailbox(&store, "D01").await.unwrap();
    assert_eq!(found, Some(mailbox("11")));
    assert_eq!(
        letters::list_mailboxes(&store).await.unwrap(),
        [mailbox("11")]
    );
    write(&store, async |tx| letters::delete_mailbox(tx, "D01").await)
        .await
        .unwrap();
    assert_eq!(letters::find_mailbox(&store, "D01").await.unwrap(), None);
}

async fn the_log_tells_the_events_of_some_actions_in_order(store: Store) {
    for (action, object) in [("print", "L1"), ("sign", "L1"), ("print", "L2")] {
        let entry = AuditEntry {
            actor: "a".into(),
            role: "unit_liaison".into(),
            action: action.into(),
            object: object.into(),
            outcome: "done".into(),
            ..AuditEntry::default()
        };
        write(&store, async |tx| {
            audit_log::append(tx, entry.clone(), now()).await
        })
        .await
        .unwrap();
    }

    let found = audit_log::list_of_actions(&store, &["print", "fetch"]).await;

    let objects: Vec<_> = found
        .unwrap()
        .into_iter()
        .map(|event| event.object)
        .collect();
    assert_eq!(objects, ["L1", "L2"]);
}
