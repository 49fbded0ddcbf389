//! The rooms of departments: an administrator gives one a name and hands on its link.

use super::admin_page::shown;
use super::fault::PageFault;
use super::form::Posted;
use super::site::Site;
use super::visitor::Visitor;
use crate::store::StoreError;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
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

fn at_state(error: &StoreError) -> PageFault {
    tracing::error!(%error, "the rooms of departments could not be written");
    PageFault::ours()
}

/// A room is made.
pub(super) async fn add(
    State(site): State<Arc<Site>>,
    Extension(visitor): Extension<Visitor>,
    Posted(new): Posted<New>,
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let added = site.departments.add(&new.name, site.keys.secret());
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
) -> Result<Response, PageFault> {
    visitor.must_administer()?;
    let removed = site.departments.remove(&known.word);
    removed.map_err(|error| at_state(&error))?;
    shown(&site, &visitor, Some("链接已收回，这个会话再也打不开了。"))
}
