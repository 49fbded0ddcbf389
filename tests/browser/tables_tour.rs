//! The pictures of docs/ that show tables, years, the text and paper: on a desktop and a phone, light and dark.

use crate::driver::Browser;
use crate::looks::{LOOKS, Look};
use crate::program::{ADMIN_TOKEN, Prepared, Program};
use crate::tour::{directory, keep};
use std::path::Path;

/// Further years of the made-up plan beside the shipped one, so that there are lines to draw.
#[expect(clippy::disallowed_methods, reason = "tests read their own files")]
fn add_years(prepared: &Prepared) {
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/qinghe");
    for (year, east, west) in [
        (2022, "791", "301"),
        (2023, "812", "302"),
        (2024, "846", "297.5"),
        (2025, "868", "322"),
    ] {
        for file in [
            "body.md",
            "glossary.csv",
            "indicators.csv",
            "notes.csv",
            "plan.toml",
        ] {
            let text = std::fs::read_to_string(plan.join(file)).unwrap();
            let text = text
                .replace("2024", "<next>")
                .replace("2023", &(year - 1).to_string());
            let text = text.replace("<next>", &year.to_string());
            let text = text
                .replace(",846,", &format!(",{east},"))
                .replace(",297.5,", &format!(",{west},"));
            prepared.write(&format!("data/plans/qinghe-{year}/{file}"), &text);
        }
    }
}

pub async fn take() {
    let Some(directory) = directory() else { return };
    for Look { name, size, scheme } in LOOKS {
        let prepared = Program::prepare().await;
        let units = (1..=12).map(|number| format!("[[unit]]\nname = \"第{number}街道办事处\"\n"));
        prepared.write("data/units.toml", &units.collect::<Vec<_>>().join("\n"));
        let program = prepared.start().await;
        let page = Browser::start_with(size, &[scheme]).await;
        for (path, what) in [
            ("/indicators", "indicators"),
            (
                "/indicators?year=2021&with=2022&sort=2021-actual&dir=desc&hide=unit&hide=category",
                "chosen",
            ),
            ("/indicators/one?at=21", "one"),
            ("/years", "years"),
            ("/text", "contents"),
            ("/text?q=城市更新", "found"),
        ] {
            page.goto(&program.address(path)).await;
            if what == "one" || what == "years" {
                page.picture_is_shown(".details img").await;
                page.run("scrollTo(0, 0)", Vec::new()).await;
            }
            keep(&page, &directory, &format!("{name}-{what}")).await;
        }
        page.goto(&program.address("/admin")).await;
        page.fill("input[name=token]", ADMIN_TOKEN).await;
        page.click("form.stack button").await;
        page.sees("操作记录").await;
        page.goto(&program.address("/desk/print")).await;
        page.sees("还差 12 家").await;
        keep(&page, &directory, &format!("{name}-roll")).await;
        program.stop();
        let prepared = Program::prepare().await;
        add_years(&prepared);
        let program = prepared.start().await;
        page.goto(&program.address("/years?place=青禾县&name=东渠年输水量"))
            .await;
        page.picture_is_shown(".details img").await;
        page.run("scrollTo(0, 0)", Vec::new()).await;
        keep(&page, &directory, &format!("{name}-line")).await;
        page.close().await;
        program.stop();
    }
}
