//! A department's way: its report is dropped on the page, one figure is corrected beside the original, it is approved, and the
//! figure is asked for.

use crate::driver::Browser;
use crate::program::{ADMIN_TOKEN, Program};
use crate::{DESKTOP, pdf, report, tour, word};
use std::path::Path;

/// A report and what is done with it.
struct Brought<'a> {
    /// The file's name.
    file: &'a str,
    bytes: Vec<u8>,
    /// What is read of it.
    read: &'a [String],
    /// The row of the cell that is corrected.
    row: usize,
    /// What is written there.
    value: &'a str,
    /// How it is shown with its unit.
    shown: &'a str,
    /// What is asked then; its answer has the figure.
    asked: &'a str,
    /// What stands in the evidence: the page of the original, where it has pages.
    evidence: &'a str,
}

/// The made-up report of the benchmarks, as a Word file and as a PDF.
pub async fn go_with_made_up_reports() {
    let read = [
        format!("指标（{} 个数值）", report::FIGURES),
        format!("名词（{} 条）", report::TERMS),
    ];
    for (file, bytes, evidence) in [
        ("report.docx", word::file(), "附件1 第1行"),
        ("report.pdf", pdf::file().0, "原件第"),
    ] {
        let brought = Brought {
            file,
            bytes,
            read: &read,
            row: 2,
            value: "777",
            shown: "777",
            asked: "柳溪县2030年油菜种植面积目标",
            evidence,
        };
        go(brought, None).await;
    }
}

/// The reports of a directory that holds the shipped plan's as a Word file and a PDF, with pictures of each step.
pub async fn take(reports: &Path, pictures: &Path) {
    let read = ["指标（92 个数值）", "名词（46 条）"].map(String::from);
    for (file, evidence) in [
        ("seed-word.docx", "附件1 第1行"),
        ("seed-word.pdf", "原件第"),
    ] {
        let brought = Brought {
            file,
            bytes: planbot::read_bounded(&reports.join(file)).unwrap(),
            read: &read,
            row: 1,
            value: "6.5左右",
            shown: "6.5%左右",
            asked: "2021年GDP增速完成多少",
            evidence,
        };
        go(brought, Some(pictures)).await;
    }
}

async fn go(brought: Brought<'_>, pictures: Option<&Path>) {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    let ending = brought.file.rsplit('.').next().unwrap();
    let keep = async |step: &str| {
        if let Some(directory) = pictures {
            tour::keep(&page, directory, &format!("way-{ending}-{step}")).await;
        }
    };
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("把文件拖到这一页").await;
    keep("1-admin").await;
    page.drop_file(brought.file, &brought.bytes).await;
    for read in brought.read {
        page.sees(read).await;
    }
    keep("2-read").await;
    page.click(&format!("tr#c{} a", brought.row)).await;
    page.sees("未标明").await;
    page.set("td form input[name=value]", brought.value).await;
    keep("3-correction").await;
    page.click("td form button").await;
    // First what it changes, then it is saved.
    page.sees("改正之前").await;
    page.sees(brought.shown).await;
    page.press("保存这处改正").await;
    page.sees(&brought.read[0]).await;
    page.sees(brought.shown).await;
    page.click("input[name=replace]").await;
    page.press("写入并启用").await;
    page.sees("已写入计划").await;
    keep("4-approved").await;
    page.goto(&program.address("/")).await;
    page.say(brought.asked).await;
    page.sees(brought.shown).await;
    page.open_last("details.evidence").await;
    page.sees(brought.evidence).await;
    keep("5-asked").await;
    page.close().await;
    program.stop();
}
