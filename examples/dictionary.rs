//! Makes the general dictionary `src/language/dictionary/words.fst` out of jieba's `dict.txt` and the
//! parts of speech of HanLP's `CoreNatureDictionary.txt`.
//!
//! `cargo run --example dictionary -- path/to/dict.txt path/to/CoreNatureDictionary.txt`; then a test
//! of `language` says what `TOTAL` has to be.

use anyhow::{Context, bail};
use fst::MapBuilder;
use planbot::{Entry, PartOfSpeech};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

const TARGET: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/language/dictionary/words.fst"
);
/// Words of two letters and more that are rarer are mostly chance finds.
const RAREST: u32 = 6;

/// What the list does not have and the table below has is taken to be as rare as this.
const MISSING: u32 = 20;

/// Question words that are words themselves.
const ASKING: &[&str] = &[
    "哪些",
    "哪个",
    "哪里",
    "哪儿",
    "哪种",
    "什么",
    "多少",
    "怎么",
    "怎样",
    "怎么样",
    "为什么",
    "为何",
];
/// What asks, also inside of a longer word.
const ASKING_INSIDE: &[&str] = &[
    "哪", "什么", "多少", "怎", "谁", "为何", "几个", "几项", "几家", "几年", "几天", "几号",
    "几月",
];
/// Words with 几 before another letter that do not ask how many.
const NOT_ASKING: &[&str] = &["几乎", "几近", "几经", "几许", "几度"];
/// Words with 和 or 与 inside in which it does not join.
const NOT_JOINING: &[&str] = &[
    "共和", "协和", "饱和", "和平", "和谐", "和睦", "和解", "和尚", "和气", "与共",
];

/// What jieba has otherwise, or has no part of speech for. Only words that plans and questions often use.
const CORRECTED: &[(PartOfSpeech, &str)] = &[
    (
        PartOfSpeech::Adverb,
        "很 较 仍 甚 稍 逐 渐 可能 万一 依法 着力 全力 及时 一共 总共 拢共 统共 共计 起码",
    ),
    (PartOfSpeech::Pronoun, "此 每 您 多少 几"),
    // Function words of the dialects, which the list has as bound letters or not at all.
    (
        PartOfSpeech::Pronoun,
        "侬 佢 哋 伲 恁 阿拉 我哋 你哋 佢哋 我伲 俩 仨 啷 甚 乜 咩 么子 么事 啥个",
    ),
    (
        PartOfSpeech::Particle,
        "嘅 咗 啲 嘞 咧 哒 嘎 噻 嗦 咯 哩 喽 噶 伐 喺 呒 滴",
    ),
    (PartOfSpeech::Adverb, "冇 唔 忒 甭 莫 莫得 没得 蛮"),
    (PartOfSpeech::Verb, "係 睇 畀 俾 耍 瞅 唠 寻思 晓得"),
    (PartOfSpeech::Conjunction, "虽 且"),
    (PartOfSpeech::Preposition, "往"),
    (PartOfSpeech::Particle, "所"),
    (PartOfSpeech::Modal, "啊 哦 哟 矣"),
    (PartOfSpeech::Time, "今 年 月 日 季 年度 季度 全年 前期"),
    (
        PartOfSpeech::Measure,
        "块 件 样 桩 趟 茬 轮 组 度 号 元 吨 种 倍 岁 项 条 辆 秒 艘 枚 颗 朵 页 卷 克 \
         镑 届 栋 节 亿元 万元 万吨 百分点",
    ),
    (
        PartOfSpeech::Verb,
        "行 反 穿 掉 论 选 升 够 失 寻 止 护 挡 丢 抵 休 议 搜 抛 患 罚 刷 \
         拐 砌 押 抖 削 催 绑 判 踩 揭 泄 备 连 投 测 监 突 换 指 可以 明白 \
         是不是 有没有 持续 新建 办理 落实 更新 深化 荣获 拓宽 力争 印发 助力 激活 \
         尊重 壮大 产生 封顶 谋划 策划 协同 兜底 立足 着眼 上线 上市 落户 落地 详见",
    ),
    (
        PartOfSpeech::VerbalNoun,
        "排名 研发 养老 许可 进步 转型 整治",
    ),
    (
        PartOfSpeech::Noun,
        "县 车 物 土 村 厂 园 员 农 委 率 侧 湾 井 河 湖 江 谷 池 港 府 宫 \
         桥 钟 岩 峰 零件 零部件 主任 湿地 文明 青少年 小姐 和尚 二人 发言人 收入 \
         城镇 经费 进度 深度 成效 举措 合同 智慧 蓝天 东西 都市 治安 窗口 街区 岸线 \
         脚注 备注 幼儿园 卫生室 楼宇 陈列馆 大礼堂 联合体 房地产 公共交通 水污染 \
         二氧化碳 贡献率 拥有量 保有量 安全感 幸福感 智能化 义务教育 学前教育 固定资产 \
         固体废物",
    ),
    // Within and beyond a level of administration; otherwise 市外资金 has 外资 in it.
    (
        PartOfSpeech::Noun,
        "市外 省外 区外 县外 州外 市内 省内 区内 县内 州内 市域 省域 县域",
    ),
    (PartOfSpeech::Person, "刘 孙"),
    (PartOfSpeech::Interjection, "您好 你好"),
    (
        PartOfSpeech::Adjective,
        "富 静 清 乱 主动 有序 精准 优质 高效",
    ),
    (PartOfSpeech::Distinguishing, "市级 区级 县级 乡级 高水平"),
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [words, natures] = &arguments[..] else {
        bail!("say where jieba's dict.txt and HanLP's CoreNatureDictionary.txt are");
    };
    let words = chosen(&read(words)?, &counted(&read(natures)?))?;
    let mut builder = MapBuilder::new(BufWriter::new(File::create(TARGET)?))?;
    for (word, entry) in &words {
        builder.insert(word, entry.packed())?;
    }
    builder.finish()?;
    println!(
        "{} words, {} bytes",
        words.len(),
        File::open(TARGET)?.metadata()?.len()
    );
    Ok(())
}

fn read(path: &str) -> anyhow::Result<String> {
    planbot::read_text(Path::new(path)).with_context(|| format!("cannot read {path}"))
}

/// What a corpus that people tagged has a word as, most often: a line is the word, then each tag with
/// how often it was seen. Tags of names of all sorts are left out.
fn counted(text: &str) -> BTreeMap<String, PartOfSpeech> {
    let mut counted = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let word = fields.next().unwrap_or_default().to_lowercase();
        let rest: Vec<&str> = fields.collect();
        let mut times: BTreeMap<PartOfSpeech, u64> = BTreeMap::new();
        for pair in rest.chunks_exact(2) {
            *times.entry(part_of(plain(pair[0]), &word)).or_default() +=
                pair[1].parse::<u64>().unwrap_or(0);
        }
        let verbal = times.get(&PartOfSpeech::Verb).copied().unwrap_or(0);
        let nominal = times.remove(&PartOfSpeech::VerbalNoun).unwrap_or(0);
        let both = verbal + nominal;
        times.remove(&PartOfSpeech::Verb);
        if both > 0 {
            let is_nominal = nominal * 4 >= both;
            let part = if is_nominal {
                PartOfSpeech::VerbalNoun
            } else {
                PartOfSpeech::Verb
            };
            times.insert(part, both);
        }
        let most = times.into_iter().max_by_key(|(_, times)| *times);
        if let Some((part, _)) = most {
            counted.insert(word, part);
        }
    }
    counted
}

/// A tag of HanLP as jieba has it: it tells more sorts of nouns and verbs apart.
fn plain(tag: &str) -> &str {
    match tag {
        "nr" | "nrf" | "nrj" => "nr",
        _ if tag.starts_with("ns") => "ns",
        _ if tag.starts_with("nt") || tag.starts_with("ni") => "nt",
        // What it has as some name is often none.
        "nz" | "nx" | "x" => "x",
        _ if tag.starts_with('g') => "x",
        _ if tag.starts_with('n') => "n",
        "vn" => "vn",
        _ if tag.starts_with('v') => "v",
        _ if tag.starts_with('q') => "q",
        _ if tag.starts_with('r') => "r",
        _ if tag.starts_with('p') => "p",
        _ if tag.starts_with('c') => "c",
        "al" => "a",
        "bl" => "b",
        "dl" => "d",
        _ => tag,
    }
}

/// The words that are kept, in lower case; of two that become the same the more usual one.
fn chosen(
    text: &str,
    counted: &BTreeMap<String, PartOfSpeech>,
) -> anyhow::Result<BTreeMap<String, Entry>> {
    let corrected: BTreeMap<&str, PartOfSpeech> = CORRECTED
        .iter()
        .flat_map(|(part, words)| words.split_whitespace().map(|word| (word, *part)))
        .collect();
    let mut words: BTreeMap<String, Entry> = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split_whitespace();
        let (Some(word), Some(frequency), Some(tag)) =
            (fields.next(), fields.next(), fields.next())
        else {
            bail!("not a word with its frequency and tag: {line}");
        };
        let word = word.to_lowercase();
        let part = corrected
            .get(word.as_str())
            .copied()
            .unwrap_or_else(|| likelier(part_of(tag, &word), counted.get(&word).copied()));
        let entry = Entry {
            frequency: frequency.parse()?,
            part,
        };
        let is_known = words
            .get(&word)
            .is_some_and(|known| known.frequency >= entry.frequency);
        if !is_known && is_kept(&word, tag, entry) {
            words.insert(word, entry);
        }
    }
    for (word, part) in &corrected {
        words.entry((*word).to_string()).or_insert(Entry {
            frequency: MISSING,
            part: *part,
        });
    }
    name_towns(&mut words, text);
    Ok(words)
}

/// The corpus is right where it has another sort of word than the list: a verb for a noun, a word for
/// a person's name.
fn likelier(listed: PartOfSpeech, counted: Option<PartOfSpeech>) -> PartOfSpeech {
    let sort = |part: PartOfSpeech| {
        use PartOfSpeech as P;
        match part {
            P::Noun | P::VerbalNoun | P::Abbreviation | P::Distinguishing | P::Idiom => 0,
            P::Verb => 1,
            P::Adjective => 2,
            P::Place | P::Organisation | P::OtherName => 3,
            P::Person => 4,
            _ => 5,
        }
    };
    match (listed, counted) {
        // A verb of a question is one, though a report has it as a noun as well.
        (PartOfSpeech::Verb, Some(PartOfSpeech::VerbalNoun)) => listed,
        // What may be a place is never taken for a thing: a question about another place is refused.
        (PartOfSpeech::Place, Some(counted)) if sort(counted) == 0 => listed,
        (PartOfSpeech::Unknown, Some(counted)) => counted,
        (_, Some(PartOfSpeech::Adverb)) if sort(listed) <= 2 => PartOfSpeech::Adverb,
        (PartOfSpeech::Adverb, Some(PartOfSpeech::Noun)) => PartOfSpeech::Noun,
        (_, Some(counted))
            if sort(counted) != sort(listed) && sort(counted) <= 2 && sort(listed) <= 4 =>
        {
            counted
        }
        _ => listed,
    }
}

/// A town is a place without 市 or 县 as well, though the list has it as some other word. What is a usual word
/// besides (平安, 和平) stays one.
fn name_towns(words: &mut BTreeMap<String, Entry>, text: &str) {
    const USUAL: u32 = 1000;
    for line in text.lines() {
        let mut fields = line.split_whitespace();
        let (Some(word), Some(_), Some("ns")) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let bare = word.trim_end_matches(['市', '县']);
        if bare == word || bare.chars().count() != 2 {
            continue;
        }
        if let Some(entry) = words.get_mut(bare)
            && entry.frequency < USUAL
        {
            entry.part = PartOfSpeech::Place;
        }
    }
}

fn is_kept(word: &str, tag: &str, entry: Entry) -> bool {
    if word.chars().count() == 1 {
        return true;
    }
    let is_function_word = matches!(
        entry.part,
        PartOfSpeech::Measure
            | PartOfSpeech::Adverb
            | PartOfSpeech::Pronoun
            | PartOfSpeech::Preposition
            | PartOfSpeech::Conjunction
            | PartOfSpeech::Particle
            | PartOfSpeech::Modal
            | PartOfSpeech::Direction
    );
    (is_function_word || entry.frequency >= RAREST)
        && entry.part != PartOfSpeech::Unknown
        && !hides_a_question(word, tag)
        && !joins(word)
}

/// A longer word would swallow the question word in it, and the question would no longer ask.
fn hides_a_question(word: &str, tag: &str) -> bool {
    if ASKING.contains(&word) {
        return false;
    }
    if ASKING_INSIDE.iter().any(|asks| word.contains(asks)) {
        return true;
    }
    // A measure word behind 几 asks how many; a numeral behind it makes a rough number.
    let counts = matches!(tag, "m" | "mq" | "q" | "d" | "t") && !NOT_ASKING.contains(&word);
    let asks_how_many = word.split('几').skip(1).any(|behind| {
        behind
            .chars()
            .next()
            .is_some_and(|letter| !"十百千万亿".contains(letter))
    });
    counts && (asks_how_many || word == "第几")
}

/// Two things that a conjunction joins are two words.
fn joins(word: &str) -> bool {
    let inner = word
        .char_indices()
        .skip(2)
        .any(|(at, letter)| matches!(letter, '和' | '与') && at + letter.len_utf8() < word.len());
    inner && !NOT_JOINING.iter().any(|known| word.contains(known))
}

fn part_of(tag: &str, word: &str) -> PartOfSpeech {
    match tag {
        "nr" | "nrt" | "nrfg" => PartOfSpeech::Person,
        "ns" => PartOfSpeech::Place,
        "nt" => PartOfSpeech::Organisation,
        "nz" => PartOfSpeech::OtherName,
        "vn" => PartOfSpeech::VerbalNoun,
        "a" | "ad" | "an" | "ag" | "z" => PartOfSpeech::Adjective,
        "b" => PartOfSpeech::Distinguishing,
        "j" => PartOfSpeech::Abbreviation,
        "i" | "l" => PartOfSpeech::Idiom,
        "t" | "tg" => PartOfSpeech::Time,
        "mq" if word.starts_with(['这', '那', '此']) => PartOfSpeech::Pronoun,
        "mq" if word.contains(['季', '月', '年']) => PartOfSpeech::Time,
        "m" | "mg" | "mq" => PartOfSpeech::Number,
        "q" => PartOfSpeech::Measure,
        "d" | "dg" | "df" => PartOfSpeech::Adverb,
        "r" | "rr" | "rz" | "rg" => PartOfSpeech::Pronoun,
        "p" => PartOfSpeech::Preposition,
        "c" => PartOfSpeech::Conjunction,
        "u" | "ud" | "ug" | "uj" | "ul" | "uv" | "uz" => PartOfSpeech::Particle,
        "y" => PartOfSpeech::Modal,
        "e" | "o" => PartOfSpeech::Interjection,
        "f" | "s" => PartOfSpeech::Direction,
        "h" => PartOfSpeech::Prefix,
        "k" => PartOfSpeech::Suffix,
        "n" | "ng" => PartOfSpeech::Noun,
        "v" | "vd" | "vg" | "vi" | "vq" => PartOfSpeech::Verb,
        // Bound morphemes and letters of no word.
        _ => PartOfSpeech::Unknown,
    }
}
