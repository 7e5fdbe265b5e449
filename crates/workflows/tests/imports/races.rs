//! Two people do opposite things with one file at the same moment.

use super::uploads::{leader, read};
use super::{City, clerk, now, orders};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use storage::uploads::{self, UploadState};
use workflows::{App, Received, approve_upload, recheck_upload, undo_upload, work_on_uploads};

/// The rows come back with the next check only if somebody says yes to them again.
pub async fn rows_taken_back_while_they_are_taken_again_stay_away(
    city: impl AsyncFn() -> Option<City>,
) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let before = city.tables().await;
    let sent = city.send(&orders(1..=40, "满意")).await;
    city.until(&sent.id, UploadState::Checked).await;
    city.taken_by_the_leader(&sent.id).await;
    recheck_upload(&city.app, &clerk(), &sent.id, now())
        .await
        .unwrap();
    city.until(&sent.id, UploadState::Checked).await;
    approve_upload(&city.app, &leader(), &sent.id, now())
        .await
        .unwrap();

    the_clerk_undoes_it_as_it_is_read(&mut city, &sent.id).await;

    assert_eq!(state(&city, &sent.id).await, UploadState::Undone);
    assert_eq!(city.tables().await, before);
}

/// Works until a file that was sent up afterwards is checked: then this one is done with.
async fn the_clerk_undoes_it_as_it_is_read(city: &mut City, id: &str) {
    let (app, rng) = (city.app.clone(), city.rng.clone());
    let mut working = rng.clone();
    let taken_back = AtomicBool::new(false);
    let undoing = |app: App, received: Received| {
        let first = !taken_back.swap(true, Ordering::SeqCst);
        let mut rng = rng.clone();
        async move {
            if first {
                undo_upload(&app, &clerk(), id, now(), &mut rng).await?;
            }
            read(app, received).await
        }
    };
    let done = async {
        while !taken_back.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let next = city.send(&orders(90..=99, "满意")).await.id;
        while state(city, &next).await != UploadState::Checked {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        done = tokio::time::timeout(Duration::from_secs(60), done) => done.unwrap(),
        () = work_on_uploads(&app, undoing, now, &mut working) => unreachable!("it works for ever"),
    }
}

async fn state(city: &City, id: &str) -> UploadState {
    let found = uploads::find_upload(city.app.store(), id).await.unwrap();
    found.unwrap().state
}
