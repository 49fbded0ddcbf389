use planbot::{files, import};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let b = std::fs::read(&a[1]).unwrap();
    let t = files::decode(&b).unwrap();
    let i = import::import(&t, &a[2], "source");
    for f in &i.findings {
        println!("{f}");
    }
    let r = i.account.report();
    println!("{}", &r[..r.len().min(20000)]);
    println!(
        "cells {} terms {} notes {} duties {:?} title {:?} region {:?} years {} {} date {:?} issuer {}",
        i.records.cells.len(),
        i.records.glossary.len(),
        i.records.notes.len(),
        i.records.header.duties,
        i.records.header.title,
        i.records.header.region_names,
        i.records.header.executed_year,
        i.records.header.plan_year,
        i.records.header.document_date,
        i.records.header.issuer
    );
    println!("tables {:?}", i.records.header.tables);
    files::write_plan(std::path::Path::new(&a[3]), &i.records, ("source.txt", &b), &r, true).unwrap();
}
