//! Lists that a sentence announces: 完成五个方面工作, then 一是…, 二是….

use super::super::passages::Grain;
use super::shelf::{LONGEST_PASSAGE, Shelf};
use crate::model::Provenance;

impl Shelf<'_> {
    /// A sentence that announces items, with the items, or their headlines where they are long.
    pub(super) fn announced_lists(&mut self) {
        let plan = self.plan;
        let passages = &plan.passages;
        for (at, passage) in passages.iter().enumerate() {
            let text = passage.text.trim_end();
            let announces = ["以下", "如下", "下列", "下面"]
                .iter()
                .any(|w| text.contains(w))
                || text.ends_with('：');
            let opens = passages
                .get(at + 1)
                .is_some_and(|next| next.opens_item && next.path.section == passage.path.section);
            if passage.opens_item || !opens || !announces && !counts_items(text) {
                continue;
            }
            let members: Vec<usize> = (at + 1..passages.len())
                .take_while(|next| {
                    passages[*next].path.section == passage.path.section
                        && passages[*next].path.chapter == passage.path.chapter
                        && !passages[*next].path.item.is_empty()
                })
                .collect();
            let all: String = members.iter().map(|m| passages[*m].text.as_str()).collect();
            let chosen: Vec<usize> =
                if all.chars().count() + text.chars().count() <= LONGEST_PASSAGE {
                    members
                } else {
                    members
                        .into_iter()
                        .filter(|m| passages[*m].opens_item)
                        .collect()
                };
            let lines = std::iter::once(at).chain(chosen);
            let sentences: Vec<usize> = lines.collect();
            let verbatim: Vec<&str> = sentences.iter().map(|s| passages[*s].text.trim()).collect();
            let verbatim = verbatim.join("\n");
            let provenances = sentences.into_iter().map(Provenance::Passage).collect();
            self.passage(provenances, Grain::List, &verbatim, "", passage);
        }
    }
}

/// 完成五个方面工作 before 一是: a count of what follows.
fn counts_items(text: &str) -> bool {
    let ends = text.trim_end_matches(['。', '：', ' ']);
    [
        "方面", "工作", "问题", "任务", "项目", "实事", "行动", "工程", "措施", "重点",
    ]
    .iter()
    .any(|word| ends.ends_with(word))
        && [
            "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "几", "以下", "重点",
        ]
        .iter()
        .any(|number| ends.contains(number))
}
