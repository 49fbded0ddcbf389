//! A reply as a document.
//!
//! What is said stands in the reply or in `words`; nothing is made here.

use super::words;
use crate::document::{Block, Document};
use crate::model::{Citation, PlanId};
use crate::reply::{Answer, Lack, Reply};
use std::collections::BTreeSet;

/// So many lines of context stand open; what is more stands with the quotations.
const MOST_CONTEXT: usize = 4;
/// So many quotations are given; the source names all places.
const MOST_QUOTES: usize = 4;

/// A reply as one plain text, without the quotations behind it.
pub fn plain(reply: &Reply) -> String {
    Document::of(reply).brief().plain()
}

impl Document {
    /// The document of a reply.
    pub fn of(reply: &Reply) -> Self {
        match reply {
            Reply::Answer(answer) => Self::answer(answer),
            Reply::Clarify(clarification) => {
                let labels = clarification.labels();
                let options = labels.map(|label| Block::Text(format!("· {label}")));
                Self(
                    std::iter::once(Block::Lead(clarification.question.clone()))
                        .chain(options)
                        .collect(),
                )
            }
            Reply::Unknown(refusal) => {
                let head = match refusal.missing.as_str() {
                    "" => words::NOT_UNDERSTOOD.to_string(),
                    missing => match refusal.lack {
                        Lack::Absent => words::not_in_documents(missing),
                        Lack::Unanswered => words::only_mentioned(missing),
                        Lack::Undefined => words::not_defined(missing),
                    },
                };
                let mut blocks = vec![Block::Lead(head)];
                if !refusal.nearest.is_empty() {
                    blocks.push(Block::Text(format!(
                        "{}{}",
                        words::THERE_IS,
                        refusal.nearest.join("；")
                    )));
                }
                if let Some(citation) = &refusal.related {
                    let line = words::related(&citation.quote, &citation.place);
                    blocks.push(Block::Text(line));
                }
                Self(blocks)
            }
            Reply::Help => Self::sentence(words::HELP),
            Reply::Courtesy => Self::sentence(words::COURTESY),
        }
    }

    fn answer(answer: &Answer) -> Self {
        let mut blocks = vec![Block::Lead(answer.lead.clone())];
        let (open, folded) = answer
            .context
            .split_at(answer.context.len().min(MOST_CONTEXT));
        if !answer.rows.is_empty() {
            blocks.push(Block::Rows(answer.rows.clone()));
        }
        blocks.extend(open.iter().cloned().map(Block::Text));
        let said = format!("{}\n{}", answer.lead, answer.context.join("\n"));
        let quotes = answer
            .citations()
            .iter()
            // Where rows or the lines above say it word for word, a quotation would say it twice.
            .filter(|citation| answer.rows.is_empty() && !said.contains(&citation.quote));
        let quotes = quotes
            .map(|citation| format!("{}：{}", citation.place, citation.quote))
            .fold(Vec::new(), |mut known, quote| {
                if !known.contains(&quote) && known.len() < MOST_QUOTES {
                    known.push(quote);
                }
                known
            });
        if !folded.is_empty() || !quotes.is_empty() {
            blocks.push(Block::Folded {
                context: folded.to_vec(),
                quotes,
            });
        }
        blocks.push(Block::Source(format!(
            "{}{}",
            words::SOURCE,
            places(answer)
        )));
        Self(blocks)
    }
}

/// The places of an answer, each once, by plan where several are loaded.
fn places(answer: &Answer) -> String {
    if answer.plan_names.is_empty() {
        return places_of(answer.citations().iter());
    }
    let of_plan = |(plan, name): &(PlanId, String)| {
        let cited = answer
            .citations()
            .iter()
            .filter(|citation| citation.plan == *plan);
        format!("{name} {}", places_of(cited))
    };
    let shown: Vec<String> = answer.plan_names.iter().map(of_plan).collect();
    shown.join("；")
}

/// Where something stands: a place, with the rows of it, and the pages of the original.
struct Place {
    head: String,
    /// What its rows are counted as: 行 of a table, 条 of a list of terms.
    counted: char,
    rows: Vec<String>,
    pages: BTreeSet<u32>,
}

/// Places, each once; rows of one table are joined (附件2 第1、3行（原件第28页）), and so are terms.
fn places_of<'a>(citations: impl Iterator<Item = &'a Citation>) -> String {
    let mut places: Vec<Place> = Vec::new();
    for citation in citations {
        let parted = citation.place.rsplit_once(" 第").and_then(|(head, tail)| {
            let counted = ['行', '条']
                .into_iter()
                .find(|unit| tail.ends_with(*unit))?;
            Some((head, counted, Some(tail.strip_suffix(counted)?)))
        });
        let (head, counted, row) = parted.unwrap_or((&citation.place, '行', None));
        // 附件1 第3行 and 第5行 are told as one place with two rows.
        let known = places.iter().position(|known| {
            known.head == head && known.counted == counted && known.rows.is_empty() == row.is_none()
        });
        let at = known.unwrap_or_else(|| {
            places.push(Place {
                head: head.to_string(),
                counted,
                rows: Vec::new(),
                pages: BTreeSet::new(),
            });
            places.len() - 1
        });
        let place = &mut places[at];
        place.pages.extend(citation.page);
        if let Some(row) = row.filter(|row| !place.rows.iter().any(|known| known == row)) {
            place.rows.push(row.to_string());
        }
    }
    let shown = places.into_iter().map(|place| {
        let mut shown = place.head;
        if !place.rows.is_empty() {
            let rows = place.rows.join("、");
            shown.push_str(&format!(" 第{rows}{}", place.counted));
        }
        if !place.pages.is_empty() {
            let pages: Vec<String> = place.pages.iter().map(ToString::to_string).collect();
            shown.push_str(&format!("（原件第{}页）", pages.join("、")));
        }
        shown
    });
    shown.collect::<Vec<_>>().join("；")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Provenance;

    #[test]
    fn each_place_has_its_own_rows_and_pages() {
        let cited = |place: &str, page: Option<u32>| Citation {
            plan: PlanId("a-plan".to_string()),
            place: place.to_string(),
            page,
            quote: String::new(),
            provenance: Provenance::Note(0),
        };
        let shown = |citations: &[Citation]| places_of(citations.iter());
        let rows = [
            cited("附件2 第1行", Some(22)),
            cited("附件1 第1行", Some(19)),
            cited("附件2 第3行", Some(23)),
            cited("附件2 第1行", Some(22)),
        ];
        assert_eq!(
            shown(&rows),
            "附件2 第1、3行（原件第22、23页）；附件1 第1行（原件第19页）"
        );
        let without = [cited("附件2 第1行", None), cited("正文 一、", None)];
        assert_eq!(shown(&without), "附件2 第1行；正文 一、");
        let terms = ["名词解释 第2条", "名词解释 第10条", "附件1 备注2"];
        let terms = terms.map(|place| cited(place, None));
        assert_eq!(shown(&terms), "名词解释 第2、10条；附件1 备注2");
    }
}
