//! The method department of the demonstration proposes a change of its indicators, which then waits for the office.

use super::play::Play;
use crate::{clock, exit::Failure};
use storage::indicator_changes::list_changes;
use vocabulary::{Points, Role};
use workflows::{BranchDraft, NodeDraft, current_tree, own_branch, propose_branch, set_branch};

const NOTE: &str = "上季回访发现，签收及时了，答复不到位的还多，分值向答复质量倾斜。";

/// Says for each listed account of a method department which branch it may change.
///
/// # Errors
/// When the database fails, or the tree has no such owner.
pub async fn give_branches(play: &Play) -> Result<(), Failure> {
    let security = play.official(Role::SecurityAdmin);
    for known in &play.demo.accounts {
        if let Some(branch) = &known.branch {
            set_branch(&play.app, &security, &known.sign_in, branch, clock::now()).await?;
        }
    }
    Ok(())
}

/// Half a point of the first leaf goes to a new one, and the second has another name.
///
/// # Errors
/// When the database fails, or the change breaks a rule.
pub async fn propose(play: &Play) -> Result<(), Failure> {
    if !list_changes(play.app.store()).await?.is_empty() {
        return Ok(());
    }
    let owner = play.official(Role::MethodOwner);
    let branch = own_branch(&play.app, &owner).await?;
    let (seen, tree) = current_tree(&play.app).await?;
    let mut nodes: Vec<NodeDraft> = tree.branch(&branch).into_iter().map(Into::into).collect();
    let half = Points::SCALE / 2;
    nodes[0].points = Points::from_steps(nodes[0].points.steps() - half);
    nodes[1].name = "诉求一次答复到位".to_owned();
    nodes.push(NodeDraft {
        code: None,
        name: "答复后回访核实".to_owned(),
        points: Points::from_steps(half),
        ..nodes[0].clone()
    });
    let draft = BranchDraft { seen, nodes };
    propose_branch(&play.app, &owner, &draft, NOTE, clock::now()).await?;
    Ok(())
}
