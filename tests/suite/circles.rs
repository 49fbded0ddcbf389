//! No file needs, by way of others, itself: a stranger can read each with those below it and no more.
//!
//! A part of a folder may use what its whole says (`super::Store`); that is no circle. `use` and paths are read by `syn`, and
//! followed through what modules pass on (`pub use`) to the file that has the thing. What stands inside a macro is not seen.

use crate::source::{code, sources};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{ItemUse, UseTree, Visibility};

/// A module by the names on the way to it; the crate itself has none.
type Module = Vec<String>;

/// What a file says of others.
#[derive(Default)]
struct Said {
    /// Paths in its code.
    paths: Vec<Vec<String>>,
    /// What it passes on: the name, and the path.
    passed_on: BTreeMap<String, Vec<String>>,
}

impl<'a> Visit<'a> for Said {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut found);
        for (name, path) in found {
            if matches!(item.vis, Visibility::Inherited) {
                self.paths.push(path);
            } else {
                self.passed_on.insert(name, path);
            }
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.paths.push(names.collect());
        visit::visit_path(self, path);
    }
}

/// Every path of a tree of `use`, with the name that it is known by afterwards.
fn leaves(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<(String, Vec<String>)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, before, found);
            }
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let mut path = before.clone();
            if name != "self" {
                path.push(name.clone());
            }
            found.push((name, path));
        }
        UseTree::Rename(renamed) => {
            let mut path = before.clone();
            path.push(renamed.ident.to_string());
            found.push((renamed.rename.to_string(), path));
        }
        UseTree::Glob(_) => found.push(("*".to_string(), before.clone())),
    }
}

/// The files of the source by their modules.
fn read() -> BTreeMap<Module, Said> {
    let mut modules = BTreeMap::new();
    for (file, text) in sources() {
        let names = file.trim_end_matches(".rs").split('/').map(String::from);
        let module: Module = names.filter(|name| name != "lib").collect();
        let mut said = Said::default();
        said.visit_file(&syn::parse_file(code(&text)).unwrap());
        modules.insert(module, said);
    }
    modules
}

/// The file that has what a path names, as seen from a module; none for what is outside the crate.
fn file_of(modules: &BTreeMap<Module, Said>, from: &Module, path: &[String]) -> Option<Module> {
    let first = path.first()?;
    let mut full: Vec<String> = match first.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => from.clone(),
        _ => {
            let child: Module = from.iter().chain([first]).cloned().collect();
            if !modules.contains_key(&child) {
                return None;
            }
            from.clone()
        }
    };
    for name in path {
        match name.as_str() {
            "super" => drop(full.pop()),
            "crate" | "self" => {}
            _ => full.push(name.clone()),
        }
    }
    let length = (0..=full.len())
        .rev()
        .find(|length| modules.contains_key(&full[..*length]))?;
    let module: Module = full[..length].to_vec();
    let passed_on = full
        .get(length)
        .and_then(|name| modules[&module].passed_on.get(name));
    match passed_on {
        Some(path) if module != *from => file_of(modules, &module, path).or(Some(module)),
        _ => Some(module),
    }
}

/// Which files each file uses, its own folders' heads aside.
fn uses(modules: &BTreeMap<Module, Said>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut uses = BTreeMap::new();
    for (module, said) in modules {
        let paths = said.paths.iter().chain(said.passed_on.values());
        let used = paths.filter_map(|path| file_of(modules, module, path));
        let others = used.filter(|used| !module.starts_with(used));
        uses.insert(module.clone(), others.collect::<BTreeSet<Module>>());
    }
    uses
}

/// Whether a file needs another, by way of others or directly.
fn needs(uses: &BTreeMap<Module, BTreeSet<Module>>, from: &Module, wanted: &Module) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        if module == wanted {
            return true;
        }
        if seen.insert(module) {
            open.extend(&uses[module]);
        }
    }
    false
}

#[test]
fn no_file_needs_itself_by_way_of_others() {
    let modules = read();
    assert!(modules.len() > 200, "{} files", modules.len());
    let uses = uses(&modules);
    let mut circles = Vec::new();
    for (module, used) in &uses {
        for other in used.iter().filter(|other| needs(&uses, other, module)) {
            circles.push(format!("{} uses {}", module.join("/"), other.join("/")));
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}
