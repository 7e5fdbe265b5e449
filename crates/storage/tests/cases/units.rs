use crate::stores::{day, on_both_databases, write};
use storage::{StorageError, Store, units};
use survey_design::{Body, BodyKind, Pairing, Unit, UnitClass, UnitMode, World};
use vocabulary::UnitId;

on_both_databases!(
    a_world_comes_back_as_it_was_given,
    a_new_world_takes_the_place_of_the_old_one,
    a_spelling_leads_to_its_unit_and_a_name_wins_over_an_alias,
    two_units_with_one_alias_are_refused,
);

fn unit(id: &str, name: &str, aliases: &[&str]) -> Unit {
    Unit {
        id: id.into(),
        name: name.into(),
        short_name: format!("{name}简"),
        class: "service".into(),
        mode: UnitMode::OpinionOnly,
        enterprise_facing: true,
        has_hall_window: false,
        has_hotline_orders: true,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    }
}

fn world(units: Vec<Unit>) -> World {
    World {
        schema: None,
        code: "yunxi".into(),
        city: "云溪市".into(),
        office: "评价办".into(),
        witness: None,
        english: None,
        rules: "rules".into(),
        indicators: None,
        questionnaires: vec![],
        classes: vec![UnitClass {
            id: "service".into(),
            name: "服务类".into(),
        }],
        pairings: units
            .iter()
            .map(|unit| Pairing {
                unit: unit.id.clone(),
                body: "B1".into(),
                from: day("2026-01-01"),
                to: None,
            })
            .collect(),
        units,
        bodies: vec![Body {
            id: "B1".into(),
            name: "清溪社区".into(),
            kind: BodyKind::Community,
        }],
        rounds: vec![],
    }
}

async fn put(store: &Store, world: &World) -> Result<(), StorageError> {
    write(store, async |tx| units::replace_world(tx, world).await).await
}

async fn a_world_comes_back_as_it_was_given(store: Store) {
    let given = world(vec![
        unit("D02", "市民政局", &[]),
        unit("D01", "市交通运输局", &["交通局", "运管处"]),
    ]);

    put(&store, &given).await.unwrap();

    assert_eq!(units::list_classes(&store).await.unwrap(), given.classes);
    assert_eq!(units::list_units(&store).await.unwrap(), given.units);
    assert_eq!(units::list_bodies(&store).await.unwrap(), given.bodies);
    let mut pairings = given.pairings.clone();
    pairings.reverse();
    assert_eq!(units::list_pairings(&store).await.unwrap(), pairings);
    let found = units::find_unit(&store, &UnitId::new("D01")).await.unwrap();
    assert_eq!(found.as_ref(), given.units.get(1));
    let absent = units::find_unit(&store, &UnitId::new("D99")).await.unwrap();
    assert_eq!(absent, None);
}

async fn a_new_world_takes_the_place_of_the_old_one(store: Store) {
    put(&store, &world(vec![unit("D01", "旧局", &["旧"])]))
        .await
        .unwrap();
    let new = world(vec![unit("D02", "新局", &["旧"])]);

    put(&store, &new).await.unwrap();

    assert_eq!(units::list_units(&store).await.unwrap(), new.units);
}

async fn a_spelling_leads_to_its_unit_and_a_name_wins_over_an_alias(store: Store) {
    let given = world(vec![
        unit("D01", "市住建局", &["房管局"]),
        unit("D02", "房管局", &[]),
    ]);
    put(&store, &given).await.unwrap();

    let index = units::unit_index(&store).await.unwrap();

    for (spelling, id) in [
        ("D01", "D01"),
        ("市住建局", "D01"),
        ("市住建局简", "D01"),
        ("房管局", "D02"),
    ] {
        assert_eq!(index[spelling].as_str(), id, "{spelling}");
    }
}

async fn two_units_with_one_alias_are_refused(store: Store) {
    let given = world(vec![
        unit("D01", "甲", &["同名"]),
        unit("D02", "乙", &["同名"]),
    ]);

    let refused = put(&store, &given).await;

    assert!(matches!(refused, Err(StorageError::Conflict(_))));
    assert_eq!(units::list_units(&store).await.unwrap(), vec![]);
}
