//! In what a plan and its original differ, as `planbot exam` says it.

use crate::exam::{Difference, DifferenceKind};
use serde_json::{Value, json};

/// So many of one kind are listed.
const SHOWN: usize = 10;

/// What differs, for programs.
pub(super) fn json(differences: &[Difference]) -> Value {
    let list: Vec<Value> = differences
        .iter()
        .map(|difference| {
            json!({"what": said(difference.kind), "place": difference.place, "text": difference.text})
        })
        .collect();
    json!(list)
}

/// Prints what differs, kind by kind.
pub(super) fn show(plan: &str, originals: &str, differences: &[Difference]) {
    if differences.is_empty() {
        println!("{plan}：与原文 {originals} 逐行核对，指标、名词、备注脚注全部一致");
        return;
    }
    println!(
        "{plan}：与原文 {originals} 逐行核对，有 {} 处不一致",
        differences.len()
    );
    let mut sorted: Vec<&Difference> = differences.iter().collect();
    sorted.sort_by_key(|difference| difference.kind);
    for of_kind in sorted.chunk_by(|one, other| one.kind == other.kind) {
        println!("  {}　{} 处", said(of_kind[0].kind), of_kind.len());
        for difference in of_kind.iter().take(SHOWN) {
            let text: String = difference.text.chars().take(60).collect();
            println!("    {}　{text}", difference.place);
        }
        let more = of_kind.len().saturating_sub(SHOWN);
        if more > 0 {
            println!("    ……另有 {more} 处");
        }
    }
}

fn said(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::NoSuchRow => "原文的表格里没有这个指标",
        DifferenceKind::OtherFigure => "原文这一行的这一栏不是这个数",
        DifferenceKind::OtherYear => "表头写的是别的年份",
        DifferenceKind::OtherMeasure => "目标和完成值与表头不符",
        DifferenceKind::OtherUnit => "原文的单位不同",
        DifferenceKind::OtherNature => "原文的属性不同",
        DifferenceKind::OtherCategory => "原文这一行以上没有这个类别",
        DifferenceKind::OtherNumber => "原文的行号不同",
        DifferenceKind::RowLeftOut => "原文有这一行数，计划里没有",
        DifferenceKind::FigureLeftOut => "原文这一行有这个数，计划里没有",
        DifferenceKind::TableLeftOut => "原文有这张带数的表，没有一行成为指标",
        DifferenceKind::NoSuchTerm => "原文没有解释这个名词",
        DifferenceKind::OtherDefinition => "与原文的解释不一致，或者没有抄全",
        DifferenceKind::NoSuchNote => "原文没有这条备注或脚注",
        DifferenceKind::OtherNote => "备注或脚注没有抄全",
        DifferenceKind::OtherAnchor => "原文里脚注的标记不在这些字后面",
        DifferenceKind::EntryLeftOut => "原文的名词解释、备注或脚注里有这些字，计划里没有",
    }
}
