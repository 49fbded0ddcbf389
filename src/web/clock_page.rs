//! The movable clock of the local chat, so that a person can watch a reminder come. There is none
//! beside a messenger.

use super::fault::PageFault;
use super::form::Posted;
use super::site::Site;
use super::visitor::Visitor;
use crate::chat::move_clock;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The next reminder is looked for so far ahead.
const LOOKED_AHEAD_DAYS: u64 = 400;

/// The moment that the clock is to show, and the page to come back to.
#[derive(Debug, Deserialize)]
pub(super) struct Moment {
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    back: String,
}

/// What the clock shows and how to move it; nothing where it cannot be moved.
pub(super) fn control(site: &Site, visitor: &Visitor, back: &str) -> Markup {
    if site.clock.is_none() {
        return html! {};
    }
    let now = site.app.now();
    let next = next_reminder(site);
    html! {
        details.clock {
            summary { span { "时钟 " } time { (now.format("%Y-%m-%d %H:%M")) } }
            form method="post" action="/clock" {
                input type="hidden" name="csrf" value=(visitor.csrf);
                input type="hidden" name="back" value=(back);
                label { "日期 " input type="date" name="day" value=(now.format("%Y-%m-%d")) required; }
                label { "时刻 " input type="time" name="time" value=(now.format("%H:%M")) required; }
                button type="submit" { "拨到这一刻" }
            }
            @if let Some((day, time)) = next {
                form method="post" action="/clock" {
                    input type="hidden" name="csrf" value=(visitor.csrf);
                    input type="hidden" name="back" value=(back);
                    input type="hidden" name="day" value=(day.format("%Y-%m-%d"));
                    input type="hidden" name="time" value=(time.format("%H:%M"));
                    button type="submit" { "拨到下一次提醒（" (day.format("%Y-%m-%d")) " " (time.format("%H:%M")) "）" }
                }
            }
            p { "只在演示里有：拨动时钟，可以看提醒怎样到来。先在“我的会话”里发 /subscribe 单位名称。" }
        }
    }
}

/// What the clock shows, where it can be moved.
pub(super) fn shown(site: &Site) -> Option<String> {
    site.clock
        .as_ref()
        .map(|_| site.app.now().format("%Y-%m-%d %H:%M").to_string())
}

/// The day and the hour at which the next reminder goes out.
fn next_reminder(site: &Site) -> Option<(NaiveDate, NaiveTime)> {
    let agenda = site.app.agenda();
    let now = site.app.now().naive_local();
    let (from, to) = (
        now.date(),
        now.date().checked_add_days(Days::new(LOOKED_AHEAD_DAYS))?,
    );
    let send_at = agenda.policy.send_at;
    let occurrences = agenda.occurrences(from, to);
    let days = occurrences
        .iter()
        .flat_map(|occurrence| agenda.stages(&occurrence.due))
        .map(|(_, day)| day);
    days.filter(|day| NaiveDateTime::new(*day, send_at) > now)
        .min()
        .map(|day| (day, send_at))
}

/// Moves the clock, as the local chat's command does.
pub(super) async fn set(
    State(site): State<Arc<Site>>,
    Posted(moment): Posted<Moment>,
) -> Result<Redirect, PageFault> {
    let Some(clock) = &site.clock else {
        return Err(PageFault::new(
            StatusCode::FORBIDDEN,
            "只有演示（planbot run --demo）可以拨时钟。",
        ));
    };
    let is_moment = NaiveDate::parse_from_str(&moment.day, "%Y-%m-%d").is_ok()
        && NaiveTime::parse_from_str(&moment.time, "%H:%M").is_ok();
    if !is_moment {
        return Err(PageFault::new(
            StatusCode::BAD_REQUEST,
            "日期和时刻看不懂；请写成 2022-06-24 和 09:30 这样。",
        ));
    }
    move_clock(clock, &format!("/clock {} {}", moment.day, moment.time));
    site.app.wake_desk();
    Ok(Redirect::to(if moment.back == "/deadlines" {
        "/deadlines"
    } else {
        "/"
    }))
}
