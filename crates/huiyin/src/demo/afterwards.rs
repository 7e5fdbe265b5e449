//! People look up what became of what they wrote, and some of them rate it 追评.

use super::play::Play;
use crate::exit::Failure;
use rand::RngExt;
use std::collections::BTreeMap;
use vocabulary::{Level, MatterId};
use workflows::{FollowedMatter, Rating, SaidOfMatter, lookup, rate_matter};

/// How many people rate an answer.
const RATING: usize = 40;

/// What people say afterwards, and how often of ten.
const SAID: [(u32, Level, &str); 4] = [
    (4, Level::Satisfied, ""),
    (3, Level::VerySatisfied, "导办的人多了，这次十分钟就办完。"),
    (2, Level::Fair, "比以前快，老年人窗口还是只有一个。"),
    (
        1,
        Level::Dissatisfied,
        "下午去还是排了四十分钟，请打 13900001234 说明。",
    ),
];

/// Lets people look up their receipts and rate what is answered; gives one receipt for each state a matter stands in,
/// so that whoever looks at the demonstration can look it up.
///
/// # Errors
/// When the database fails.
pub async fn look_up(play: &Play) -> Result<BTreeMap<String, String>, Failure> {
    let (mut shown, mut rated) = (BTreeMap::new(), 0);
    let mut rng = play.rng("afterwards");
    for receipt in &play.receipts {
        let Some(found) = lookup(&play.app, receipt).await? else {
            continue;
        };
        let matters: Vec<_> = found
            .opinions
            .into_iter()
            .filter_map(|said| said.matter)
            .collect();
        let new = matters
            .iter()
            .find(|it| !shown.contains_key(it.stage.code()));
        if let Some(matter) = new {
            // Left unrated, for whoever looks at the demonstration.
            shown.insert(matter.stage.code().to_owned(), receipt.clone());
        } else if rated < RATING
            && let Some(matter) = matters.iter().find(|it| it.rating == Rating::Open)
        {
            rate(play, receipt, matter, rng.random_range(0..10)).await?;
            rated += 1;
        }
    }
    play.say(&format!("群众凭回执查进展，{rated} 人评了部门的答复"));
    Ok(shown)
}

async fn rate(
    play: &Play,
    receipt: &str,
    matter: &FollowedMatter,
    dice: u32,
) -> Result<(), Failure> {
    let mut above = 0;
    let said = SAID.iter().find(|(often, _, _)| {
        above += often;
        dice < above
    });
    let (_, level, words) = *said.unwrap_or(&SAID[0]);
    let said = SaidOfMatter {
        receipt,
        matter: &MatterId::new(matter.id.as_str()),
        level,
        words,
    };
    let taken = rate_matter(&play.app, said, &mut play.rng(receipt)).await?;
    taken.map_err(|refused| Failure::new(1, format!("追评没有记下：{refused:?}")))
}
