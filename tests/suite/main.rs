//! One test binary: the harness (a fake Bot API on loopback, a running bot, a standing clock) and a file per subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod administration;
mod allowed;
mod answers;
mod asked_reports;
mod bringing;
mod broken_inputs;
mod charts;
mod choices;
mod circles;
mod command_line;
mod conformance;
mod crowding;
mod damage;
mod damage_in_both;
mod damage_rare;
mod damage_together;
mod damaged_index;
mod demo;
mod deploying;
mod disks;
mod document_page;
mod evidence;
mod exam;
mod failing_calls;
mod fake_bot_api;
mod floods;
mod from_nothing;
mod group_day;
mod harness;
mod hostile_week;
mod http;
mod importing;
mod july;
mod kill;
mod large_data;
mod large_files;
mod load;
mod messengers;
mod middle;
mod mixed_attack;
mod moving_chats;
mod newer_api;
mod office;
mod office_acts;
mod operating;
mod originals;
mod outages;
mod page;
mod parts_and_rates;
mod pdf_bombs;
mod places;
mod proxies;
mod reloading;
mod reminders;
mod replies;
mod room_on_disk;
mod schedule;
mod screens;
mod sendable;
mod simulation;
mod soak;
mod source;
mod steady;
mod stopping;
mod table_page;
mod talks;
mod telegram;
mod tidy;
mod upgrading;
mod watched;
mod watching;
mod weather;
mod web;
mod web_api;
mod web_attacks;
mod web_carriage;
mod web_program;
mod web_rooms;
mod word_files;
mod years;
