//! The field's thesaurus: names of one thing become one name, in documents and in questions alike;
//! and what people say that may mean a thing.
//!
//! It holds what its file says and the words of no report.

use super::joined::Joined;
use super::letters::{Letters, is_quote};
use super::phrases::{Found, Phrases};
use super::regional;
use super::segment::segment;
use super::{Entry, entry, fold, is_latin};
use std::collections::BTreeMap;
use std::ops::Range;

/// A thing that plans measure, with its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concept {
    /// The standard name.
    pub name: String,
    /// Names that can stand for it everywhere.
    pub same: Vec<String>,
    /// What people say in talk and what may mean it.
    pub said: Vec<String>,
    /// Usual units.
    pub units: Vec<String>,
    /// Whether a lower value is the better one.
    pub less_is_good: bool,
    /// Names of parts or neighbours that must not be taken for it.
    pub parts: Vec<String>,
    /// Words of talk that are the name right before a figure, and only there: 经济增长5%左右.
    pub with_figure: Vec<String>,
    /// What it says at once, where each is given its own: 城镇居民 and 农村居民 of 城乡居民.
    pub members: Vec<String>,
}

/// All concepts, compiled.
#[derive(Debug, Clone, Default)]
pub struct Thesaurus {
    same: Phrases,
    replacements: Vec<Vec<char>>,
    said: Phrases,
    meanings: Vec<Vec<usize>>,
    names: Vec<String>,
    less_is_good: Vec<String>,
    /// What speaks of several at once, with its members.
    joined: Vec<Joined>,
    /// What stands for a name right before a figure, with the name.
    with_figure: Vec<(String, String)>,
    /// Each name and, as they are compared, the parts that must not be taken for it.
    parts: BTreeMap<String, Vec<String>>,
}

/// A span of a question and the name of what it may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Letters of the question.
    pub span: Range<usize>,
    /// The standard name, as it is compared.
    pub name: String,
}

impl Thesaurus {
    /// Compiles concepts. The longest name wins where several begin at one letter.
    pub fn new(concepts: &[Concept]) -> Self {
        let mut patterns = Vec::new();
        let mut replacements = Vec::new();
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        let mut meanings: Vec<Vec<usize>> = Vec::new();
        let mut names = Vec::new();
        let mut less_is_good = Vec::new();
        let mut with_figure = Vec::new();
        let joined = concepts
            .iter()
            .filter(|concept| !concept.members.is_empty());
        let joined = joined.map(|concept| Joined::new(&bare(&concept.name), &concept.members));
        let joined = joined.collect();
        for concept in concepts {
            let name = bare(&concept.name);
            for word in std::iter::once(&concept.name).chain(&concept.same) {
                for form in forms(word) {
                    patterns.push(form);
                    replacements.push(name.chars().collect());
                }
            }
            for word in &concept.with_figure {
                with_figure.push((bare(word), name.clone()));
            }
            if concept.less_is_good {
                less_is_good.push(name.clone());
            }
            names.push(name);
        }
        // A part is a word of its own: matched whole, it is left as it is. Where another concept
        // has the same name, that one stands first and wins.
        for part in concepts.iter().flat_map(|concept| &concept.parts) {
            patterns.push(bare(part));
            replacements.push(bare(part).chars().collect());
        }
        let mut thesaurus = Self {
            same: Phrases::new(&patterns),
            replacements,
            names,
            less_is_good,
            with_figure,
            joined,
            ..Self::default()
        };
        // A question is rewritten before sayings are looked for in it, so they are rewritten as
        // well.
        for (at, concept) in concepts.iter().enumerate() {
            let sayings = concept.said.iter().flat_map(|word| forms(word));
            for word in sayings.map(|word| thesaurus.question(&word).text()) {
                match said.get(&word) {
                    Some(known) => meanings[*known].push(at),
                    None => {
                        said.insert(word, meanings.len());
                        meanings.push(vec![at]);
                    }
                }
            }
        }
        let mut sayings: Vec<(String, usize)> = said.into_iter().collect();
        sayings.sort_by_key(|(_, number)| *number);
        let sayings: Vec<String> = sayings.into_iter().map(|(word, _)| word).collect();
        thesaurus.said = Phrases::new(&sayings);
        thesaurus.meanings = meanings;
        for concept in concepts.iter().filter(|concept| !concept.parts.is_empty()) {
            let parts = concept.parts.iter().map(|part| thesaurus.document(part));
            let parts = parts.collect();
            thesaurus.parts.insert(bare(&concept.name), parts);
        }
        thesaurus
    }

    /// A document's text as it is compared: folded, synonyms replaced, without blanks and quotation
    /// marks.
    pub fn document(&self, text: &str) -> String {
        let mut folded = self.named_at_figures(bare(text));
        for joined in &self.joined {
            folded = joined.parted(folded);
        }
        let letters: Vec<char> = folded.chars().collect();
        let mut written = String::with_capacity(folded.len());
        let mut from = 0;
        for Found { span, phrase } in self.same.longest(&letters) {
            if !stands_alone(&letters, &span) || is_cut(&letters, &span) {
                continue;
            }
            written.extend(&letters[from..span.start]);
            written.extend(&self.replacements[phrase]);
            from = span.end;
        }
        written.extend(&letters[from..]);
        written
    }

    /// What a figure counts, as it is compared: the text right before it.
    pub fn before_figure(&self, text: &str) -> String {
        let folded = bare(text);
        for (word, name) in &self.with_figure {
            if let Some(rest) = folded.strip_suffix(word.as_str()) {
                return self.document(&format!("{rest}{name}"));
            }
        }
        self.document(text)
    }

    /// A folded text in which words that are names before figures are those names there.
    fn named_at_figures(&self, text: String) -> String {
        let mut named = text;
        for (word, name) in &self.with_figure {
            let mut from = 0;
            while let Some(start) = named[from..].find(word.as_str()).map(|at| from + at) {
                let end = start + word.len();
                from = end;
                if named[end..].starts_with(|c: char| c.is_ascii_digit()) {
                    named.replace_range(start..end, name);
                    from = start + name.len();
                }
            }
        }
        named
    }

    /// The standard names that stand in a question as it is compared, the longest where several
    /// overlap.
    pub fn concepts(&self, question: &str) -> Vec<Meaning> {
        let letters: Vec<char> = question.chars().collect();
        let found = self.same.longest(&letters);
        let found = found.filter(|found| stands_alone(&letters, &found.span));
        found
            .map(|found| Meaning {
                name: letters[found.span.clone()].iter().collect(),
                span: found.span,
            })
            .collect()
    }

    /// A question's letters as they are compared. Blanks stay: they part words that were typed
    /// apart.
    pub fn question(&self, typed: &str) -> Letters {
        let mut letters = Letters::fold(typed);
        regional::in_common(&mut letters);
        // 经济增长 is 经济增速 first, which is a name itself.
        for _ in 0..2 {
            self.name(&mut letters);
        }
        letters
    }

    /// Replaces every name of a question by the standard one.
    fn name(&self, letters: &mut Letters) {
        let canonical = &letters.canonical;
        // A saying that begins before a name and ends within it is said, and not the name: 高新企业数量.
        let said = self.said.longest(canonical).map(|found| found.span);
        let said: Vec<Range<usize>> = said.collect();
        let cuts = |name: &Range<usize>| {
            let cuts = |said: &Range<usize>| {
                said.start < name.start && name.start < said.end && said.end < name.end
            };
            said.iter().any(cuts)
        };
        let names = self.same.longest(canonical);
        let replacements: Vec<(Range<usize>, Vec<char>)> = names
            .filter(|name| stands_alone(canonical, &name.span) && !cuts(&name.span))
            .filter(|name| !is_cut(canonical, &name.span))
            .map(|name| (name.span, self.replacements[name.phrase].clone()))
            .collect();
        letters.replace(&replacements);
    }

    /// What spans of a question may mean, in order; the longest saying wins.
    pub fn meanings(&self, question: &str) -> Vec<Meaning> {
        let letters: Vec<char> = question.chars().collect();
        let found = self.said.longest(&letters);
        let found = found.filter(|found| stands_alone(&letters, &found.span));
        found
            .flat_map(|Found { span, phrase }| {
                let concepts = self.meanings[phrase].iter();
                concepts.map(move |concept| Meaning {
                    span: span.clone(),
                    name: self.names[*concept].clone(),
                })
            })
            .collect()
    }

    /// Whether one thing is a part or neighbour of another that must not be taken for it: 出口总额 of
    /// 进出口总额.
    pub fn is_part(&self, part: &str, of: &str) -> bool {
        let parts = self.parts.get(of);
        parts.is_some_and(|parts| parts.iter().any(|known| known == part))
    }

    /// Whether a lower value of the named thing is the better one.
    pub fn less_is_good(&self, name: &str) -> bool {
        let name = self.document(name);
        self.less_is_good
            .iter()
            .any(|concept| name.contains(concept.as_str()))
    }
}

fn bare(text: &str) -> String {
    let letters = fold::letters_of(text).into_iter();
    letters
        .filter(|letter| !letter.is_whitespace() && !is_quote(*letter))
        .collect()
}

/// A word as documents have it, and with the blanks that questions keep between words of Latin
/// letters.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![bare(word)];
    if word.trim().contains(char::is_whitespace) {
        forms.push(fold::fold(word.trim()));
    }
    forms
}

/// So many letters on either side of a short name tell whether it is a word there.
const AROUND: usize = 4;

/// Whether a short name is cut out of words: 棚改 of 危棚改造.
fn is_cut(letters: &[char], name: &Range<usize>) -> bool {
    let is_word = |pair: &[char]| entry(&pair.iter().collect::<String>()).is_some();
    let crosses = |at: usize| at > 0 && letters.get(at - 1..=at).is_some_and(is_word);
    if name.len() != 2 || !crosses(name.start) && !crosses(name.end) {
        return false;
    }
    let from = name.start.saturating_sub(AROUND);
    let until = (name.end + AROUND).min(letters.len());
    let pieces = segment(&letters[from..until], &|_: &[char]| {
        Vec::<(usize, Entry)>::new()
    });
    pieces.iter().any(|piece| {
        let word = from + piece.start..from + piece.end;
        let cuts = |at: usize| word.start < at && at < word.end;
        cuts(name.start) || cuts(name.end)
    })
}

/// A word of Latin letters must not be cut out of a longer one.
pub fn stands_alone(letters: &[char], span: &Range<usize>) -> bool {
    let is_latin = |at: usize| letters.get(at).is_some_and(|letter| is_latin(*letter));
    let joins = |end: usize| end > 0 && is_latin(end - 1) && is_latin(end);
    !joins(span.start) && !joins(span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split('|').map(String::from).collect()
    }

    #[test]
    fn the_longest_name_wins_and_latin_words_stay_whole() {
        let thesaurus = Thesaurus::new(&[
            Concept {
                name: "地区总值".into(),
                same: words("总值|gdp"),
                ..Concept::default()
            },
            Concept {
                name: "研发".into(),
                same: words("rd|r&d"),
                said: words("搞科研"),
                ..Concept::default()
            },
        ]);
        assert_eq!(
            thesaurus.document("人均 GDP和“地区总值”"),
            "人均地区总值和地区总值"
        );
        assert_eq!(thesaurus.document("standard"), "standard");
        assert_eq!(thesaurus.question("R&D 多少").text(), "研发 多少");
        assert_eq!(
            thesaurus.meanings("今年搞科研多少"),
            [Meaning {
                span: 2..5,
                name: "研发".into()
            }]
        );
    }
}
