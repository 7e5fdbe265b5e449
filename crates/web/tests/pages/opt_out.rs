//! Who wants no more letters says so with one click, on a page or in the mail program.

use crate::city::{ask, drawn_city, get, now, post, site};
use actix_web::{http::StatusCode, test::TestRequest};
use rand::{SeedableRng, rngs::StdRng};
use std::{fs, path::Path};

/// The addresses that stop letters, out of the mails in the spool.
fn handles(folder: &Path) -> Vec<String> {
    let mails = fs::read_dir(folder.join("mail")).unwrap();
    let texts = mails.map(|mail| fs::read_to_string(mail.unwrap().path()).unwrap());
    let header = |text: String| {
        let (_, rest) = text.split_once("/stop/").unwrap();
        rest.split('>').next().unwrap().to_owned()
    };
    texts.map(header).collect()
}

#[actix_web::test]
async fn the_address_in_every_letter_stops_letters_from_a_page_and_from_a_mail_program() {
    let folder = tempfile::tempdir().unwrap();
    let app = drawn_city(folder.path()).await;
    let mut rng = StdRng::seed_from_u64(8);
    workflows::send_waiting(&app, now, &mut rng).await.unwrap();
    let site = site!(app);
    let paths: Vec<String> = handles(folder.path())
        .iter()
        .map(|handle| format!("/stop/{handle}"))
        .collect();

    let (status, page) = ask!(site, "", get(&paths[0]));
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("不想再收到我们的信？"));
    let (status, page) = ask!(site, "", post(&paths[0]));
    assert!(status == StatusCode::OK && page.contains("好的，不再发给您"));
    let by_mail_program = TestRequest::post().uri(&paths[1]);
    assert_eq!(ask!(site, "", by_mail_program).0, StatusCode::OK);

    let invented = format!("/stop/{}", "0".repeat(32));
    assert_eq!(ask!(site, "", get(&invented)).0, StatusCode::OK);
    assert_eq!(ask!(site, "", post(&invented)).0, StatusCode::NOT_FOUND);
}
