//! The page in a real browser: headless Chromium behind its WebDriver. Run by `just browser` and by CI where both are there.
//!
//! The program is the real one, on a port of its own, over a copy of the shipped data. With PLANBOT_SCREENSHOTS set to a
//! directory the pictures of docs/ are taken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod changes_tour;
mod driver;
mod looks;
mod program;
mod tables_tour;
mod tour;
mod way;

// The made-up report of the benchmarks, as a Word file and as a PDF.
#[path = "../../benches/imports/pdf.rs"]
mod pdf;
#[path = "../../benches/imports/report.rs"]
mod report;
#[path = "../../benches/imports/word.rs"]
mod word;

use driver::Browser;
use program::Program;
use std::time::{Duration, Instant};

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);
const FIRST_ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// Asks a question, follows up, chooses from a question back, opens a picture and the evidence with its link.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    page.say("失业率2022年目标").await;
    page.sees("城镇调查失业率 2022年预期目标 5%以内").await;
    page.say("2021年呢").await;
    page.sees("接着上一问").await;
    page.say("增速2022年目标是多少").await;
    page.press("区级一般公共预算收入增速").await;
    page.sees("区级一般公共预算收入增速 2022年预期目标 4%左右")
        .await;
    page.press("对比图").await;
    page.picture_is_shown("#log .picture img").await;
    page.say("2022年新增城镇就业目标").await;
    page.sees("新增").await;
    page.open_last("details.evidence").await;
    let marked = page.last_text("details.evidence mark").await;
    assert!(!marked.is_empty());
    page.click_last("details.evidence figcaption a").await;
    page.has_target().await;
    page.close().await;
    program.stop();
}

/// The evidence of running text: the sentence is marked in its paragraph, and in the full text behind the link.
#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_is_marked_in_the_full_text() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    page.say("什么时候报进展").await;
    page.sees("2022年7月初和12月底").await;
    page.open_last("details.evidence").await;
    assert!(
        page.last_text("details.evidence mark")
            .await
            .contains("7月初")
    );
    page.click_last("details.evidence figcaption a").await;
    page.has_target().await;
    assert!(page.last_text(".sentence:target").await.contains("7月初"));
    page.close().await;
    program.stop();
}

/// Filters and order of the table, and a picture in a row; a search in the text.
#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_filtered_and_the_text_searched() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/indicators")).await;
    let all = page.count("table.indicators tbody tr").await;
    page.choose("select[name=verdict]", "未达标").await;
    page.click("form.filters button").await;
    page.sees("未达标").await;
    let missed = page.count("table.indicators tbody tr").await;
    assert!(missed > 0 && missed < all, "{missed} of {all}");
    page.click("td button[popovertarget]").await;
    page.picture_is_shown(".chart:popover-open img").await;
    assert_eq!(page.last_text(".chart:popover-open a").await, "深色 SVG");
    // What is shown goes along: the file has as many rows as the page, and a head.
    let file = page.link("a[href*='.csv']").await;
    assert!(file.contains("verdict="), "{file}");
    page.goto(&program.address("/text?q=放管服")).await;
    assert!(page.count("article mark").await > 0);
    page.close().await;
    program.stop();
}

/// The right token opens the administration, a wrong one does not; a reload says what it found.
#[tokio::test(flavor = "multi_thread")]
async fn the_administration_is_for_administrators() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", "somebody else's token")
        .await;
    page.click("form.stack button").await;
    page.sees("口令不对").await;
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", program::ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("当前数据版本").await;
    page.press("重新载入数据").await;
    page.sees("数据没有变化").await;
    page.sees("操作记录").await;
    let other = Browser::start(DESKTOP).await;
    other.goto(&program.address("/")).await;
    other.sees("国民经济和社会发展计划").await;
    other.say("/reload").await;
    other.sees("只有管理员可以重新载入数据").await;
    other.goto(&program.address("/deadlines")).await;
    other.sees("只给管理员看").await;
    other.close().await;
    page.close().await;
    program.stop();
}

/// The clock is moved to July; the reminder comes by itself and is acknowledged by its button.
#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_july_comes_and_is_acknowledged() {
    let program = Program::demonstrate().await;
    let page = Browser::start(DESKTOP).await;
    // An administrator needs nobody's consent to subscribe.
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", program::ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("操作记录").await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    page.say("/clock 2022-06-20 10:00").await;
    page.sees("时钟现在是 2022-06-20 10:00").await;
    page.say("/subscribe 解放碑街道").await;
    page.sees("已订阅报送提醒").await;
    page.click("details.clock summary").await;
    page.set("details.clock input[name=day]", "2022-07-07")
        .await;
    page.set("details.clock input[name=time]", "09:30").await;
    page.click("details.clock form button").await;
    page.sees("【报送提醒】").await;
    page.press("已报送").await;
    page.sees("✓ 已报送").await;
    page.close().await;
    program.stop();
}

/// On a phone nothing is wider than the window, and a question is asked and answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_shows_all_of_it() {
    let program = Program::start().await;
    let page = Browser::start(PHONE).await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    page.say("绿化覆盖率2021年达标没").await;
    page.sees("未达标").await;
    assert!(page.fits().await, "the chat is wider than the window");
    for path in [
        "/indicators",
        "/indicators?year=2021&with=2022&hide=unit",
        "/indicators/one?at=8",
        "/years",
        "/glossary",
        "/text",
        "/deadlines",
        "/admin",
    ] {
        page.goto(&program.address(path)).await;
        assert!(page.fits().await, "{path} is wider than the window");
    }
    // A card for each row, and a menu for their order.
    page.goto(&program.address("/indicators")).await;
    page.choose("select[name=sort]", "2022年预期目标").await;
    page.click("form.filters button").await;
    page.sees("2022年预期目标 ▲").await;
    page.close().await;
    program.stop();
}

/// All that a page needs comes from the program itself, is small, and nothing is refused by the browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_small_and_needs_nothing_from_elsewhere() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    let origin = program.address("");
    for path in [
        "/",
        "/indicators",
        "/years",
        "/glossary",
        "/text",
        "/deadlines",
        "/admin",
    ] {
        page.goto(&program.address(path)).await;
        let (bytes, addresses) = page.resources().await;
        println!("{path}: {bytes} bytes");
        assert!(bytes > 0 && bytes <= 60 * 1024, "{path} has {bytes} bytes");
        assert!(
            addresses.iter().all(|address| address.starts_with(&origin)),
            "{addresses:?}"
        );
    }
    page.close().await;
    program.stop();
}

/// From the start of the program to the first answer in the page. The browser is there already.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_is_soon_there() {
    let page = Browser::start(DESKTOP).await;
    let prepared = Program::prepare().await;
    let begun = Instant::now();
    let program = prepared.start().await;
    page.goto(&program.address("/")).await;
    page.say("失业率2022年目标").await;
    page.sees("城镇调查失业率 2022年预期目标 5%以内").await;
    let took = begun.elapsed();
    println!("from the start to the first answer: {took:?}");
    // The time is promised for the program as it is released, not for one with its checks on.
    if program::is_released() {
        assert!(took <= FIRST_ANSWER_WITHIN, "{took:?}");
    }
    page.close().await;
    program.stop();
}

/// By keyboard alone: past the navigation, a question, its buttons.
#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reached_by_keyboard() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    page.say("失业率2022年目标").await;
    page.sees("5%以内").await;
    let reached = page.tabbed(40).await;
    for wanted in ["指标", "原文", "对比图", "为什么这样答", "有用", "发送"] {
        assert!(
            reached.iter().any(|text| text.contains(wanted)),
            "{wanted} is not reached: {reached:?}"
        );
    }
    page.close().await;
    program.stop();
}

/// Every text has the contrast of WCAG AA, light and dark, and every control and picture has a name.
#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_read() {
    let program = Program::start().await;
    for scheme in [looks::DARK, looks::LIGHT] {
        let page = Browser::start_with(DESKTOP, &[scheme]).await;
        page.goto(&program.address("/")).await;
        page.sees("国民经济和社会发展计划").await;
        page.say("绿化覆盖率2021年达标没").await;
        page.sees("未达标").await;
        page.press("对比图").await;
        page.picture_is_shown("#log .picture img").await;
        let brightness = page.brightness_of("#log .picture img").await;
        assert_eq!(
            brightness < 64,
            scheme == looks::DARK,
            "{brightness} with {scheme}"
        );
        page.open_last("details.evidence").await;
        assert_eq!(page.hard_to_read().await, [""; 0], "the chat with {scheme}");
        for path in [
            "/indicators?sort=name&hide=unit",
            "/indicators/one?at=17",
            "/years",
            "/glossary?q=服务",
            "/text?q=2022#s5",
            "/deadlines",
            "/admin",
            "/nope",
        ] {
            page.goto(&program.address(path)).await;
            assert_eq!(page.hard_to_read().await, [""; 0], "{path} with {scheme}");
        }
        page.goto(&program.address("/admin")).await;
        page.fill("input[name=token]", program::ADMIN_TOKEN).await;
        page.click("form.stack button").await;
        page.sees("操作记录").await;
        assert_eq!(
            page.hard_to_read().await,
            [""; 0],
            "the administration with {scheme}"
        );
        page.close().await;
    }
    program.stop();
}

/// A department's way: a report is brought, looked at beside its original, one figure is corrected,
/// and it is approved.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_brought_and_approved() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", program::ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("操作记录").await;
    let report = "data/plans/yuzhong-2022/source/yuzhong-2022-report.txt";
    let report = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(report);
    page.fill("input[type=file]", &report.to_string_lossy())
        .await;
    page.press("读取").await;
    page.sees("指标（92 个数值）").await;
    page.sees("名词（46 条）").await;
    assert_eq!(page.hard_to_read().await, [""; 0], "what was read");
    page.click("tr#c1 a").await;
    page.sees("未标明").await;
    page.set("td form input[name=value]", "6.5左右").await;
    page.click("td form button").await;
    // What it changes is shown before it is saved.
    page.sees("改正之前").await;
    page.sees("改了以后").await;
    assert_eq!(page.last_text("td[data-label=改前] del").await, "6%左右");
    assert_eq!(page.last_text("td[data-label=改后] ins").await, "6.5%左右");
    assert!(
        page.last_text("td[data-label=改了以后] ins")
            .await
            .contains("6.5%左右")
    );
    assert_eq!(page.hard_to_read().await, [""; 0], "a correction");
    page.press("保存这处改正").await;
    page.sees("指标（92 个数值）").await;
    page.sees("6.5%左右").await;
    page.set("input[name=id]", "yuzhong-again").await;
    page.click("form.filters button").await;
    page.sees("指标（92 个数值）").await;
    page.press("写入并启用").await;
    page.sees("已写入计划 yuzhong-again").await;
    page.sees("导入报告").await;
    page.close().await;
    program.stop();
}

/// The same as somebody goes it who has never seen the page, with the files that departments have: dropped, corrected, approved,
/// asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_department_drops_its_word_file_and_its_pdf_and_asks() {
    way::go_with_made_up_reports().await;
}

/// Pictures for docs/ of the same with the reports of PLANBOT_REPORTS.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_way_are_taken_where_asked_for() {
    if let (Some(reports), Some(pictures)) = (tour::reports(), tour::directory()) {
        way::take(&reports, &pictures).await;
    }
}

async fn administer(program: &Program, page: &Browser) {
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", program::ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("操作记录").await;
}

/// A large report: that it is being read is said until it is, and so is a reload.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_long_tells_of_itself() {
    let prepared = Program::prepare().await;
    let line = "为全面完成各项目标任务，全县新修渠道九十公里，受益农田三万亩，群众满意。\n";
    prepared.write("large.txt", &line.repeat(24_000));
    let large = prepared.path("large.txt");
    let program = prepared.start().await;
    let page = Browser::start(DESKTOP).await;
    administer(&program, &page).await;
    page.fill("input[type=file]", &large.to_string_lossy())
        .await;
    page.press("读取").await;
    page.sees("正在读取报告").await;
    page.holds("return document.querySelector('.going progress') !== null")
        .await;
    page.sees("large.txt").await;
    page.sees("放弃").await;
    page.goto(&program.address("/admin")).await;
    page.press("重新载入数据").await;
    page.sees("数据没有变化").await;
    page.close().await;
    program.stop();
}

/// A synonym: how far its trial is, what it changes, adopted, withdrawn.
#[tokio::test(flavor = "multi_thread")]
async fn a_synonym_is_tried_adopted_and_withdrawn() {
    let program = Program::prepare()
        .await
        .of_made_up_plans(&["qinghe-2024"])
        .start()
        .await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/")).await;
    page.sees("农田水利").await;
    page.say("2024年稻谷目标是多少").await;
    page.sees("文件里没有").await;
    administer(&program, &page).await;
    page.set("#synonyms input[name=said]", "稻谷").await;
    page.choose("#synonyms select[name=printed]", "早稻亩均产量")
        .await;
    page.click("#synonyms form button").await;
    page.sees("正在试这个叫法").await;
    // The share goes up and is seen.
    page.holds("const bar = document.querySelector('progress'); return bar !== null && bar.value > 0 && bar.value <= 1")
        .await;
    page.sees("采纳叫法之前").await;
    page.sees("人们问过的").await;
    assert_eq!(page.hard_to_read().await, [""; 0], "a synonym");
    page.press("采纳").await;
    page.sees("已采纳：“稻谷”").await;
    page.open_last("#synonyms details").await;
    page.press("撤回").await;
    page.sees("已撤回：“稻谷”").await;
    page.close().await;
    program.stop();
}

/// Place and year narrow each other in the browser before anything is sent, and what is sent is found.
#[tokio::test(flavor = "multi_thread")]
async fn place_and_year_narrow_each_other() {
    let program = Program::prepare()
        .await
        .of_made_up_plans(&["qinghe-2024", "qinghe-2025", "baishan-2024"])
        .start()
        .await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/indicators")).await;
    let chosen = "const of = (name) => document.querySelector(`select[name=${name}]`).value; return of('place') + of('planned')";
    assert_eq!(page.run(chosen, Vec::new()).await, "青禾县2025");
    page.choose("select[name=place]", "白山县").await;
    assert_eq!(page.run(chosen, Vec::new()).await, "白山县2024");
    let first = "return [...document.querySelectorAll('select[name=planned] optgroup:first-child option')].map((option) => option.value).join()";
    assert_eq!(page.run(first, Vec::new()).await, "2024");
    page.click("form.filters button").await;
    page.sees("白山县2023年农田水利计划").await;
    page.choose("select[name=planned]", "2025年").await;
    assert_eq!(page.run(chosen, Vec::new()).await, "青禾县2025");
    page.click("form.filters button").await;
    page.sees("青禾县2024年农田水利计划").await;
    page.close().await;
    program.stop();
}

/// Pictures for docs/: each page on a desktop and a phone, light and dark.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_taken_where_asked_for() {
    tour::take().await;
}

/// The same of tables, years and the text.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_tables_are_taken_where_asked_for() {
    tables_tour::take().await;
}

/// The same of what is shown before it is changed.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_changes_are_taken_where_asked_for() {
    changes_tour::take().await;
}

/// Who has reported is one page across, also of many units; the table of indicators stands across, and no control is on paper.
#[tokio::test(flavor = "multi_thread")]
async fn paper_has_what_is_shown_and_who_has_reported_is_one_page() {
    let prepared = Program::prepare().await;
    let units = (1..=60).map(|number| format!("[[unit]]\nname = \"第{number}街道办事处\"\n"));
    prepared.write("data/units.toml", &units.collect::<Vec<_>>().join("\n"));
    let program = prepared.start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/admin")).await;
    page.fill("input[name=token]", program::ADMIN_TOKEN).await;
    page.click("form.stack button").await;
    page.sees("操作记录").await;
    page.goto(&program.address("/desk/print")).await;
    page.sees("还差 60 家").await;
    page.sees("第60街道办事处").await;
    let across = |size: &(u32, u32)| size.0 > size.1;
    let sheets = page.printed().await;
    assert!(sheets.len() == 1 && across(&sheets[0]), "{sheets:?}");
    page.goto(&program.address("/indicators")).await;
    let sheets = page.printed().await;
    assert!(sheets.len() == 1 && across(&sheets[0]), "{sheets:?}");
    page.close().await;
    program.stop();
}

/// On paper a talk is all that was said, not the part that fits the window.
#[tokio::test(flavor = "multi_thread")]
async fn a_talk_is_printed_whole() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/")).await;
    page.sees("国民经济和社会发展计划").await;
    let question = "2022年目标比2021年目标低了的指标有哪些";
    for times in 1..=4 {
        page.say(question).await;
        page.holds(&format!(
            "return document.querySelectorAll('#log .rows').length === {times}"
        ))
        .await;
    }
    let sheets = page.printed().await;
    assert!(sheets.len() > 1, "{sheets:?}");
    page.close().await;
    program.stop();
}

/// Contents and marks lead where they say, and back.
#[tokio::test(flavor = "multi_thread")]
async fn the_text_is_a_document() {
    let program = Program::start().await;
    let page = Browser::start(DESKTOP).await;
    page.goto(&program.address("/text")).await;
    page.click_last(".contents .level4 a").await;
    page.has_target().await;
    page.click_last("article sup a").await;
    page.has_target().await;
    assert!(page.last_text("p:target").await.contains("脚注17"));
    page.click_last("p:target a:last-child").await;
    page.has_target().await;
    page.goto(&program.address("/years")).await;
    page.picture_is_shown(".details img").await;
    page.close().await;
    program.stop();
}
