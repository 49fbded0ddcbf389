//! The pictures of docs/: a walk through the page on a desktop and a phone, light and dark.

use crate::driver::Browser;
use crate::looks::{LOOKS, Look};
use crate::program::{ADMIN_TOKEN, Program};
use std::path::{Path, PathBuf};

/// The directory for the pictures, where they are asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where to put pictures"
)]
pub fn directory() -> Option<PathBuf> {
    std::env::var_os("PLANBOT_SCREENSHOTS").map(PathBuf::from)
}

/// The directory of seed-word.docx and seed-word.pdf, the shipped report as a department has it, where it is given.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment which reports to bring"
)]
pub fn reports() -> Option<PathBuf> {
    std::env::var_os("PLANBOT_REPORTS").map(PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "tests make their own files")]
pub async fn keep(page: &Browser, directory: &Path, name: &str) {
    std::fs::create_dir_all(directory).unwrap();
    std::fs::write(
        directory.join(format!("{name}.png")),
        page.screenshot().await,
    )
    .unwrap();
}

pub async fn take() {
    let Some(directory) = directory() else { return };
    for Look { name, size, scheme } in LOOKS {
        let program = Program::demonstrate().await;
        let page = Browser::start_with(size, &[scheme]).await;
        page.goto(&program.address("/admin")).await;
        page.fill("input[name=token]", ADMIN_TOKEN).await;
        page.click("form.stack button").await;
        page.sees("操作记录").await;
        page.goto(&program.address("/")).await;
        page.sees("国民经济和社会发展计划").await;
        keep(&page, &directory, &format!("{name}-start")).await;
        page.say("收入目标").await;
        page.sees("您问的是哪一个").await;
        keep(&page, &directory, &format!("{name}-choice")).await;
        page.say("绿化覆盖率2021年达标没").await;
        page.sees("未达标").await;
        page.press("对比图").await;
        page.picture_is_shown("#log .picture img").await;
        keep(&page, &directory, &format!("{name}-chart")).await;
        page.say("什么时候报进展").await;
        page.sees("2022年7月初和12月底").await;
        page.open_last("details.evidence").await;
        keep(&page, &directory, &format!("{name}-evidence")).await;
        page.say("2022年目标比2021年目标低了的指标有哪些").await;
        page.sees("目标比上年目标低的指标共").await;
        keep(&page, &directory, &format!("{name}-list")).await;
        page.goto(&program.address("/chat/history?q=覆盖率")).await;
        page.sees("在会话里看").await;
        keep(&page, &directory, &format!("{name}-history")).await;
        page.goto(&program.address("/")).await;
        page.say("/clock 2022-06-20 10:00").await;
        page.sees("时钟现在是 2022-06-20 10:00").await;
        page.say("/subscribe 某某街道").await;
        page.sees("已订阅报送提醒").await;
        page.say("/clock 2022-07-07 09:30").await;
        page.sees("【报送提醒】").await;
        keep(&page, &directory, &format!("{name}-reminder")).await;
        page.goto(&program.address("/?room=group")).await;
        page.say("大家好").await;
        page.sees("大家好").await;
        page.say("@planbot 什么是放管服").await;
        page.sees("简政放权").await;
        page.click("details.clock summary").await;
        keep(&page, &directory, &format!("{name}-group")).await;
        page.goto(&program.address("/indicators")).await;
        keep(&page, &directory, &format!("{name}-indicators")).await;
        page.click("td button[popovertarget]").await;
        page.picture_is_shown(".chart:popover-open img").await;
        keep(&page, &directory, &format!("{name}-row-chart")).await;
        page.goto(&program.address("/glossary?q=服务")).await;
        keep(&page, &directory, &format!("{name}-glossary")).await;
        page.goto(&program.address("/text#s5")).await;
        page.has_target().await;
        keep(&page, &directory, &format!("{name}-text")).await;
        page.goto(&program.address("/admin")).await;
        page.fill("input[name=name]", "统计科").await;
        page.press("新建部门会话").await;
        page.sees("已新建“统计科”的会话").await;
        page.scroll_to("svg.asked").await;
        keep(&page, &directory, &format!("{name}-admin")).await;
        page.goto(&program.address("/deadlines")).await;
        page.sees("某某街道").await;
        keep(&page, &directory, &format!("{name}-deadlines")).await;
        page.close().await;
        program.stop();
    }
}
