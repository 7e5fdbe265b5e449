use crate::stores::{on_both_databases, round_id, with_open_round};
use storage::{
    GroupReader, Store,
    submission::{DraftSave, SubmissionWriter},
};

on_both_databases!(each_of_many_asking_at_once_gets_what_was_stored_before,);

fn draft(number: usize, page: usize) -> DraftSave {
    DraftSave {
        id_hash: format!("draft-{number}"),
        round_id: round_id(),
        sealed: format!("{number} at page {page}").into_bytes(),
        reached: i16::try_from(page).ok(),
    }
}

async fn each_of_many_asking_at_once_gets_what_was_stored_before(store: Store) {
    with_open_round(&store).await;
    let writer = SubmissionWriter::start(store.clone());
    let reader = GroupReader::start(store.clone());

    let people = (0..300).map(|number| {
        let (writer, reader) = (writer.clone(), reader.clone());
        tokio::spawn(async move {
            for page in 0..3 {
                let saved = draft(number, page);
                writer.save_draft(saved.clone()).await.unwrap();
                let found = reader.draft(&saved.id_hash).await.unwrap().unwrap();
                assert_eq!(found.sealed, saved.sealed);
            }
            let round = reader.round(&round_id()).await.unwrap().unwrap();
            assert_eq!(round.round.id, round_id());
            assert_eq!(reader.round(&"1999Q1".into()).await.unwrap(), None);
            assert_eq!(reader.draft("of nobody").await.unwrap(), None);
            let batch = reader.open_batch(&round_id()).await.unwrap().unwrap();
            assert_eq!(batch.round_id, round_id().as_str());
        })
    });
    for person in people.collect::<Vec<_>>() {
        person.await.unwrap();
    }
}
