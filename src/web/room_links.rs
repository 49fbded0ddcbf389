//! The part of the administration that shows the rooms of departments with their links.

use super::departments::LONGEST_NAME;
use super::site::Site;
use super::visitor::Visitor;
use maud::{Markup, html};

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
