//! On which page of the original each place begins.

use super::account::Account;
use super::document::Document;
use super::{body, glossary, notes, passages, tables};
use crate::model::PlanRecords;
use std::collections::BTreeMap;

/// Places with their pages, each place once; none where the original has no pages.
pub(crate) fn pages(
    document: &Document,
    account: &Account,
    records: &PlanRecords,
) -> Vec<(String, u32)> {
    if document.pages.is_empty() {
        return Vec::new();
    }
    let beginnings = account.beginnings();
    let page = |file: &'static str, row: usize| {
        let offset = *beginnings.get(&(file, row))?;
        let before = document
            .pages
            .iter()
            .take_while(|(start, _)| *start <= offset);
        before.last().map(|(_, page)| *page)
    };
    let header = &records.header;
    let passages = passages::by_row(&records.body, header.executed_year, header.plan_year);
    let of_body = passages
        .into_iter()
        .map(|(row, passage)| (passage.place, page(body::FILE, row)));
    let rows = |at: usize| at + 1;
    let of_cells = records.cells.iter().enumerate();
    let of_cells = of_cells.map(|(at, cell)| (cell.place.clone(), page(tables::FILE, rows(at))));
    let of_terms = records.glossary.iter().enumerate();
    let of_terms = of_terms.map(|(at, entry)| {
        let place = glossary::place(entry.number);
        (place, page(glossary::FILE, rows(at)))
    });
    let of_notes = records.notes.iter().enumerate();
    let of_notes = of_notes.map(|(at, note)| (note.place.clone(), page(notes::FILE, rows(at))));
    let mut pages: BTreeMap<String, u32> = BTreeMap::new();
    for (place, page) in of_body.chain(of_cells).chain(of_terms).chain(of_notes) {
        if let Some(page) = page {
            // The first page: a place that goes on over a page break is looked up where it begins.
            pages.entry(place).or_insert(page);
        }
    }
    pages.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::SpannedCell;
    use crate::import::import_document;

    #[test]
    fn each_place_has_the_page_on_which_it_begins() {
        let mut document = Document::default();
        let turn = |document: &mut Document, page: u32| {
            document.pages.push((document.text.len(), page));
        };
        turn(&mut document, 1);
        document.add_line("柳溪县2029年计划执行情况和2030年计划", true);
        document.add_line("一、2029年计划执行情况", true);
        document.add_line("全年修渠90公里，比上年多10公里。", false);
        turn(&mut document, 2);
        document.add_line("二、2030年主要任务", true);
        document.add_line("计划修渠100公里，做好护渠员培训。", false);
        document.add_line("计划植树3000亩。", false);
        turn(&mut document, 3);
        document.add_line("附件1：2030年主要指标表", false);
        let cell = |text: &str| SpannedCell {
            lines: vec![text.to_string()],
            across: 1,
            down: 1,
        };
        let row = |texts: [&str; 4]| texts.map(cell).to_vec();
        document.add_table(vec![
            row(["序号", "指标", "单位", "2030年目标"]),
            row(["1", "修渠里程", "公里", "100"]),
        ]);
        turn(&mut document, 4);
        document.add_line("名词解释", true);
        document.add_line("1．护渠员：看护水渠的人。", false);
        let imported = import_document(&document, "liuxi-2030", "计划.pdf");
        let pages: BTreeMap<String, u32> = imported.records.pages.into_iter().collect();
        for (place, page) in [
            ("正文 一、", 1),
            ("正文 二、第1段", 2),
            ("正文 二、第2段", 2),
            ("附件1 第1行", 3),
            ("名词解释 第1条", 4),
        ] {
            assert_eq!(pages.get(place), Some(&page), "{place}: {pages:?}");
        }
    }
}
