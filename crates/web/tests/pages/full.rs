//! Nobody fills in what is not taken any more.

use crate::city::{actor, ask, drawn_city, get, now, site};
use rand::{SeedableRng, rngs::StdRng};
use vocabulary::{Role, RoundId};
use workflows::{open_round, set_quota};

#[actix_web::test]
async fn a_full_round_says_so_before_anybody_begins() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let (clerk, id) = (actor(Role::OfficeClerk), RoundId::new("2026Q3"));
    let mut rng = StdRng::seed_from_u64(8);
    open_round(&app, &clerk, &id, now(), &mut rng)
        .await
        .unwrap();
    let site = site!(app);

    for (most, words) in [(1, "开始填写"), (0, "已经收满了")] {
        set_quota(&app, &clerk, &id, (None, most), now())
            .await
            .unwrap();
        let (_, page) = ask!(site, "", get("/s/2026Q3"));
        assert!(page.contains(words), "{most}: {page}");
    }
}
