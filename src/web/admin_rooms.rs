//! The rooms of departments: an administrator gives one a name and hands on its link.

use super::admin_page::shown;
use super::fault::Fault;
use super::form::Posted;
use super::places::LONGEST_NAME;
use super::site::Site;
use super::visitor::Visitor;
use crate::store::StoreError;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// A new room.
#[derive(Debug, Deserialize)]
pub(super) struct New {
    #[serde(default)]
    name: String,
}

/// A room that is there.
#[derive(Debug, Deserialize)]
pub(super) struct Known {
    #[serde(default)]
    word: String,
}

/// What there is, and how to add to it.
pub(super) fn section(site: &Site, visitor: &Visitor) -> Markup {
    let rooms = site.departments.all();
    html! {
        p { "给一个部门单独的会话：拿到链接的人都在里面，说过的话大家看得见，保留30天。链接猜不到，请只发给该部门的人。" }
        @if !rooms.is_empty() { div.wide tabindex="0" role="region" aria-label="部门会话" { table {
            thead { tr { th scope="col" { "会话" } th scope="col" { "链接" } th scope="col" { "收回" } } }
            tbody { @for room in &rooms { tr {
                th scope="row" { (room.name) }
                td data-label="链接" { a href=(format!("/?room={}", room.word)) { "打开" (room.name) "的会话" } }
                td data-label="收回" { form method="post" action="/admin/rooms/remove" {
                    input type="hidden" name="csrf" value=(visitor.csrf);
                    input type="hidden" name="word" value=(room.word);
                    button type="submit" { "收回“" (room.name) "”的链接" }
                } }
            } } }
        } } }
        form.stack method="post" action="/admin/rooms" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            label { "会话名称 " input name="name" maxlength=(LONGEST_NAME) required; }
            button type="submit" { "新建部门会话" }
        }
    }
}

fn at_state(error: &StoreError) -> Fault {
    tracing::error!(%error, "the rooms of departments could not be written");
    Fault::ours()
}

/// A room is made.
pub(super) async fn add(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(new): Posted<New>,
) -> Result<Response, Fault> {
    if !visitor.is_admin() {
        return Err(Fault::admins_only());
    }
    let added = site.departments.add(&site, &new.name);
    let said = match added.map_err(|error| at_state(&error))? {
        Ok(()) => format!(
            "已新建“{}”的会话；请把下面的链接发给他们。",
            new.name.trim()
        ),
        Err(why) => why,
    };
    shown(&site, &visitor, Some(&said))
}

/// A room's link is taken back.
pub(super) async fn remove(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(known): Posted<Known>,
) -> Result<Response, Fault> {
    if !visitor.is_admin() {
        return Err(Fault::admins_only());
    }
    let removed = site.departments.remove(&site, &known.word);
    removed.map_err(|error| at_state(&error))?;
    shown(&site, &visitor, Some("链接已收回，这个会话再也打不开了。"))
}
