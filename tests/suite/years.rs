//! Several plans: an indicator over the years, beside another place's, and all of a place as small pictures.

use crate::charts::{Drawer, drawn, faults};
use crate::harness::copied_qinghe;
use crate::http::encoded;
use crate::page::RunningPage;
use crate::table_page::several_plans;
use planbot::{Edition, IndexPlace, read_data};

fn drawer() -> Drawer {
    let directory = copied_qinghe();
    let data = directory.path().join("data");
    several_plans(&data);
    let edition = Edition::build(&read_data(&data), &IndexPlace::Memory);
    let edition = edition.map_err(|error| error.to_string()).unwrap();
    Drawer::of(edition.book.plans().to_vec())
}

/// Every figure of every year of the place is in the picture and in its text, and none of another place.
#[test]
fn a_line_has_every_year_of_its_place_and_no_other() {
    let drawer = drawer();
    let picture = drawer.over_years(&[("青禾县", "东渠年输水量")]).unwrap();
    assert_eq!(faults(&picture), Vec::<String>::new());
    for text in [drawn(&picture), picture.description.clone()] {
        for figure in ["≥820", "846", "≥860", "≥900"] {
            assert!(text.contains(figure), "{figure}: {text}");
        }
        assert!(!text.contains("511"), "{text}");
    }
    // An aim that is open upward has an arrow of its own colour; what is about so much has a band.
    let about = drawer.over_years(&[("青禾县", "早稻亩均产量")]).unwrap();
    assert!(about.svg.contains("url(#fade-up") && about.svg.contains("url(#fade-down"));
    let lines = |svg: &str| svg.matches("<polyline").count();
    assert!(!picture.svg.contains("url(#fade") && lines(&picture.svg) > lines(&about.svg));
    assert!(drawer.over_years(&[("白山县", "没有的指标")]).is_none());
}

/// Two places stand beside each other, each named and in a colour of its own.
#[test]
fn two_places_are_compared() {
    let drawer = drawer();
    let places = [("青禾县", "东渠年输水量"), ("白山县", "东渠年输水量")];
    let picture = drawer.over_years(&places).unwrap();
    assert_eq!(faults(&picture), Vec::<String>::new());
    let text = drawn(&picture);
    for wanted in ["青禾县目标", "青禾县完成", "白山县完成", "846", "511"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let colours = |svg: &str| ["#1F5FA8", "#7A4F00"].map(|colour| svg.contains(colour));
    assert_eq!(colours(&picture.svg), [true, true]);
    let alone = drawer.over_years(&places[..1]).unwrap();
    assert_eq!(colours(&alone.svg), [true, false]);
}

/// What is no figure is a gap in the line, and is said in words.
#[test]
fn a_year_without_a_figure_is_a_gap() {
    let mut plans = drawer().book.plans().to_vec();
    plans.retain(|plan| plan.region == "青禾县");
    let lines = |drawer: &Drawer| {
        let picture = drawer.over_years(&[("青禾县", "渔塘尾水净化率")]).unwrap();
        assert!(
            picture.description.contains("——（未公布）"),
            "{}",
            picture.description
        );
        picture.svg.matches("<polyline").count()
    };
    // Aims of 2023, 2024 and 2025 are one line; results of 2023 and 2024 are not published.
    let whole = lines(&Drawer::of(plans.clone()));
    for plan in &mut plans {
        let cells = plan.indicators.iter_mut().flat_map(|row| &mut row.cells);
        let aims = cells
            .filter(|cell| cell.heading == "2024年预期目标" || cell.heading == "2024年计划目标");
        aims.for_each(|cell| cell.quantity.value = None);
    }
    // Three arrows with their bars and one line, and then two arrows and no line.
    let broken = lines(&Drawer::of(plans));
    assert_eq!(whole - broken, 4, "{whole} {broken}");
}

/// The page has the line with a table of the same figures, the other place, the small pictures and all forms of them.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_years_has_lines_tables_and_small_pictures() {
    let page = RunningPage::start_by(several_plans).await;
    let mut client = page.browser().await;
    let (place, other) = (encoded("青禾县"), encoded("白山县"));
    let name = encoded("东渠年输水量");
    let all = client.get(&format!("/years?place={place}")).await.body;
    assert!(
        all.contains(&format!("/years/board.svg?place={place}")),
        "{all}"
    );
    assert!(
        all.contains(&format!("/years?place={place}&amp;name={name}")),
        "{all}"
    );
    let one = client
        .get(&format!("/years?place={place}&name={name}&with={other}"))
        .await
        .body;
    for wanted in [
        "青禾县目标",
        "白山县完成",
        "≥900万立方米",
        "511万立方米",
        "2025年计划 附件2 第1行",
    ] {
        assert!(one.contains(wanted), "{wanted}: {one}");
    }
    let state = format!("place={place}&name={name}&with={other}");
    let svg = client.get(&format!("/years/chart.svg?{state}")).await.body;
    assert!(svg.contains("白山县完成") && svg.contains("<desc>") && svg.contains(">≥900<"));
    let board = client
        .get(&format!("/years/board.svg?place={place}&ground=dark"))
        .await
        .body;
    for row in [
        "东渠年输水量",
        "西渠年输水量",
        "早稻亩均产量",
        "渔塘尾水净化率",
    ] {
        assert!(board.matches(row).count() > 1, "{row}: drawn and said");
    }
    assert!(!board.contains("fill=\"#FFFFFF\""));
    for path in [
        format!("/years/chart.png?{state}"),
        format!("/years/board.png?place={place}"),
    ] {
        assert!(
            client.get(&path).await.bytes.starts_with(b"\x89PNG"),
            "{path}"
        );
    }
    assert_eq!(client.get("/years?place=nowhere").await.status, 404);
    assert_eq!(
        client
            .get(&format!("/years?place={place}&name=nothing"))
            .await
            .status,
        404
    );
    page.finish().await;
}
