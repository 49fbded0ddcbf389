//! The pictures of docs/ that show what is shown before it is changed, and the choice of a plan: on a desktop and a phone, light and
//! dark.

use crate::driver::Browser;
use crate::looks::{LOOKS, Look};
use crate::program::{ADMIN_TOKEN, Program};
use crate::tour::{directory, keep};
use serde_json::json;
use std::path::Path;

/// Begins the trial of a synonym as the form does, without staying for it; gives its address.
const BEGIN_TRIAL: &str = "
    const form = document.querySelector('#synonyms form');
    const fields = new URLSearchParams({ csrf: form.elements.csrf.value, said: '稻谷', printed: '早稻亩均产量' });
    const request = new XMLHttpRequest();
    request.open('POST', '/admin/synonym', false);
    request.setRequestHeader('Accept', 'application/json');
    request.send(fields);
    return JSON.parse(request.responseText).work;";

async fn administer(program: &Program, page: &Browser) {
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("操作记录").await;
}

pub async fn take() {
    let Some(directory) = directory() else { return };
    for Look { name, size, scheme } in LOOKS {
        let page = Browser::start_with(size, &[scheme]).await;
        let program = Program::start().await;
        administer(&program, &page).await;
        let report = "data/plans/yuzhong-2022/source/yuzhong-2022-report.txt";
        let report = Path::new(env!("CARGO_MANIFEST_DIR")).join(report);
        page.fill("input[type=file]", &report.to_string_lossy())
            .await;
        page.press("读取").await;
        page.sees("指标（92 个数值）").await;
        page.click("tr#c1 a").await;
        page.sees("未标明").await;
        page.set("td form input[name=value]", "6.5左右").await;
        page.click("td form button").await;
        page.sees("正在试算改了以后的回答").await;
        page.scroll_to(".going").await;
        keep(&page, &directory, &format!("{name}-trial")).await;
        page.sees("改正之前").await;
        keep(&page, &directory, &format!("{name}-correction")).await;
        program.stop();
        let plans = ["qinghe-2024", "qinghe-2025", "baishan-2024"];
        let program = Program::prepare().await.of_made_up_plans(&plans).start();
        let program = program.await;
        page.goto(&program.address("/indicators?place=白山县&planned=2025"))
            .await;
        page.sees("没有2025年的计划").await;
        keep(&page, &directory, &format!("{name}-place")).await;
        page.goto(
            &program.address(
                "/indicators/board.svg?plan=qinghe-2025&hide=2024-target&category=沟渠灌溉",
            ),
        )
        .await;
        keep(&page, &directory, &format!("{name}-board")).await;
        program.stop();
        let program = Program::prepare().await.of_made_up_plans(&plans[..1]);
        let program = program.start().await;
        page.goto(&program.address("/")).await;
        page.sees("农田水利").await;
        page.say("2024年稻谷目标是多少").await;
        page.sees("文件里没有").await;
        administer(&program, &page).await;
        page.scroll_to("#synonyms").await;
        keep(&page, &directory, &format!("{name}-synonyms")).await;
        let work = page.run(BEGIN_TRIAL, Vec::new()).await;
        let work = program.address(work.as_str().unwrap());
        page.goto(&format!("{work}?still=yes")).await;
        keep(&page, &directory, &format!("{name}-work")).await;
        page.run("location.assign(arguments[0])", vec![json!(work)])
            .await;
        page.sees("采纳叫法之前").await;
        keep(&page, &directory, &format!("{name}-synonym")).await;
        page.close().await;
        program.stop();
    }
}
