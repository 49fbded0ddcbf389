//! The closed sets of intents and cues, and the patterns of `intents.toml`.

use crate::model::{Finding, IntentRecord};

macro_rules! keyed_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident => $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of the data files and of `ask --json`.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// Reads the word of the data files.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.key() == key)
            }
        }
    };
}

keyed_enum! {
    /// What a question wants.
    Intent {
        /// A greeting, thanks, a call for help.
        Greeting => "greeting",
        /// When, who and to whom progress is reported.
        Duty => "duty",
        /// When and by whom the document was issued.
        Issued => "issued",
        /// Why an indicator stands as it does.
        IndicatorReason => "indicator_reason",
        /// 预期性 or 约束性.
        IndicatorNature => "indicator_nature",
        /// The category that it stands under.
        IndicatorCategory => "indicator_category",
        /// The unit.
        IndicatorUnit => "indicator_unit",
        /// Whether the target was met.
        IndicatorVerdict => "indicator_verdict",
        /// One year against another, a target against its result.
        IndicatorCompare => "indicator_compare",
        /// A cell.
        IndicatorValue => "indicator_value",
        /// A footnote or a remark by its number.
        Note => "note",
        /// Every indicator.
        AllMembers => "all_members",
        /// The indicators of a category.
        CategoryMembers => "category_members",
        /// The indicators whose cell says certain words.
        ValueMembers => "value_members",
        /// The indicators that met or missed their target.
        VerdictMembers => "verdict_members",
        /// The indicators whose target was raised or lowered.
        ChangeMembers => "change_members",
        /// The binding or the anticipatory indicators.
        NatureMembers => "nature_members",
        /// What a term means.
        TermDefinition => "term_definition",
        /// A question that names no subject.
        MissingSubject => "missing_subject",
        /// Something in the running text, the notes or the glossary's definitions.
        TextLookup => "text_lookup",
    }
}

keyed_enum! {
    /// A class of words that say what is wanted.
    Cue {
        /// A planned value is meant.
        Target => "target",
        /// A reached value is meant.
        Actual => "actual",
        /// How much, how many.
        AskAmount => "ask_amount",
        /// Which unit.
        AskUnit => "ask_unit",
        /// Which nature.
        AskNature => "ask_nature",
        /// Indicators as such.
        IndicatorWord => "indicator_word",
        /// The planned and the executed year.
        BothYears => "both_years",
        /// Which category.
        AskCategory => "ask_category",
        /// What does it mean.
        AskDefine => "ask_define",
        /// By which standard.
        AskStandard => "ask_standard",
        /// Where, how large, since when.
        AskScope => "ask_scope",
        /// Which parts.
        AskMembers => "ask_members",
        /// What is that called.
        AskReverse => "ask_reverse",
        /// Why.
        AskWhy => "ask_why",
        /// When.
        AskWhen => "ask_when",
        /// Who.
        AskWho => "ask_who",
        /// Which ones.
        AskList => "ask_list",
        /// How many there are.
        AskStock => "ask_stock",
        /// What, which: no class of its own.
        AskWhat => "ask_what",
        /// Was it met.
        AskMet => "ask_met",
        /// Compared with what.
        AskCompare => "ask_compare",
        /// How is it done.
        AskHow => "ask_how",
        /// What else there is.
        More => "more",
        /// The document itself.
        Document => "document",
        /// Issuing of the document.
        Issued => "issued",
        /// Reporting of progress.
        Report => "report",
        /// The clock's year.
        ThisYear => "this_year",
        /// The year before it.
        LastYear => "last_year",
        /// The year after it.
        NextYear => "next_year",
        /// Greeting or thanks.
        Greeting => "greeting",
        /// Not published.
        Unpublished => "unpublished",
        /// Raised.
        Raised => "raised",
        /// Lowered.
        Lowered => "lowered",
        /// Not met.
        NotMet => "not_met",
        /// Words by which a text tells what there is; looked for in documents, not in questions.
        StockMarks => "stock_marks",
        /// Words by which a text tells what is added; looked for in documents, not in questions.
        IncreaseMarks => "increase_marks",
        /// Words by which a question wants what is finished; looked for within its words too.
        DoneMarks => "done_marks",
        /// Words by which a text tells of what is begun or under way; looked for in documents, not in questions.
        BegunMarks => "begun_marks",
        /// Words by which a text gives a reason; looked for in documents, not in questions.
        ReasonMarks => "reason_marks",
        /// Words that may be left unexplained.
        Generic => "generic",
        /// And, or.
        Separator => "separator",
        /// Words of politeness and little words that may also stand inside another word.
        Filler => "filler",
        /// Particles: never a part of another word.
        Particle => "particle",
    }
}

keyed_enum! {
    /// What a pattern can ask for.
    SlotKind {
        /// One or more indicators.
        Indicator => "indicator",
        /// A glossary term.
        Term => "term",
        /// A category of indicators.
        Category => "category",
        /// 预期性, 约束性.
        Nature => "nature",
        /// Words that stand in cells.
        Value => "value",
        /// A table's label.
        Table => "table",
        /// A year.
        Year => "year",
        /// A due phrase.
        Due => "due",
        /// A footnote's or remark's number.
        Note => "note",
    }
}

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// A name from the plans.
    Slot(SlotKind),
    /// A cue.
    Cue(Cue),
}

/// A pattern: what must and what may stand in a question, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The intent that it speaks for.
    pub intent: Intent,
    /// What must be there.
    pub required: Vec<Element>,
    /// What may be there.
    pub optional: Vec<Element>,
}

/// Reads the patterns; what cannot be read is a finding.
pub fn patterns(records: &[IntentRecord], findings: &mut Vec<Finding>) -> Vec<Pattern> {
    const FILE: &str = "lexicon/intents.toml";
    let mut patterns = Vec::new();
    for record in records {
        let Some(intent) = Intent::from_key(&record.name) else {
            findings.push(Finding::error(
                FILE,
                &record.name,
                "没有这个意图；请从 ARCHITECTURE.md 的意图表里选。",
            ));
            continue;
        };
        for text in &record.patterns {
            match pattern(intent, text) {
                Some(pattern) => patterns.push(pattern),
                None => findings.push(Finding::error(
                    FILE,
                    &record.name,
                    format!(
                        "句式“{text}”里有不认识的部分；写法是 {{indicator}} <ask_unit> {{year}}?。"
                    ),
                )),
            }
        }
    }
    patterns
}

fn pattern(intent: Intent, text: &str) -> Option<Pattern> {
    let mut pattern = Pattern {
        intent,
        required: Vec::new(),
        optional: Vec::new(),
    };
    for word in text.split_whitespace() {
        let (word, optional) = word
            .strip_suffix('?')
            .map_or((word, false), |word| (word, true));
        let element = if let Some(slot) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Element::Slot(SlotKind::from_key(slot)?)
        } else {
            Element::Cue(Cue::from_key(word.strip_prefix('<')?.strip_suffix('>')?)?)
        };
        if optional {
            pattern.optional.push(element)
        } else {
            pattern.required.push(element)
        }
    }
    (!pattern.required.is_empty()).then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_or_found_fault_with() {
        let record = |name: &str, text: &str| IntentRecord {
            name: name.into(),
            patterns: vec![text.into()],
        };
        let mut findings = Vec::new();
        let read = patterns(
            &[record("indicator_unit", "{indicator} <ask_unit> {year}?")],
            &mut findings,
        );
        assert_eq!(
            read[0].required,
            [
                Element::Slot(SlotKind::Indicator),
                Element::Cue(Cue::AskUnit)
            ]
        );
        assert!(findings.is_empty());
        patterns(
            &[record("nothing", "{year}"), record("duty", "{nobody}")],
            &mut findings,
        );
        assert_eq!(findings.len(), 2);
    }
}
