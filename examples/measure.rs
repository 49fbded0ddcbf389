//! The house in numbers: how long functions are, how wide lines, how dense code, how much comments say.
//!
//! `just measure` prints them for `src/`, tests left out. What is counted: a function from its first to its last line; a
//! line's width in letters; calls of methods on a line that is no comment; a comment inside code by its lines; the words
//! of a doc comment between its blanks, a Chinese letter being a word; a doc repeats a name where it has no word beyond it.

#![allow(
    clippy::unwrap_used,
    reason = "a measurement of the project's own source ends where that cannot be read"
)]

#[path = "../tests/suite/source.rs"]
mod source;

use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ItemFn, Lit, Meta, Signature, Visibility};

const WIDEST: usize = 100;
/// Words of a doc comment that say nothing beyond a name.
const EMPTY_WORDS: &[&str] = &[
    "a", "an", "the", "its", "of", "this", "that", "is", "it", "to", "all", "one",
];

#[derive(Default)]
struct House {
    /// Lines of each function.
    functions: Vec<usize>,
    /// Words of each doc comment.
    docs: Vec<usize>,
    repeating: usize,
    public: usize,
    code_lines: usize,
    comment_lines: usize,
    wide_lines: usize,
    dense_lines: usize,
    files_with_text: BTreeSet<String>,
    files: usize,
}

/// One file while it is looked at.
struct Reading<'a> {
    house: &'a mut House,
    has_text: bool,
}

impl Reading<'_> {
    fn documented(&mut self, attributes: &[Attribute], name: Option<&str>) {
        let lines = attributes.iter().filter_map(doc_line);
        let text = lines.collect::<Vec<String>>().join(" ");
        if text.trim().is_empty() {
            return;
        }
        let words = words(&text);
        self.house.docs.push(words.len());
        let name = name.unwrap_or_default().to_lowercase();
        let says_more = |word: &String| {
            let word = word.to_lowercase();
            !EMPTY_WORDS.contains(&word.as_str()) && !name.contains(word.trim_end_matches('s'))
        };
        if !name.is_empty() && !words.iter().any(says_more) {
            self.house.repeating += 1;
        }
    }

    fn function(&mut self, signature: &Signature, end: usize) {
        let begin = signature.span().start().line;
        self.house.functions.push(end - begin + 1);
    }

    fn is_public(&mut self, visibility: &Visibility) {
        if matches!(visibility, Visibility::Public(_)) {
            self.house.public += 1;
        }
    }
}

/// The text of one line of a doc comment.
fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    if !pair.path.is_ident("doc") {
        return None;
    }
    match &pair.value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Words, each Chinese letter being one.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in text.split(|letter: char| !letter.is_alphanumeric()) {
        let latin: String = run.chars().filter(|letter| !is_chinese(*letter)).collect();
        words.extend(
            run.chars()
                .filter(|letter| is_chinese(*letter))
                .map(String::from),
        );
        if !latin.is_empty() {
            words.push(latin);
        }
    }
    words
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

impl<'a> Visit<'a> for Reading<'_> {
    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        self.is_public(&function.vis);
        self.documented(&function.attrs, Some(&function.sig.ident.to_string()));
        self.function(&function.sig, function.block.span().end().line);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.is_public(&function.vis);
        self.documented(&function.attrs, Some(&function.sig.ident.to_string()));
        self.function(&function.sig, function.block.span().end().line);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        self.is_public(&item.vis);
        self.documented(&item.attrs, Some(&item.ident.to_string()));
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        self.is_public(&item.vis);
        self.documented(&item.attrs, Some(&item.ident.to_string()));
        visit::visit_item_enum(self, item);
    }

    fn visit_field(&mut self, field: &'a syn::Field) {
        let name = field.ident.as_ref().map(ToString::to_string);
        self.documented(&field.attrs, name.as_deref());
        visit::visit_field(self, field);
    }

    fn visit_lit_str(&mut self, text: &'a syn::LitStr) {
        self.has_text |= text.value().chars().any(is_chinese);
    }

    /// A doc comment is an attribute with a text: it is no text for people.
    fn visit_attribute(&mut self, _: &'a Attribute) {}
}

fn main() {
    let mut house = House::default();
    for (file, text) in source::sources() {
        measure(&mut house, file, source::code(&text));
    }
    print(house);
}

fn measure(house: &mut House, file: String, text: &str) {
    house.files += 1;
    for line in text.lines() {
        let line = line.trim_end();
        let code = line.trim_start();
        house.wide_lines += usize::from(line.chars().count() > WIDEST);
        if code.starts_with("///") || code.starts_with("//!") || code.is_empty() {
            continue;
        }
        if code.starts_with("//") {
            house.comment_lines += 1;
            continue;
        }
        house.code_lines += 1;
        house.dense_lines += usize::from(calls(code) >= 3);
    }
    let mut reading = Reading {
        house: &mut *house,
        has_text: false,
    };
    reading.visit_file(&syn::parse_file(text).unwrap());
    if reading.has_text {
        house.files_with_text.insert(file);
    }
}

/// How many methods a line calls.
fn calls(code: &str) -> usize {
    let after_points = code.split('.').skip(1);
    let is_call = |rest: &&str| {
        let name: usize = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .count();
        let begins = rest.starts_with(|c: char| c.is_ascii_lowercase());
        begins
            && rest
                .chars()
                .nth(name)
                .is_some_and(|next| next == '(' || next == ':')
    };
    after_points.filter(is_call).count()
}

fn print(mut house: House) {
    house.functions.sort_unstable();
    house.docs.sort_unstable();
    let at = |sorted: &[usize], share: usize| {
        let last = sorted.len().saturating_sub(1);
        sorted.get(last * share / 100).copied().unwrap_or_default()
    };
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "files: {}, lines of code: {}",
        house.files, house.code_lines
    );
    println!(
        "lines of a function: median {}, p90 {}, p99 {}, longest {}",
        at(&house.functions, 50),
        at(&house.functions, 90),
        at(&house.functions, 99),
        at(&house.functions, 100)
    );
    println!("lines wider than {WIDEST} letters: {}", house.wide_lines);
    println!(
        "lines with three and more calls of methods: {:.1} %",
        share(house.dense_lines, house.code_lines)
    );
    println!(
        "comments in code, of 100 lines of it: {:.1}",
        share(house.comment_lines, house.code_lines)
    );
    println!(
        "words of a doc comment: median {}, p90 {}; {:.1} % only repeat the name",
        at(&house.docs, 50),
        at(&house.docs, 90),
        share(house.repeating, house.docs.len())
    );
    println!("public items: {}", house.public);
    println!(
        "files with text for people or words of the language: {}",
        house.files_with_text.len()
    );
}
