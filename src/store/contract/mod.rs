//! What every engine must do, as tests that know nothing of the engine.
//!
//! An engine's tests implement [`Engine`] and call `store_contract!`; each rule here then is a test of its own there.

pub(in crate::store) mod audit;
mod builders;
pub(in crate::store) mod changes;
pub(in crate::store) mod deliveries;
pub(in crate::store) mod evidence;
pub(in crate::store) mod memory;
pub(in crate::store) mod model;
pub(in crate::store) mod paging;
pub(in crate::store) mod search;
pub(in crate::store) mod verdicts;
pub(in crate::store) mod versions;
pub(in crate::store) mod visibility;

use async_trait::async_trait;

use super::Store;

/// One empty place for data, that stores can be opened on one after the other.
#[async_trait]
pub(in crate::store) trait Engine: Send + Sync {
    /// The engine.
    type Store: Store;
    /// Opens the store; after the one before was dropped, with what that one had.
    async fn open(&self) -> Self::Store;
}

/// Makes a test of each rule; the argument makes an [`Engine`].
macro_rules! store_contract {
    ($engine:expr) => {
        $crate::store::contract::rules! { $engine;
            versions {
                a_version_is_read_as_it_was_written,
                older_versions_stay_readable,
                history_is_newest_first_and_continues_where_it_ended,
                a_deletion_is_a_version_without_text,
                the_received_bytes_come_back,
                what_never_was_is_not_found,
                many_are_read_in_the_order_asked_for,
                instants_keep_their_microseconds,
            }
            changes {
                an_expectation_that_fails_changes_nothing,
                a_version_that_does_not_follow_is_refused,
                of_concurrent_conditional_creates_one_wins,
                a_change_fails_alone_among_many,
                a_change_is_whole_or_not_at_all,
                what_was_acknowledged_is_there_after_reopening,
                the_store_answers_a_ping,
            }
            search {
                a_token_is_found_by_system_and_code,
                a_date_is_found_by_the_rule_of_its_prefix,
                a_reference_is_found_with_and_without_its_type,
                a_uri_is_found_by_its_whole,
                a_text_is_found_by_its_start,
                a_text_is_found_by_a_part_and_by_its_exact_form,
                none_of_finds_those_without_a_value_too,
                ids_and_update_times_are_found,
                missing_tells_presence_and_absence,
                filters_are_joined_by_and_alternatives_by_or,
                a_new_version_is_found_by_its_new_values_only,
                what_was_deleted_is_not_found,
                the_total_can_be_asked_for_alone,
                includes_follow_references_one_step,
                referrers_are_listed_once,
                the_widest_search_that_can_be_asked_for_is_answered,
            }
            paging {
                pages_neither_skip_nor_repeat_while_others_write,
                the_last_page_has_no_next,
            }
            visibility {
                nothing_is_visible_without_a_permit,
                an_organisation_sees_what_it_submitted,
                a_relation_opens_a_patients_resources_for_its_time,
                directory_data_is_open_unless_it_names_a_patient,
                subscriptions_and_audit_events_stay_with_their_submitter,
                totals_and_pages_tell_nothing_of_what_is_hidden,
                includes_tell_nothing_of_what_is_hidden,
                a_conditional_create_looks_with_its_own_eyes,
                a_search_shows_what_may_be_read_and_nothing_else,
            }
            evidence {
                evidence_is_read_by_patient_unit_and_kind,
                evidence_is_found_by_the_organisations_that_it_involves,
                a_new_version_replaces_its_evidence_and_relations,
                evidence_can_be_derived_again,
                deleting_what_proved_a_round_marks_the_unit,
                a_new_version_marks_those_that_the_old_one_spoke_of,
                evidence_derived_again_marks_those_that_the_old_spoke_of,
                evidence_derived_from_an_older_version_is_refused_as_a_whole,
                relations_are_listed_for_their_time,
            }
            verdicts {
                verdicts_are_replaced_as_a_whole,
                a_change_of_state_closes_the_interval,
                summaries_count_now_and_then,
                what_expires_is_told_in_order,
                a_later_mark_stays,
                subjects_are_listed_by_state,
            }
            deliveries {
                versions_leave_an_outbox_entry_for_each_patient,
                a_bulk_load_leaves_none,
                dispatching_twice_delivers_once,
                a_lane_gives_one_delivery_at_a_time_in_order,
                a_lease_that_ran_out_is_due_again,
                a_late_report_is_ignored,
                a_receiver_gets_no_more_than_its_share,
                a_delivery_that_waits_holds_its_lane,
                a_dead_delivery_frees_its_lane_and_can_be_replayed,
                a_withheld_delivery_can_be_replayed,
                a_replayed_delivery_waits_for_the_one_under_way,
                concurrent_workers_never_share_a_lane,
                deliveries_are_numbered_for_each_receiver_without_gaps,
                the_queue_is_counted,
            }
            audit {
                an_entry_reads_as_it_was_closed,
                an_entry_that_was_never_opened_cannot_be_closed,
                entries_left_open_are_found,
                entries_are_found_by_their_columns,
                an_entry_is_found_by_each_of_its_patients,
                the_chain_holds,
            }
            memory {
                an_answer_is_remembered_until_it_is_swept,
                the_same_key_again_gets_the_first_answer,
                a_token_id_is_used_once,
            }
            model {
                searches_agree_with_a_plain_reading_of_the_rules,
            }
        }
    };
}

macro_rules! rules {
    ($engine:expr; $($area:ident { $($rule:ident,)* })*) => {
        $(mod $area {
            #[allow(unused_imports, reason = "the engine's name is in scope where the rules are listed")]
            use super::*;
            $(#[tokio::test]
            async fn $rule() {
                $crate::store::contract::$area::$rule(&$engine).await;
            })*
        })*
    };
}

pub(in crate::store) use rules;
pub(in crate::store) use store_contract;
