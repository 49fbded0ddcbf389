//! Functions that can be read at one look: how long they are, and how much they are given.

use crate::source::{code, sources};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{FnArg, Signature};

/// A screen and a half; the longest of the models is 120 (axum).
const LONGEST: usize = 100;
/// What belongs together has a name of its own before there are six.
const MOST_PARAMETERS: usize = 5;
/// Functions that take more and are yet to be mended: file and name.
const TAKING_MORE: &[(&str, &str)] = &[
    ("evidence/library/shelf.rs", "quotable"),
    ("kinds/document.rs", "candidate"),
    ("question/words.rs", "word"),
    ("reply/score.rs", "touching"),
];

/// The functions of one file with their lines and parameters, `self` not counted.
#[derive(Default)]
struct Functions(Vec<(String, usize, usize)>);

impl Functions {
    fn add(&mut self, signature: &Signature, end: usize) {
        let lines = end - signature.span().start().line + 1;
        let given = signature.inputs.iter();
        let given = given.filter(|input| matches!(input, FnArg::Typed(_)));
        self.0
            .push((signature.ident.to_string(), lines, given.count()));
    }
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.add(&function.sig, function.block.span().end().line);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.add(&function.sig, function.block.span().end().line);
        visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn functions_are_short_and_take_little() {
    let (mut long, mut taking_more) = (Vec::new(), Vec::new());
    for (file, text) in sources() {
        let mut functions = Functions::default();
        functions.visit_file(&syn::parse_file(code(&text)).unwrap());
        for (name, lines, given) in functions.0 {
            if lines > LONGEST {
                long.push(format!("{file} {name}: {lines} lines"));
            }
            if given > MOST_PARAMETERS {
                taking_more.push((file.clone(), name));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    let known = TAKING_MORE.iter();
    let known: Vec<(String, String)> = known
        .map(|(file, name)| (file.to_string(), name.to_string()))
        .collect();
    assert_eq!(taking_more, known);
}
