#![doc = include_str!("../README.md")]

mod account_safety;
mod accounts;
mod anchor_audit;
mod annual;
mod app;
mod appeal;
mod assign_matters;
mod attempt;
mod audit;
mod backup;
mod backup_file;
mod backup_keys;
mod backup_problem;
mod bad_ratings;
mod bounce;
mod callbacks;
mod change_password;
mod channel_counts;
mod checkpoint;
mod clear_fault;
mod close_round;
pub mod collect;
mod correct_round;
mod decide_branch;
mod delivery;
mod documents;
mod draw_sample;
mod evidence;
mod exclude_ballots;
mod export_audit;
mod freeze_round;
mod gateway;
mod hotline_totals;
mod import_pool;
mod import_ratings;
mod indicator_tree;
mod invite;
mod issue_invitations;
mod issue_letters;
mod keys;
mod letter;
mod letter_copy;
mod letter_file;
mod letter_mailbox;
mod letter_opinions;
mod link_identity;
mod load_world;
mod lookup;
mod make_matters;
mod manage_account;
mod matter_drafts;
mod matter_steps;
mod matter_summary;
mod mix;
mod open_letter;
mod open_vault;
mod opinions;
mod opt_out;
mod own_letter;
mod passwords;
mod policy;
mod print_letters;
mod propose_branch;
mod prove;
mod provider;
mod publish_round;
mod push;
mod push_results;
mod put_aside;
mod rate_matter;
mod rate_pairing;
mod ratings;
mod rearrange_matters;
mod receipt_log;
mod refusal;
mod release_replicate;
mod remind_letters;
mod restore;
mod round_rates;
mod rounds;
mod score_round;
mod seal;
mod sealed_file;
mod second_factor;
mod send_mail;
mod sessions;
mod set_quota;
mod sign_in;
mod sign_in_elsewhere;
mod sign_letter;
mod signs;
mod smtp;
mod sort_opinions;
mod sources;
mod step_problem;
mod undo_import;
mod unit_check;
mod unit_names;
mod uploads;
mod verify_audit;
mod webhook;
mod witness;

pub use account_safety::{Safety, safety, set_safety};
pub use accounts::{
    Account, AccountState, DEMO_PASSWORD, NewAccount, actor_of, add_account,
    add_account_with_password,
};
pub use anchor_audit::anchor_audit;
pub use annual::annual_of_year;
pub use app::{Actor, App};
pub use appeal::{Correction, file_appeal, review_appeal};
pub use assign_matters::{Assignment, SeenMatter, assign_matters};
pub use backup::{BackupReport, Installation, Tables, backup};
pub use backup_file::{AuditAt, FileEntry, Manifest};
pub use backup_keys::{KeyUse, backup_keys};
pub use backup_problem::BackupProblem;
pub use bad_ratings::{BadRatingAct, BadRatingMark, SeenBadRating, of_bad_rating, step_bad_rating};
pub use bounce::{Bounce, take_bounce};
pub use callbacks::{CallbackDraw, CallsMade, draw_callbacks, record_calls};
pub use change_password::{PasswordChange, change_password};
pub use channel_counts::channel_counts;
pub use clear_fault::clear_fault;
pub use close_round::{CloseReport, close_round};
pub use correct_round::{
    CorrectionShown, CorrectionWish, ask_correction, corrections_of, decide_correction,
};
pub use decide_branch::{approve_branch, send_back_branch, withdraw_branch};
pub use delivery::{Delivery, DeliveryProblem, DeliverySettings};
pub use documents::{indicators, known_world, questionnaire, rules, world};
pub use draw_sample::{DrawReport, ENTERPRISE_LIST, draw_sample};
pub use evidence::{NewEvidence, add_evidence, open_evidence, withdraw_evidence};
pub use exclude_ballots::{
    SignGroup, approve_exclusion, decline_exclusion, exclude_ballots, same_words, sign_groups,
};
pub use export_audit::export_audit;
pub use freeze_round::freeze_round;
pub use hotline_totals::{TotalsLine, compare_hotline_totals};
pub use import_pool::{PoolEntry, PoolFile, import_pool};
pub use import_ratings::{
    Import, ImportMode, ImportReport, ImportedRows, SourceFile, import_ratings,
};
pub use indicator_tree::{asked, changes_of, current_tree, own_branch};
pub use invite::remind;
pub use issue_letters::issue_letters;
pub use keys::{Key, Keys};
pub use letter_copy::{CopyForm, CopyTaken, LetterCopy, take_letter_copy, whose_copy};
pub use letter_mailbox::{find_mailbox, set_mailbox};
pub use link_identity::{confirm_link, link_identity, unlink_identity};
pub use load_world::{WorldTemplates, load_world};
pub use lookup::{Decision, FollowUp, FollowedMatter, FollowedOpinion, Rating, lookup};
pub use make_matters::make_matters;
pub use manage_account::{
    Grant, change_role, close_account, confirm_role, end_sessions, first_password_again,
    open_account, reset_second_factor, set_branch,
};
pub use matter_drafts::{find_draft, save_draft};
pub use matter_steps::step_matter;
pub use matter_summary::{matter_cards, matter_records, matter_summary, rectification_counts};
pub use mix::{destroy_spent_keys, mix_due, mix_round_if_due};
pub use open_letter::open_letter;
pub use open_vault::{missing_keys, open_vault};
pub use opt_out::opt_out;
pub use passwords::{PasswordProblem, PasswordRule, SecondFactor, password_problems};
pub use policy::{Action, allow};
pub use print_letters::{PaperLetter, count_paper_letters, letters_printed, paper_letters};
pub use propose_branch::{BranchDraft, BranchPreview, NodeDraft, preview_branch, propose_branch};
pub use prove::prove;
pub use provider::{Provider, ProviderFault, ProviderSettings, SettingsProblem, WAY_BACK};
pub use publish_round::{
    Publication, PublicationStep, bulletin_preview, earlier_bulletins, published_bulletin,
    step_publication,
};
pub use push::{PushAnswer, PushIssue, PushRefused, Pushed, SHOWN_PUSH_ISSUES, push_rows};
pub use push_results::{StationedUnits, push_results};
pub use put_aside::put_aside;
pub use rate_matter::{MOST_ADDED, RatingRefused, SaidOfMatter, rate_matter};
pub use rate_pairing::{PairingAnswer, rate_pairing};
pub use ratings::rating_rows;
pub use rearrange_matters::{Named, Part, merge_matters, split_matter};
pub use receipt_log::{
    CheckedReceipt, LeafProof, PublicLog, append_due, check_receipt, growth_proof, leaf_proof,
    public_log,
};
pub use refusal::{Refusal, Verb, VerbError};
pub use release_replicate::{ReleaseReport, find_certificate, release_replicate};
pub use remind_letters::remind_letters;
pub use restore::{RestoreReport, Restored, restore};
pub use round_rates::{
    DeadLetter, DeliveryCounts, RoundRates, delivery_counts, retry_letter, round_rates,
};
pub use rounds::{RoundChoice, create_round, create_round_with, find as find_round, open_round};
pub use score_round::{
    FlaggedLine, ScoreReport, ScoreRun, latest_run, score_round, score_round_from,
    score_without_flagged,
};
pub use seal::keyed;
pub use second_factor::{
    Enrolment, begin_second_factor, code_of, confirm_second_factor, pending_second_factor,
    recovery_codes_left, remove_second_factor,
};
pub use send_mail::send_waiting;
pub use sessions::{
    Owes, OwnSession, SignedIn, end_other_sessions, end_own_session, own_sessions, signed_in,
};
pub use set_quota::set_quota;
pub use sign_in::{Credentials, Entered, awaiting_code, sign_in, sign_in_code, sign_out};
pub use sign_in_elsewhere::{Back, Leaving, back_from_provider, leave_for_provider};
pub use sign_letter::sign_letter;
pub use signs::paces;
pub use sort_opinions::{
    GroupChoice, GroupGoal, MemberChoice, change_kind, confirm_group, opinion_groups, read_clues,
    review_words,
};
pub use sources::{
    MadeSource, NewSource, PUSHED_KINDS, change_callback, end_source, make_source,
    source_of_account, source_of_key,
};
pub use step_problem::{SeenProblem, call_matter, step_problem};
pub use undo_import::undo_import;
pub use unit_check::start_unit_check;
pub use unit_names::{
    UnresolvedName, end_spelling, register_spelling, unit_names, unresolved_names,
};
pub use uploads::{
    ANSWERS_KEPT_DAYS, Declared, KEPT_DAYS as UPLOADS_KEPT_DAYS, Preview, Progress, ReadAs,
    Received, Receiving, UPLOAD_TRANSITIONS, Underway, UploadReport, UploadStep, UploadedRows,
    approve_upload, lists_people, look_into_upload, map_upload, receive_upload, recheck_upload,
    take_out_upload, undo_upload, upload_progress, upload_quality, upload_report, withdraw_upload,
    work_on_uploads,
};
pub use verify_audit::{AuditCheck, AuditFault, verify_audit};
pub use webhook::waiting_for_source;

use vocabulary::UnitId;

/// The unit with this code.
pub(crate) async fn unit_named(app: &App, id: &UnitId) -> Verb<survey_design::Unit> {
    let unit = storage::units::find_unit(app.store(), id).await?;
    unit.ok_or_else(|| Refusal::UnitUnknown(id.clone()).into())
}

/// A text a person typed: trimmed, not empty, not longer than `most` characters.
pub(crate) fn words(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        1.. if text.chars().count() <= most => Ok(text.to_owned()),
        _ => Err(Refusal::Text(field)),
    }
}
