//! The part of the administration that takes a report and shows which ones wait.

use super::visitor::Visitor;
use crate::app::Proposal;
use maud::{Markup, html};
use std::sync::Arc;

/// The form that takes a file: for the page of the administration.
pub(super) fn form(visitor: &Visitor) -> Markup {
    html! {
        p { "可以导入 Word（.docx、.doc、.wps）、PDF（有文字层的）、Excel（.xlsx、.xls、.et、.ods、.csv）、网页和文本文件。把文件拖到这一页，或者选一个；先看读得对不对，确认后才写入。" }
        form.stack method="post" action="/admin/import" enctype="multipart/form-data" data-long="读取报告" {
            input type="hidden" name="csrf" value=(visitor.csrf);
            label { "报告文件 " input type="file" name="file" required; }
            button type="submit" { "读取" }
        }
    }
}

/// The reports that wait, each leading to what was read of it.
pub(super) fn waiting_list(proposals: &[Arc<Proposal>]) -> Markup {
    html! { @if !proposals.is_empty() { p { "等待确认：" } ul { @for proposal in proposals {
        li { a href=(address(proposal)) { (proposal.file) } "（" (proposal.imported.records.header.title) "）" }
    } } } }
}

pub(super) fn address(proposal: &Proposal) -> String {
    format!("/admin/import/{}", proposal.word)
}
