//! A made-up report of sixty pages: chapters with figures, a long table, a glossary.

/// What a report is made of.
pub enum Piece {
    /// The title or a heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table; its first row is the heading.
    Table(Vec<Vec<String>>),
}

const CHAPTERS: usize = 8;
const PARAGRAPHS_OF_A_CHAPTER: usize = 24;
const ROWS: usize = 90;
/// Columns of figures.
const YEARS: [&str; 3] = ["2029年计划", "2029年完成", "2030年目标"];
/// How many figures the table has.
pub const FIGURES: usize = ROWS * YEARS.len();
/// How many terms the glossary has.
pub const TERMS: usize = 80;

const NUMERALS: [&str; CHAPTERS] = ["一", "二", "三", "四", "五", "六", "七", "八"];
const CROPS: [&str; 9] = [
    "油菜", "早稻", "晚稻", "小麦", "大豆", "棉花", "茶叶", "蚕桑", "柑橘",
];
const WORKS: [&str; 10] = [
    "种植面积",
    "产量",
    "产值",
    "良种面积",
    "机收面积",
    "灌溉面积",
    "收购量",
    "加工量",
    "外销量",
    "入库量",
];

/// The whole report.
pub fn pieces() -> Vec<Piece> {
    let mut pieces = vec![Piece::Heading(
        "柳溪县2029年农业计划执行情况及2030年农业计划草案的报告".to_string(),
    )];
    for (at, numeral) in NUMERALS.iter().enumerate() {
        let year = 2029 + at / 4;
        pieces.push(Piece::Heading(format!(
            "{numeral}、{year}年第{}批农业计划{}",
            at + 1,
            if at < 4 { "执行情况" } else { "安排" }
        )));
        pieces.extend((0..PARAGRAPHS_OF_A_CHAPTER).map(|number| paragraph(at, number)));
    }
    pieces.push(Piece::Heading(
        "附件1 柳溪县2030年农业主要指标表".to_string(),
    ));
    pieces.push(Piece::Table(table()));
    pieces.push(Piece::Heading("附件2 名词解释".to_string()));
    pieces.extend((0..TERMS).map(|at| {
        Piece::Paragraph(format!(
            "{}.{}{}示范片：全县按统一品种、统一肥水、统一机耕的要求连片建设，面积在{}亩以上并且由合作社管护的{}田块。",
            at + 1,
            CROPS[at % CROPS.len()],
            WORKS[at % WORKS.len()].trim_end_matches("面积"),
            100 + at,
            CROPS[at % CROPS.len()],
        ))
    }));
    pieces
}

fn paragraph(chapter: usize, number: usize) -> Piece {
    let crop = CROPS[(chapter + number) % CROPS.len()];
    let work = WORKS[(chapter * 3 + number) % WORKS.len()];
    Piece::Paragraph(format!(
        "第{chapter}片区{crop}{work}达到{}.{}万亩，比上年增长{}.{}%，其中新建渠道{}公里、改造泵站{}座、选聘护渠员{}名。各乡镇按照先易后难的次序推进，做到田块相连、沟渠相通、道路相接，汛期以前全部清淤一遍。{crop}统一供种的比例提高到{}%左右，农技人员每月下田两次，旱情严重时每周测墒，所需经费由县财政列支，不向农户收取。",
        20 + number,
        chapter,
        3 + number % 5,
        number % 10,
        30 + number * 2,
        5 + chapter,
        100 + number * 3,
        60 + number,
    ))
}

fn table() -> Vec<Vec<String>> {
    let heads = ["序号", "指标名称", "单位"].into_iter().chain(YEARS);
    let mut rows: Vec<Vec<String>> = vec![heads.map(String::from).collect()];
    for at in 0..ROWS {
        let name = format!("{}{}", CROPS[at / WORKS.len()], WORKS[at % WORKS.len()]);
        let mut row = vec![(at + 1).to_string(), name, "万亩".to_string()];
        row.extend((0..YEARS.len()).map(|year| format!("{}.{}", 10 + at, year * 3)));
        rows.push(row);
    }
    rows
}
