//! The table of indicators on the page, as files and as pictures: what is chosen in the address holds for all of them.

use crate::harness::{only_qinghe, plan_like, qinghe_plan};
use crate::http::encoded;
use crate::page::RunningPage;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;
use std::path::Path;

/// The made-up plan of a year, that of the year after it, and one of another place with other figures.
pub fn several_plans(data: &Path) {
    only_qinghe(data);
    plan_like(&qinghe_plan(), &data.join("plans/qinghe-2025"), |text| {
        let text = text.replace("2024", "2O25").replace("2023", "2024");
        text.replace("2O25", "2025").replace("≥860", "≥900")
    });
    plan_like(&qinghe_plan(), &data.join("plans/baishan-2024"), |text| {
        text.replace("青禾", "白山").replace("846", "511")
    });
}

/// The names of the rows in their order.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<th scope=\"row\">").skip(1);
    rows.map(|row| {
        let name = row.split_once('>').unwrap().1;
        name.split('<').next().unwrap().to_string()
    })
    .collect()
}

/// What has no figure stands last, whichever way the rest is ordered; figures are ordered as figures.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_figure_stands_last_in_both_orders() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let up = names(
        &client
            .get("/indicators?sort=2023-actual&dir=asc")
            .await
            .body,
    );
    let down = names(
        &client
            .get("/indicators?sort=2023-actual&dir=desc")
            .await
            .body,
    );
    // 297.5, 412, 846 and a dash.
    assert_eq!(
        up,
        [
            "西渠年输水量",
            "早稻亩均产量",
            "东渠年输水量",
            "渔塘尾水净化率"
        ]
    );
    assert_eq!(
        down,
        [
            "东渠年输水量",
            "早稻亩均产量",
            "西渠年输水量",
            "渔塘尾水净化率"
        ]
    );
    page.finish().await;
}

/// Rows, order and columns that the address says are those of the page, the workbook, the text and the picture.
#[tokio::test(flavor = "multi_thread")]
async fn files_and_pictures_have_what_is_shown() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let category = encoded("沟渠灌溉");
    let state = format!("category={category}&sort=2023-actual&dir=asc&hide=unit&hide=2024-target");
    let shown = client.get(&format!("/indicators?{state}")).await.body;
    let wanted = ["西渠年输水量", "东渠年输水量"];
    assert_eq!(names(&shown), wanted);
    let columns = |heading: &str| {
        shown.contains(&format!(">{heading}<")) || shown.contains(&format!(">{heading} "))
    };
    assert!(!shown.contains("data-label=\"单位\"") && columns("2023年完成情况"));
    assert!(!shown.contains("data-label=\"2024年预期目标\""));
    // Whatever leads away from the page keeps its state, also a further order.
    for path in [".xlsx", ".csv", "/board.png", "/board.svg"] {
        let address = format!(
            "/indicators{path}?category={category}&amp;sort=2023-actual&amp;dir=asc&amp;hide=unit&amp;hide=2024-target"
        );
        assert!(shown.contains(&address), "{address}");
    }
    assert!(shown.contains(&format!(
        "?category={category}&amp;hide=unit&amp;hide=2024-target&amp;sort=name"
    )));
    let csv = client.get(&format!("/indicators.csv?{state}")).await;
    assert!(csv.body.starts_with('\u{feff}'));
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}序号,指标,属性,类别,2023年计划目标,2023年计划目标（数值）,2023年完成情况,2023年完成情况（数值）,2023年是否达标,说明,来源"
    );
    assert!(
        lines[1].starts_with("2,西渠年输水量,预期性,沟渠灌溉,≥310,310,297.5,297.5,未达标,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[1].ends_with("附件1 备注1") || lines[1].contains("附件1 第2行"),
        "{}",
        lines[1]
    );
    let plain = client
        .get(&format!("/indicators.csv?{state}&reader=program"))
        .await;
    assert!(plain.body.starts_with("序号,"), "{}", plain.body);
    let svg = client
        .get(&format!("/indicators/board.svg?{state}"))
        .await
        .body;
    let places = wanted.map(|name| svg.rfind(name));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted() && !svg.contains("早稻"),
        "{svg}"
    );
    page.finish().await;
}

/// A figure is a number in the workbook, with the printed text beside; it is ready to be printed.
#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_has_numbers_verdicts_remarks_and_sources() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    let bytes = client.get("/indicators.xlsx").await.bytes;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let name = book.sheet_names()[0].clone();
    let sheet = book.worksheet_range(&name).unwrap();
    let row = |at: usize| sheet.rows().nth(at).unwrap().to_vec();
    let head: Vec<String> = row(0).iter().map(ToString::to_string).collect();
    let column = |heading: &str| head.iter().position(|known| known == heading).unwrap();
    let west = row(2);
    assert_eq!(
        west[column("2023年计划目标")],
        Data::String("≥310".to_string())
    );
    assert_eq!(west[column("2023年计划目标（数值）")], Data::Float(310.0));
    assert_eq!(west[column("2023年完成情况（数值）")], Data::Float(297.5));
    assert_eq!(west[column("2023年是否达标")].to_string(), "未达标");
    assert!(
        west[column("说明")]
            .to_string()
            .contains("上游清淤停水46天")
    );
    assert!(
        west[column("来源")]
            .to_string()
            .contains("附件1 第2行；附件2 第2行")
    );
    let fish = row(4);
    assert_eq!(fish[column("2023年完成情况")].to_string(), "——");
    assert_eq!(fish[column("2023年完成情况（数值）")], Data::Empty);
    assert_eq!(
        fish[column("2023年是否达标")].to_string(),
        "不可判定（完成数尚未公布）"
    );
    let last = sheet.rows().next_back().unwrap()[0].to_string();
    assert!(
        last.contains("青禾县2023年农田水利计划执行情况及2024年计划的报告"),
        "{last}"
    );
    page.finish().await;
}

/// Years of another plan of the same place stand beside, and never those of another place.
#[tokio::test(flavor = "multi_thread")]
async fn two_years_of_one_place_stand_side_by_side() {
    let page = RunningPage::start_by(several_plans).await;
    let mut client = page.browser().await;
    let shown = client
        .get("/indicators?plan=qinghe-2025&year=2023&with=2025")
        .await
        .body;
    let east = shown
        .split("id=\"i0\"")
        .nth(1)
        .unwrap()
        .split("</tr>")
        .next()
        .unwrap();
    let cells = east.split("data-label=\"详情\"").next().unwrap();
    assert!(
        cells.contains("846") && cells.contains("≥900") && cells.contains("2023年达标"),
        "{cells}"
    );
    assert!(
        !cells.contains("511") && !cells.contains("2024年"),
        "{cells}"
    );
    // The figures of a place are those of its own plans, in the row and in the picture.
    let other = client.get("/indicators?plan=baishan-2024").await.body;
    assert!(other.contains(">511<") && !other.contains(">846<"));
    let drawn = client
        .get("/indicators/chart.svg?plan=baishan-2024&at=0")
        .await
        .body;
    assert!(
        drawn.contains("511万立方米") && !drawn.contains("846"),
        "{drawn}"
    );
    page.finish().await;
}

/// A row has a page of its own: figures of all years with where they stand, remarks, picture, questions that are asked
/// in the chat by a press.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_opens_what_is_known_of_it() {
    let page = RunningPage::start_by(several_plans).await;
    let mut client = page.browser().await;
    client.accept = "text/html";
    let one = client
        .get("/indicators/one?plan=qinghe-2025&at=1")
        .await
        .body;
    for wanted in [
        "西渠年输水量",
        "2023年完成情况：<strong>297.5万立方米</strong>",
        "2024年计划 附件1 第2行",
        "上游清淤停水46天",
        "/indicators/chart.svg?plan=qinghe-2025&amp;at=1",
        "/indicators/chart.png?plan=qinghe-2025&amp;at=1&amp;ground=dark",
    ] {
        assert!(one.contains(wanted), "{wanted}: {one}");
    }
    let place = one.split("href=\"/text?plan=qinghe-2024#").nth(1).unwrap();
    let place = place.split('"').next().unwrap();
    let text = client.get("/text?plan=qinghe-2024").await.body;
    assert_eq!(place, encoded("at-附件1-第2行"));
    assert!(text.contains("id=\"at-附件1-第2行\""), "{text}");
    let question = one
        .split("name=\"text\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let reply = client.post("/chat/say", &[("text", question)]).await;
    // To the question on the page of the chat.
    let leads = reply.header("location").unwrap_or_default();
    assert!(reply.status == 303 && leads.starts_with("/#m"), "{leads}");
    assert!(
        client
            .get("/")
            .await
            .body
            .contains("西渠年输水量 2025年预期目标"),
        "{question}"
    );
    page.finish().await;
}

/// Each picture is there as SVG and as PNG, light and dark.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_come_in_every_form() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = page.browser().await;
    for path in ["/indicators/chart", "/indicators/board"] {
        let light = client.get(&format!("{path}.svg?at=0")).await;
        let dark = client.get(&format!("{path}.svg?at=0&ground=dark")).await;
        assert_eq!(light.header("content-type"), Some("image/svg+xml"));
        assert!(
            light.body.contains("fill=\"#FFFFFF\"/>") && !dark.body.contains("fill=\"#FFFFFF\"/>")
        );
        assert!(light.body.contains("846万立方米") && dark.body.contains("846万立方米"));
        let png = client.get(&format!("{path}.png?at=0&ground=dark")).await;
        assert!(png.bytes.starts_with(b"\x89PNG"), "{path}");
        assert_eq!(client.get(&format!("{path}.gif?at=0")).await.status, 404);
    }
    page.finish().await;
}

/// Place and year are chosen each by itself; what is not there together is said, and what was changed last counts.
#[tokio::test(flavor = "multi_thread")]
async fn place_and_year_are_chosen_each_by_itself() {
    let page = RunningPage::start_by(|data| {
        several_plans(data);
        // A second plan of the same place and year.
        plan_like(&qinghe_plan(), &data.join("plans/qinghe-again"), |text| {
            text.replace(
                "执行情况及2024年计划的报告",
                "执行情况及2024年计划的调整方案",
            )
        });
    })
    .await;
    let mut client = page.browser().await;
    let place = |name: &str| format!("place={}", encoded(name));
    let (qinghe, baishan) = (place("青禾县"), place("白山县"));
    for path in ["/indicators", "/glossary", "/text"] {
        // As a form sends it: the plan that was shown, the place and the year.
        let newest = client.get(path).await.body;
        assert!(
            newest.contains("青禾县2024年农田水利计划执行情况及2025年"),
            "{path}: {newest}"
        );
        let shown = client
            .get(&format!("{path}?{baishan}&planned=2024&plan=qinghe-2025"))
            .await
            .body;
        assert!(
            shown.contains("<p class=\"scope\">白山县2023年")
                && !shown.contains("class=\"result\""),
            "{path}: {shown}"
        );
        // Another place, which has no plan of that year: the place counts.
        let instead = client
            .get(&format!("{path}?{baishan}&planned=2025&plan=qinghe-2025"))
            .await
            .body;
        assert!(
            instead.contains("白山县没有2025年的计划；下面是白山县2024年的。"),
            "{path}: {instead}"
        );
        // Another year, which the place has not: the year counts.
        let instead = client
            .get(&format!("{path}?{baishan}&planned=2025&plan=baishan-2024"))
            .await
            .body;
        assert!(
            instead.contains("白山县没有2025年的计划；下面是青禾县2025年的。"),
            "{path}: {instead}"
        );
        let status = client
            .get(&format!("{path}?{}&planned=2024", place("别处")))
            .await
            .status;
        assert_eq!(status, 200, "the year is there");
        let status = client
            .get(&format!("{path}?{}&planned=1999", place("别处")))
            .await
            .status;
        assert_eq!(status, 404);
    }
    let two = client
        .get(&format!("/indicators?{qinghe}&planned=2024"))
        .await
        .body;
    assert!(
        two.contains("<select name=\"plan\">") && two.contains("调整方案"),
        "{two}"
    );
    let other = client
        .get(&format!(
            "/indicators?{qinghe}&planned=2024&plan=qinghe-again"
        ))
        .await
        .body;
    assert!(
        other.contains("<p class=\"scope\">青禾县2023年农田水利计划执行情况及2024年计划的调整方案"),
        "{other}"
    );
    // What leads away from it keeps the plan.
    assert!(
        other.contains("/indicators.xlsx?plan=qinghe-again"),
        "{other}"
    );
    let first = |page: &str, name: &str| {
        let list = page
            .split(&format!("<select name=\"{name}\">"))
            .nth(1)
            .unwrap();
        let list = list.split("</optgroup>").next().unwrap();
        list.matches("<option").count()
    };
    // Each list begins with what goes with the other.
    let baishan = client.get("/indicators?plan=baishan-2024").await.body;
    assert_eq!(
        (first(&baishan, "place"), first(&baishan, "planned")),
        (2, 1)
    );
    let later = client.get("/indicators?plan=qinghe-2025").await.body;
    assert_eq!((first(&later, "place"), first(&later, "planned")), (1, 2));
    page.finish().await;
}

/// A board leaves out what is hidden, has the figures that the table has, and says what it is of.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_has_the_columns_that_are_shown_and_says_what_it_is_of() {
    let page = RunningPage::start_by(several_plans).await;
    let mut client = page.browser().await;
    let board = "/indicators/board.svg?plan=qinghe-2025";
    let whole = client.get(board).await.body;
    // 2024 has targets in both plans and results in the later one.
    for shown in [
        "2024年指标完成情况",
        ">目标<",
        ">完成<",
        ">是否达标<",
        "达标",
        "沟渠灌溉",
    ] {
        assert!(whole.contains(shown), "{shown}: {whole}");
    }
    assert!(
        !whole.contains("没有画") && !whole.contains("项中的"),
        "{whole}"
    );
    let without = client
        .get(&format!(
            "{board}&hide=verdict&hide=2024-target&hide=category&hide=unit"
        ))
        .await
        .body;
    for gone in [
        ">目标<",
        ">是否达标<",
        "达标1项",
        "，目标 ",
        "沟渠灌溉",
        "比较。",
    ] {
        assert!(!without.contains(gone), "{gone}: {without}");
    }
    assert!(
        without.contains(">完成<") && without.contains("没有画类别、目标、是否达标"),
        "{without}"
    );
    // The other way round.
    let target = client.get(&format!("{board}&hide=2024-actual")).await.body;
    assert!(
        target.contains(">目标<") && !target.contains(">完成<") && !target.contains("，完成 "),
        "{target}"
    );
    let category = encoded("沟渠灌溉");
    let part = client
        .get(&format!(
            "{board}&category={category}&sort=2024-actual&dir=desc"
        ))
        .await
        .body;
    for said in ["类别：沟渠灌溉", "从大到小", "项中的2项"] {
        assert!(part.contains(said), "{said}: {part}");
    }
    // A year that only the earlier plan has: its figures, and its report as their source.
    let earlier = client
        .get(&format!("{board}&year=2023&with=2025"))
        .await
        .body;
    assert!(
        earlier.contains("2023年指标完成情况") && earlier.contains("只画2023年"),
        "{earlier}"
    );
    assert!(
        earlier.contains("846") && !earlier.contains("表中没有"),
        "{earlier}"
    );
    assert!(earlier.contains("2024年计划的报告》附件1"), "{earlier}");
    // A picture of each year that is shown.
    let table = client
        .get("/indicators?plan=qinghe-2025&year=2023&with=2025")
        .await
        .body;
    for year in ["2023", "2025"] {
        assert!(
            table.contains(&format!(
                "/indicators/board.png?plan=qinghe-2025&amp;year={year}&amp;with=2025"
            )),
            "{table}"
        );
    }
    page.finish().await;
}
