//! The pictures: each printed figure stands in them, every letter has a glyph, nothing overlaps, and they are the same again.

use crate::harness::shipped_data;
use planbot::{
    Book, Cell, Edition, IndexPlace, Indicator, Measure, Names, Picture, Plan, PlanId, Quantity,
    Thesaurus, Verdict, chart_board, chart_of_indicator, chart_over_years, judge, missing_glyphs,
    multiples,
};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Group, Node, Options, Tree, fontdb::Database};
use std::collections::BTreeMap;
use std::sync::Arc;

fn shipped() -> Edition {
    Edition::load(&shipped_data(), &IndexPlace::Memory)
        .map_err(|error| error.to_string())
        .unwrap()
}

/// What pictures are drawn from: plans, their names and the words that say where less is good.
pub struct Drawer {
    pub book: Book,
    pub names: Names,
    pub thesaurus: Thesaurus,
}

impl Drawer {
    /// Of plans that no word of the field speaks of.
    pub fn of(plans: Vec<Plan>) -> Self {
        let (book, thesaurus) = (Book::new(plans), Thesaurus::default());
        Self {
            names: Names::new(&book, &thesaurus, &[]),
            book,
            thesaurus,
        }
    }

    fn shipped() -> Self {
        let edition = shipped();
        Self {
            book: edition.book,
            names: edition.library.names,
            thesaurus: edition.words.thesaurus,
        }
    }

    fn find(&self, name: &str) -> Option<Picture> {
        chart_of_indicator(&self.book, &self.names, &self.thesaurus, name)
    }

    fn indicator(&self, name: &str) -> Picture {
        self.find(name).unwrap_or_else(|| panic!("{name}"))
    }

    fn board(&self, plan: &Plan) -> Picture {
        chart_board(plan, &self.thesaurus)
    }

    fn newest(&self) -> &Plan {
        self.book.newest().unwrap()
    }

    /// An indicator of places over the years.
    pub fn over_years(&self, places: &[(&str, &str)]) -> Option<Picture> {
        chart_over_years(&self.book, &self.names, &self.thesaurus, places)
    }

    /// The small pictures of a place.
    pub fn multiples(&self, region: &str) -> Option<Picture> {
        let of_region = self.names.indicators.iter();
        let of_region = of_region.filter(|concept| concept.region == region);
        let printed: Vec<String> = of_region.map(|concept| concept.printed.clone()).collect();
        multiples(&self.book, &self.names, &self.thesaurus, (region, &printed))
    }

    /// Every picture of the book.
    pub fn pictures(&self) -> Vec<Picture> {
        let plans = self.book.plans();
        let boards = plans.iter().map(|plan| self.board(plan));
        let indicators = plans.iter().flat_map(|plan| &plan.indicators);
        let indicators = indicators.map(|indicator| self.indicator(&indicator.name));
        let years = plans.iter().flat_map(|plan| {
            let names = plan.indicators.iter();
            names.filter_map(|indicator| self.over_years(&[(&plan.region, &indicator.name)]))
        });
        let small = plans.iter().filter_map(|plan| self.multiples(&plan.region));
        let pictures = boards.chain(indicators);
        pictures.chain(years).chain(small).collect()
    }

    fn less_is_good(&self, indicator: &Indicator) -> bool {
        self.thesaurus.less_is_good(&indicator.name)
    }
}

/// The drawn letters, without tags, title and description.
pub fn drawn(picture: &Picture) -> String {
    let body = picture.svg.split("</desc>").nth(1).unwrap();
    let texts: String = body
        .split('<')
        .map(|piece| piece.split_once('>').map_or("", |(_, text)| text))
        .collect();
    texts
        .replace('\n', "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&quot;", "\"")
}

fn tree(picture: &Picture) -> Tree {
    let mut fonts = Database::new();
    fonts.load_font_data(include_bytes!("../../src/chart/font/noto-sans-sc-subset.otf").to_vec());
    let options = Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    Tree::from_str(&picture.svg, &options)
        .unwrap_or_else(|error| panic!("{}: {error}", picture.title))
}

/// Left, top, right and bottom of each line of text.
fn boxes(group: &Group, found: &mut Vec<(String, [f32; 4])>) {
    for node in group.children() {
        match node {
            Node::Group(group) => boxes(group, found),
            Node::Text(text) => {
                let words = text
                    .chunks()
                    .iter()
                    .map(|chunk| chunk.text())
                    .collect::<String>();
                let area = text.abs_bounding_box();
                found.push((
                    words,
                    [area.left(), area.top(), area.right(), area.bottom()],
                ));
            }
            _ => {}
        }
    }
}

/// What is wrong with where the texts stand.
pub fn faults(picture: &Picture) -> Vec<String> {
    let tree = tree(picture);
    let mut texts = Vec::new();
    boxes(tree.root(), &mut texts);
    assert!(!texts.is_empty(), "{} has no text", picture.title);
    let mut faults = Vec::new();
    for (number, (words, area)) in texts.iter().enumerate() {
        if area[0] < 0.0
            || area[1] < 0.0
            || area[2] > tree.size().width()
            || area[3] > tree.size().height()
        {
            faults.push(format!("{}: {words} is cut off", picture.title));
        }
        for (other, beside) in &texts[number + 1..] {
            if area[0] < beside[2]
                && beside[0] < area[2]
                && area[1] < beside[3]
                && beside[1] < area[3]
            {
                faults.push(format!(
                    "{}: {words} {area:?} lies on {other} {beside:?}",
                    picture.title
                ));
            }
        }
    }
    faults
}

#[test]
fn a_picture_shows_each_printed_figure_and_the_verdict_of_the_answers() {
    let drawer = Drawer::shipped();
    for plan in drawer.book.plans() {
        for indicator in &plan.indicators {
            let picture = drawer.indicator(&indicator.name);
            let text = drawn(&picture);
            let unpublished = indicator
                .cells
                .iter()
                .any(|cell| cell.quantity.is_unpublished());
            assert_eq!(text.contains("未公布"), unpublished, "{text}");
            assert!(text.starts_with(&indicator.name), "{text}");
            assert!(
                indicator.unit.is_empty() || text.contains(&format!("单位：{}", indicator.unit)),
                "{text}"
            );
            for cell in &indicator.cells {
                let shown = cell.quantity.shown();
                assert!(
                    text.contains(&shown) && picture.description.contains(&shown),
                    "{text} lacks {shown}"
                );
                assert!(
                    text.contains(&cell.heading),
                    "{text} lacks {}",
                    cell.heading
                );
                assert!(
                    text.contains(&cell.place) || cell.measure == Some(Measure::Actual),
                    "{text} lacks {}",
                    cell.place
                );
            }
            let year = plan.executed_year;
            let cells = [Measure::Target, Measure::Actual]
                .map(|measure| indicator.cell(year, measure).unwrap());
            let verdict = judge(
                &cells[0].quantity,
                &cells[1].quantity,
                drawer.less_is_good(indicator),
            );
            assert!(
                text.contains(&format!("{year}年{}", verdict.word())),
                "{text}"
            );
            assert!(
                !matches!(verdict, Verdict::Undecidable(reason) if !text.contains(reason)),
                "{text}"
            );
        }
    }
    assert!(drawer.find("没有的指标").is_none());
}

#[test]
fn the_board_has_every_indicator_under_its_category_with_its_verdict() {
    let drawer = Drawer::shipped();
    for plan in drawer.book.plans() {
        let picture = drawer.board(plan);
        let text = drawn(&picture);
        let mut counts = std::collections::BTreeMap::new();
        for indicator in &plan.indicators {
            assert!(
                text.contains(&indicator.name) && text.contains(&indicator.category),
                "{text}"
            );
            let cells = [Measure::Target, Measure::Actual]
                .map(|measure| indicator.cell(plan.executed_year, measure).unwrap());
            let verdict = judge(
                &cells[0].quantity,
                &cells[1].quantity,
                drawer.less_is_good(indicator),
            );
            *counts.entry(verdict.word()).or_insert(0) += 1;
            assert!(
                picture
                    .description
                    .contains(&format!("{}：{}", indicator.name, verdict.word())),
                "{}",
                picture.description
            );
        }
        for (word, count) in counts {
            assert!(text.contains(&format!("{word} {count}项")), "{text}");
            assert_eq!(
                text.matches(word).count(),
                count + 1 + usize::from(word == "达标") * (1 + text.matches("未达标").count()),
                "{word}"
            );
        }
    }
}

#[test]
fn every_letter_of_every_plan_has_a_glyph() {
    let drawer = Drawer::shipped();
    for picture in drawer.pictures() {
        assert!(
            missing_glyphs(&picture.svg).is_empty(),
            "{}: {:?}",
            picture.title,
            missing_glyphs(&picture.svg)
        );
        assert!(
            missing_glyphs(&picture.description).is_empty(),
            "{}",
            picture.title
        );
    }
    assert_eq!(missing_glyphs("甲\u{10FFFD}乙"), vec!['\u{10FFFD}']);
}

#[test]
fn no_text_lies_on_another_or_is_cut_off() {
    let drawer = Drawer::shipped();
    let faults: Vec<String> = drawer.pictures().iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_png_has_a_size_for_a_telephone_and_is_not_blank() {
    let drawer = Drawer::shipped();
    let board = drawer.board(drawer.newest());
    let indicators = drawer.newest().indicators.iter().take(4);
    let pictures = indicators
        .map(|indicator| drawer.indicator(&indicator.name))
        .chain([board]);
    for picture in pictures {
        let png = picture.png().unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert!(
            (1000..=1200).contains(&pixels.width()),
            "{}",
            pixels.width()
        );
        assert!(pixels.width() + pixels.height() < 10_000);
        let white = pixels
            .pixels()
            .iter()
            .filter(|pixel| (pixel.red(), pixel.green(), pixel.blue()) == (255, 255, 255))
            .count();
        let all = pixels.pixels().len();
        assert!(
            white > all / 4 && white < all * 98 / 100,
            "{}: {white} of {all}",
            picture.title
        );
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (first, second) = (Drawer::shipped(), Drawer::shipped());
    assert_eq!(first.pictures(), second.pictures());
    let name = &first.newest().indicators[0].name;
    let png = |drawer: &Drawer| drawer.indicator(name).png().unwrap();
    assert_eq!(png(&first), png(&second));
}

/// Name, unit and cells.
type Printed<'a> = (&'a str, &'a str, &'a [(i32, Measure, &'a str)]);

/// A plan of one year whose indicators have the targets and results given.
fn plan(year: i32, rows: &[Printed<'_>]) -> Plan {
    let indicators = rows
        .iter()
        .enumerate()
        .map(|(number, (name, unit, cells))| Indicator {
            name: (*name).to_string(),
            category: if number % 2 == 0 {
                "甲类".to_string()
            } else {
                String::new()
            },
            unit: (*unit).to_string(),
            nature: None,
            cells: cells
                .iter()
                .map(|(year, measure, printed)| Cell {
                    heading: format!(
                        "{year}年{}",
                        if *measure == Measure::Target {
                            "目标"
                        } else {
                            "完成"
                        }
                    ),
                    year: Some(*year),
                    measure: Some(*measure),
                    quantity: Quantity::parse(printed, unit),
                    place: format!("附件1 第{}行", number + 1),
                })
                .collect(),
            remarks: Vec::new(),
        });
    Plan {
        id: PlanId(format!("plan-{year}")),
        title: format!("{year}年计划"),
        issuer: String::new(),
        document_date: None,
        plan_year: year,
        executed_year: year - 1,
        region: "某地".to_string(),
        region_names: vec!["某地".to_string()],
        tables: Vec::new(),
        indicators: indicators.collect(),
        terms: Vec::new(),
        notes: Vec::new(),
        passages: Vec::new(),
        facts: Vec::new(),
        note_facts: Vec::new(),
        duties: Vec::new(),
        pages: BTreeMap::new(),
        synonyms: Vec::new(),
    }
}

const T: Measure = Measure::Target;
const A: Measure = Measure::Actual;

fn odd_plans() -> Vec<Plan> {
    let huge = "很长的指标名称（含有括号、English words与数字12345）".repeat(12);
    let words = "比上一年有比较明显的提高，".repeat(40);
    let newer = plan(
        2022,
        &[
            (
                "负增长",
                "%",
                &[
                    (2021, T, "≥-5"),
                    (2021, A, "-7.25"),
                    (2022, T, "≥-3"),
                    (2022, A, "2左右"),
                ],
            ),
            (
                "全为负数",
                "%",
                &[(2021, T, "-1左右"), (2021, A, "-0.7"), (2022, T, "≤-3")],
            ),
            (
                "区间",
                "亿元",
                &[(2021, T, "5-6"), (2021, A, "5.5~6%"), (2022, T, "7")],
            ),
            (
                &huge,
                "万元/平方公里每年每人",
                &[
                    (2021, T, "＜123456789012345.678"),
                    (2021, A, "0.0001"),
                    (2022, T, "≥1"),
                ],
            ),
            (
                "未公布的",
                "",
                &[(2021, T, "——"), (2021, A, "——"), (2022, T, "——")],
            ),
            (
                "零",
                "件",
                &[(2021, T, "≤0"), (2021, A, "0"), (2022, T, "0左右")],
            ),
            (
                "很长的话",
                "%",
                &[(2021, T, &words), (2021, A, "5"), (2022, T, "＞5")],
            ),
            ("没有单元格", "%", &[]),
            ("只有目标", "%", &[(2022, T, "＞5")]),
            (
                "小的界限",
                "%",
                &[(2021, T, "≤0.01"), (2021, A, "1000"), (2022, T, "＜0.02")],
            ),
            (
                "<&\"奇怪\">\u{1}",
                "‰",
                &[(2021, T, "3"), (2021, A, "4"), (2022, T, "5")],
            ),
        ],
    );
    let older = plan(
        2021,
        &[
            (
                "负增长",
                "%",
                &[(2020, T, "1"), (2020, A, "约3"), (2021, T, "≥-4")],
            ),
            ("零", "万件", &[(2020, A, "9")]),
        ],
    );
    vec![newer, older]
}

#[test]
fn odd_plans_neither_panic_nor_overlap() {
    let drawer = Drawer::of(odd_plans());
    for picture in drawer.pictures() {
        assert_eq!(faults(&picture), Vec::<String>::new());
        assert!(
            picture.png().unwrap().starts_with(b"\x89PNG"),
            "{}",
            picture.title
        );
    }
    let empty = plan(2022, &[]);
    assert!(faults(&drawer.board(&empty)).is_empty());
}

#[test]
fn every_loaded_year_stands_in_the_order_of_time_and_another_print_is_told() {
    let drawer = Drawer::of(odd_plans());
    let text = drawn(&drawer.indicator("负增长"));
    let at = |figure: &str| {
        text.find(figure)
            .unwrap_or_else(|| panic!("{text} lacks {figure}"))
    };
    let order = ["约3%", "≥-5%", "-7.25%", "≥-3%", "2%左右"].map(at);
    assert!(order.is_sorted(), "{text}");
    assert!(
        text.contains("另见《2021年计划》附件1 第1行：2021年目标 ≥-4%"),
        "{text}"
    );
    assert!(
        text.contains("2020年达标") && text.contains("2021年未达标") && text.contains("2022年达标"),
        "{text}"
    );
    assert!(
        text.contains("来源：《2022年计划》附件1 第1行")
            && text.contains("来源：《2021年计划》附件1 第1行"),
        "{text}"
    );
}

#[test]
fn many_plans_and_many_indicators_stay_readable_on_a_telephone() {
    let year = |year: i32| {
        plan(
            year,
            &[(
                "长期指标",
                "万元/人",
                &[
                    (year - 1, T, "≥1234.5"),
                    (year - 1, A, "-1250左右"),
                    (year, T, "99"),
                ],
            )],
        )
    };
    let drawer = Drawer::of((2010..2030).map(year).collect());
    let picture = drawer.indicator("长期指标");
    assert_eq!(faults(&picture), Vec::<String>::new());
    let text = drawn(&picture);
    assert!(
        (2009..2029).all(|year| text.contains(&format!("{year}年未达标"))),
        "{text}"
    );
    let names: Vec<String> = (0..200).map(|number| format!("指标之{number}")).collect();
    let rows: Vec<Printed<'_>> = names
        .iter()
        .map(|name| {
            (
                name.as_str(),
                "%",
                [(2021, T, "5"), (2021, A, "4")].as_slice(),
            )
        })
        .collect();
    let drawer = Drawer::of(vec![plan(2022, &rows)]);
    for picture in [picture, drawer.board(drawer.newest())] {
        let pixels = Pixmap::decode_png(&picture.png().unwrap()).unwrap();
        assert!(
            pixels.width() + pixels.height() <= 10_000 && pixels.height() <= pixels.width() * 20,
            "{}",
            pixels.height()
        );
    }
}

#[test]
fn an_open_bound_has_an_arrow_and_a_fade_and_a_closed_one_has_not() {
    let rows: &[Printed<'_>] = &[
        ("闭合", "%", &[(2022, T, "5")]),
        ("向上", "%", &[(2022, T, "≥5")]),
        ("向下", "%", &[(2022, T, "5以内")]),
        ("约数", "%", &[(2022, T, "5左右")]),
        ("话", "%", &[(2022, T, "上级计划")]),
    ];
    let drawer = Drawer::of(vec![plan(2022, rows)]);
    let marks = |name: &str| {
        let svg = drawer.indicator(name).svg;
        (
            svg.contains("url(#fade-up"),
            svg.contains("url(#fade-down"),
            svg.contains("stroke-dasharray=\"12 8\""),
        )
    };
    let found: Vec<_> = rows.iter().map(|(name, ..)| marks(name)).collect();
    let expected = [
        (false, false, false),
        (true, false, false),
        (false, true, false),
        (true, false, true),
        (false, false, false),
    ];
    assert_eq!(found, expected);
}
