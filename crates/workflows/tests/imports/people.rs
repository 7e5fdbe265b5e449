//! Lists of people on their way from the office into the sample library and the vault.

use super::uploads::{code, leader, report};
use super::{City, clerk, now};
use chrono::NaiveDate;
use rating_import::FileKind;
use std::fs;
use storage::{
    pool::{self, PoolMember},
    uploads::{Upload, UploadState},
};
use workflows::{approve_upload, recheck_upload, undo_upload, upload_quality, withdraw_upload};

const HEADER: &str = "姓名,身份类别,单位职务,手机号,区县,电子邮箱\n";
/// Two good people, one of them twice, and one that cannot be reached.
const PEOPLE: &str = "林晓梅,普通群众,,13900004417,东城区,\n\
    周文远,人大代表,云溪一中 校长,13900004418,西山县,zhou@example.invalid\n\
    林晓梅,普通群众,,139-0000-4417,东城区,\n\
    吴立新,企业代表,某公司,1390000,东城区,\n";
const ENTERPRISES: &str = "企业名称,统一社会信用代码,联系电话\n\
    云溪市甲木业有限公司,91990099MA0000001X,13900004419\n\
    云溪市乙木业有限公司,123,13900004420\n";

impl City {
    async fn people(&self) -> Vec<PoolMember> {
        pool::list_pool_members(self.app.store()).await.unwrap()
    }

    async fn taken(&mut self, kind: FileKind, text: &str) -> Upload {
        let sent = self.send_as(kind, text).await;
        self.until(&sent.id, UploadState::Checked).await;
        self.taken_by_the_leader(&sent.id).await
    }
}

fn counts(upload: &Upload) -> [u64; 5] {
    let it = report(upload);
    [it.new, it.same, it.changed, it.duplicate, it.rejected]
}

pub async fn people_are_taken_by_a_second_person_once(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let people = format!("{HEADER}{PEOPLE}");

    let sent = city.send_as(FileKind::Pool, &people).await;
    let checked = city.until(&sent.id, UploadState::Checked).await;

    assert_eq!(counts(&checked), [2, 0, 0, 1, 1]);
    assert_eq!(city.people().await, []);
    let own = approve_upload(&city.app, &clerk(), &sent.id, now()).await;
    assert_eq!(code(own), "WF-120");

    let applied = city.taken_by_the_leader(&sent.id).await;
    let enterprises = city.taken(FileKind::EnterpriseList, ENTERPRISES).await;

    assert_eq!(counts(&applied), [2, 0, 0, 1, 1]);
    assert_eq!(counts(&enterprises), [1, 0, 0, 0, 1]);
    assert_eq!(city.people().await.len(), 3);
    nobody_takes_them_back(&mut city, &sent.id).await;
    the_same_lists_again_change_nothing(&mut city, &people).await;
}

async fn the_same_lists_again_change_nothing(city: &mut City, people: &str) {
    let kept = city.people().await;
    let again = city.taken(FileKind::Pool, people).await;
    assert_eq!(counts(&again), [0, 2, 0, 1, 1]);
    let again = city.taken(FileKind::EnterpriseList, ENTERPRISES).await;
    assert_eq!(counts(&again), [0, 1, 0, 0, 1]);
    assert_eq!(city.people().await, kept);
}

/// Somebody may be drawn already.
async fn nobody_takes_them_back(city: &mut City, id: &str) {
    let mut rng = city.rng.clone();
    for refused in [
        undo_upload(&city.app, &clerk(), id, now(), &mut rng).await,
        recheck_upload(&city.app, &clerk(), id, now()).await,
        withdraw_upload(&city.app, &leader(), id, now()).await,
    ] {
        assert_eq!(code(refused), "WF-120");
    }
}

pub async fn what_the_library_knows_better_than_a_file_stays(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let people = format!("{HEADER}{PEOPLE}");
    city.taken(FileKind::Pool, &people).await;
    let until: NaiveDate = "2027-09-30".parse().unwrap();
    let resting: Vec<_> = city.people().await.into_iter().map(rested(until)).collect();
    let tx = city.app.store().begin().await.unwrap();
    pool::insert_pool_members(&tx, resting.clone())
        .await
        .unwrap();
    tx.commit().await.unwrap();

    // One has moved, the other married and now has an address; neither has agreed to be asked again.
    let moved = people.replacen("东城区", "西山县", 1);
    let moved = moved.replace("139-0000-4417,东城区", "139-0000-4417,西山县");
    let applied = city.taken(FileKind::Pool, &moved).await;
    assert_eq!(counts(&applied), [0, 1, 1, 1, 1]);
    let named = moved.replace("西山县,zhou@", "西山县,zhou.wenyuan@");
    let applied = city.taken(FileKind::Pool, &named).await;

    assert_eq!(counts(&applied), [0, 1, 1, 1, 1]);
    let kept = city.people().await;
    assert!(kept.iter().all(|member| member.county == "西山县"));
    let unmoved = |member: PoolMember| PoolMember {
        county: String::new(),
        ..member
    };
    assert_eq!(
        kept.into_iter().map(unmoved).collect::<Vec<_>>(),
        resting.into_iter().map(unmoved).collect::<Vec<_>>()
    );
}

fn rested(until: NaiveDate) -> impl Fn(PoolMember) -> PoolMember {
    move |member| PoolMember {
        rest_until: Some(until),
        consent: false,
        ..member
    }
}

/// Every byte the city keeps, but for the vault, which is sealed; and every word of the report.
pub async fn a_list_of_people_tells_nobody_who_they_are(city: impl AsyncFn() -> Option<City>) {
    let Some(mut city) = city().await else {
        return;
    };
    city.with_accounts().await;
    let title = "云溪市样本库,填表人何家栋,,13900004421,,\n";
    let people = city
        .taken(
            FileKind::Pool,
            &format!("{title}{HEADER}{PEOPLE}合计,,,13900004422,,\n"),
        )
        .await;
    let list = city.taken(FileKind::EnterpriseList, ENTERPRISES).await;
    let nameless = city.send_as(FileKind::Pool, PEOPLE).await;
    let refused = city.until(&nameless.id, UploadState::Refused).await;

    assert_eq!(upload_quality(&city.app, &people).await.unwrap(), None);
    let told = [people, list, refused].map(|upload| format!("{upload:?}"));
    let kept = format!("{:?}", city.people().await);
    for personal in [
        "林晓梅",
        "周文远",
        "吴立新",
        "何家栋",
        "木业",
        "139000",
        "zhou@",
        "91990099",
    ] {
        assert!(!kept.contains(personal), "{personal}");
        assert!(
            !told.iter().any(|told| told.contains(personal)),
            "{personal}"
        );
        for file in files(city.app.folder()) {
            let bytes = fs::read(&file).unwrap();
            let within = bytes
                .windows(personal.len())
                .any(|part| part == personal.as_bytes());
            assert!(!within, "{personal} in {}", file.display());
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}
