//! Where the words of a text end: the most probable way through all words that it could be read as.
//!
//! Sums of whole numbers only, so that a text is cut in the same way everywhere.

use super::dictionary::{Entry, PartOfSpeech, TOTAL, prefixes};
use std::iter;

/// A numeral is taken to be as usual as a word of this frequency, however long it is.
const NUMERAL_FREQUENCY: u32 = 100_000;
/// Costs are counted in parts of a bit.
const PARTS_OF_A_BIT: u64 = 1024;
const NUMERALS: &str = "〇零一二三四五六七八九十百千万亿两";
/// The numerals that may follow digits.
const MULTIPLIERS: &str = "十百千万亿";
/// Longer numerals are no numbers, in letters: each of their letters may begin one that ends at
/// each of the others.
const LONGEST_NUMERAL: usize = 40;
/// What stands between the halves of a fraction: 三分之一.
const FRACTION: [char; 2] = ['分', '之'];

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Where it begins, in letters.
    pub start: usize,
    /// Where it ends, in letters, exclusive.
    pub end: usize,
    /// What it is; `Unknown` when no dictionary has it, `Punctuation` for a sign or a blank.
    pub part: PartOfSpeech,
    /// How often the word is used, of `TOTAL`; 0 for what is in no dictionary.
    pub frequency: u32,
}

/// Words that letters begin with beside those of the dictionary, each with its length in letters.
pub type OwnWords<'a> = dyn Fn(&[char]) -> Vec<(usize, Entry)> + 'a;

/// The best first word from a place on, and the cost of the way from there to the end in parts of a
/// bit.
#[derive(Clone, Copy)]
struct Step {
    end: usize,
    cost: u64,
    part: PartOfSpeech,
    frequency: u32,
}

const UNREACHABLE: Step = Step {
    end: 0,
    cost: u64::MAX,
    part: PartOfSpeech::Unknown,
    frequency: 0,
};

/// Cuts a text into words. The segments cover all of it in order.
///
/// The letters are folded: one width, simplified, lower case. `own` gives further words, such as
/// those of a document, that the letters handed to it begin with, each with its length in letters;
/// where it knows a word that the dictionary knows too, it says what the word is. Latin letters and
/// digits in a row are never cut: pm2.5, r&d, 1,234.5, 20%-30%.
pub fn segment(letters: &[char], own: &OwnWords<'_>) -> Vec<Segment> {
    let run_ends = latin_run_ends(letters);
    let mut steps = vec![UNREACHABLE; letters.len() + 1];
    if let Some(last) = steps.last_mut() {
        last.cost = 0;
    }
    for start in (0..letters.len()).rev() {
        // No word begins inside a run, and none can end there, because there is no way on from
        // there.
        if start > 0 && run_ends[start] > 0 && run_ends[start] == run_ends[start - 1] {
            continue;
        }
        steps[start] = best_step(letters, start, run_ends[start], &steps, own);
    }
    way(&steps)
}

fn best_step(
    letters: &[char],
    start: usize,
    run_end: usize,
    steps: &[Step],
    own: &OwnWords<'_>,
) -> Step {
    let rest = &letters[start..];
    let mut best = unknown(letters, start, run_end);
    best.cost = way_on(steps, best.end, 1);
    let numeral_end = numeral_end(letters, start, run_end);
    for end in numeral_ends(letters, start, run_end, numeral_end) {
        let cost = way_on(steps, end, NUMERAL_FREQUENCY);
        if cost <= best.cost {
            best = Step {
                end,
                cost,
                part: PartOfSpeech::Number,
                frequency: 0,
            };
        }
    }
    for (length, Entry { frequency, part }) in prefixes(rest) {
        let end = start + length;
        let is_numeral = length > 1 && end <= numeral_end;
        let least = if is_numeral { NUMERAL_FREQUENCY } else { 1 };
        let cost = way_on(steps, end, frequency.max(least));
        if cost <= best.cost && cost < u64::MAX {
            best = Step {
                end,
                cost,
                part: if is_numeral { numeral_part(part) } else { part },
                frequency,
            };
        }
    }
    for (length, Entry { frequency, part }) in own(rest) {
        let end = start + length;
        if length == 0 || end > letters.len() {
            continue;
        }
        // The dictionary and the document both say how usual a word is: 市外|资金, and not 市|外资|金.
        let known = prefixes(rest).find(|(known, _)| *known == length);
        let usual = known.map_or(frequency, |(_, entry)| between(entry.frequency, frequency));
        let cost = way_on(steps, end, usual);
        if (cost <= best.cost || end == best.end) && cost < u64::MAX {
            best = Step {
                end,
                cost: cost.min(best.cost),
                part,
                frequency,
            };
        }
    }
    best
}

/// What stands here if no dictionary has it: a run of Latin letters and digits, or one letter or
/// sign.
fn unknown(letters: &[char], start: usize, run_end: usize) -> Step {
    let end = run_end.max(start + 1);
    let part = if run_end > 0 && !letters[start..end].iter().any(char::is_ascii_alphabetic) {
        PartOfSpeech::Number
    } else if letters[start].is_alphanumeric() {
        PartOfSpeech::Unknown
    } else {
        PartOfSpeech::Punctuation
    };
    Step {
        end,
        part,
        ..UNREACHABLE
    }
}

/// The geometric mean of two frequencies.
fn between(one: u32, other: u32) -> u32 {
    let square = u64::from(one) * u64::from(other);
    u32::try_from(square.isqrt()).unwrap_or(u32::MAX)
}

/// The cost from the beginning of a word of this frequency that ends at `end`.
fn way_on(steps: &[Step], end: usize, frequency: u32) -> u64 {
    let price = logarithm(TOTAL).saturating_sub(logarithm(u64::from(frequency)));
    steps[end].cost.saturating_add(price)
}

/// The binary logarithm in parts of a bit; between powers of two it is a straight line, which is
/// exact enough to compare words and the same on every machine.
fn logarithm(value: u64) -> u64 {
    let value = value.max(1);
    let whole = value.ilog2();
    let line = (u128::from(value) * u128::from(PARTS_OF_A_BIT)) >> whole;
    u64::from(whole) * PARTS_OF_A_BIT + u64::try_from(line).unwrap_or(0) - PARTS_OF_A_BIT
}

/// Numerals that the dictionary has as an adverb, a feast or a plan's short name are that.
fn numeral_part(part: PartOfSpeech) -> PartOfSpeech {
    match part {
        PartOfSpeech::Adverb
        | PartOfSpeech::Conjunction
        | PartOfSpeech::Time
        | PartOfSpeech::Abbreviation => part,
        _ => PartOfSpeech::Number,
    }
}

/// Where the numeral that begins here ends at most: Chinese numerals with fractions, or digits with
/// multipliers.
fn numeral_end(letters: &[char], start: usize, run_end: usize) -> usize {
    if run_end > 0 {
        let is_number = !letters[start..run_end]
            .iter()
            .any(char::is_ascii_alphabetic);
        let multipliers = letters[run_end..]
            .iter()
            .take(LONGEST_NUMERAL)
            .take_while(|letter| is_number && MULTIPLIERS.contains(**letter));
        return run_end + multipliers.count();
    }
    let mut end = start;
    while end < start + LONGEST_NUMERAL {
        match &letters[end..] {
            [numeral, ..] if NUMERALS.contains(*numeral) => end += 1,
            [first, second, third, ..]
                if end > start && [*first, *second] == FRACTION && NUMERALS.contains(*third) =>
            {
                end += 3;
            }
            _ => return end,
        }
    }
    end
}

/// Where the numeral may end. It may be cut short, because its last letters may begin a word:
/// 千万|一定.
fn numeral_ends(
    letters: &[char],
    start: usize,
    run_end: usize,
    numeral_end: usize,
) -> impl Iterator<Item = usize> {
    let first = if run_end > 0 { run_end + 1 } else { start + 2 };
    (first..=numeral_end).filter(|end| NUMERALS.contains(letters[end - 1]))
}

/// For each letter the end of the run of Latin letters and digits that it is in, 0 outside of runs.
fn latin_run_ends(letters: &[char]) -> Vec<usize> {
    let mut ends = vec![0; letters.len()];
    let mut start = 0;
    while start < letters.len() {
        if !letters[start].is_ascii_alphanumeric() {
            start += 1;
            continue;
        }
        let end = latin_run_end(letters, start);
        ends[start..end].fill(end);
        start = end;
    }
    ends
}

fn latin_run_end(letters: &[char], start: usize) -> usize {
    let mut end = start;
    loop {
        let before = letters[start..end].last().copied().unwrap_or(' ');
        match &letters[end..] {
            [letter, ..] if letter.is_ascii_alphanumeric() => end += 1,
            ['%' | '‰', ..] if before.is_ascii_digit() => end += 1,
            ['.' | '&' | '+' | '-' | '_', next, ..] if next.is_ascii_alphanumeric() => end += 1,
            [',', thousands @ ..] if before.is_ascii_digit() && begins_thousands(thousands) => {
                end += 1;
            }
            _ => return end,
        }
    }
}

/// Exactly three digits, so that a list such as 1,2 is not one number.
fn begins_thousands(letters: &[char]) -> bool {
    let digits = letters
        .iter()
        .take(4)
        .take_while(|letter| letter.is_ascii_digit());
    digits.count() == 3
}

/// The segments of the best way from the beginning.
fn way(steps: &[Step]) -> Vec<Segment> {
    let mut start = 0;
    iter::from_fn(|| {
        let step = steps[..steps.len() - 1].get(start)?;
        let segment = Segment {
            start,
            end: step.end,
            part: step.part,
            frequency: step.frequency,
        };
        start = step.end;
        Some(segment)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &[char]) -> Vec<(usize, Entry)> {
        Vec::new()
    }

    /// Words of a document, each as usual as a rare word.
    fn own(words: &'static [&'static str]) -> impl Fn(&[char]) -> Vec<(usize, Entry)> {
        move |letters| {
            let entry = Entry {
                frequency: 100,
                part: PartOfSpeech::OtherName,
            };
            words
                .iter()
                .map(|word| word.chars().collect::<Vec<char>>())
                .filter(|word| letters.starts_with(word))
                .map(|word| (word.len(), entry))
                .collect()
        }
    }

    fn cut(text: &str, own: &OwnWords<'_>) -> String {
        let letters: Vec<char> = text.chars().collect();
        let words: Vec<String> = segment(&letters, own)
            .iter()
            .map(|segment| letters[segment.start..segment.end].iter().collect())
            .collect();
        words.join("|")
    }

    fn parts(text: &str) -> Vec<PartOfSpeech> {
        let letters: Vec<char> = text.chars().collect();
        let segments = segment(&letters, &nothing);
        segments.iter().map(|segment| segment.part).collect()
    }

    #[test]
    fn sentences_of_plans_are_cut_into_words() {
        for expected in [
            "2022|年|全市|地区|生产总值|增长|目标|是|多少|？",
            "2022|年|,|研发|经费|投入|强度|达到|2.5%|以上",
            "森林|覆盖率|和|蓄积量|分别|是|多少",
            "城镇|登记|失业率|控制|在|4.5%|以内",
            "公共|服务中心|什么|时候|建成",
            "与|去年|相比|提高|了|几|个|百分点",
            "为什么|没有|完成|年度|任务|？",
            "完成|几|个|项目",
            "有|几|家|企业|获得|补助",
            "第|几|项|任务",
            "单位|gdp|能耗|下降|率|是|约束性|指标|吗",
            "继续|实施|城乡|居民|基本|医疗保险|制度",
        ] {
            assert_eq!(cut(&expected.replace('|', ""), &nothing), expected);
        }
    }

    #[test]
    fn numerals_and_latin_runs_stay_whole() {
        for expected in [
            "全年|新增|城镇|就业|二十三万三千|人",
            "一万三千|亩|高标准|农田",
            "粮食|总产量|稳定|在|3.5万|吨",
            "三分之一|的|村|建成|了|卫生室",
            "百分之三十五|以上",
            "千万|一定|要|完成",
            "五四运动",
            "pm2.5|平均|浓度|降到|30|微克|/|立方米|以下",
            "r&d|经费|支出|1,234.5亿|元",
            "2021-2025|年|每|百户|拥有|电动汽车|20%-30%",
            "1|,|2|号",
        ] {
            assert_eq!(cut(&expected.replace('|', ""), &nothing), expected);
        }
    }

    #[test]
    fn words_of_the_document_count() {
        let words = own(&["高标准农田", "公共服务中心", "可支配收入", "5g基站"]);
        assert_eq!(
            cut("建成高标准农田三万亩", &words),
            "建成|高标准农田|三万|亩"
        );
        assert_eq!(
            cut("公共服务中心什么时候建成", &words),
            "公共服务中心|什么|时候|建成"
        );
        assert_eq!(cut("居民可支配收入", &words), "居民|可支配收入");
        assert_eq!(cut("5g基站", &nothing), "5g|基站");
        assert_eq!(cut("5g基站", &words), "5g基站");
    }

    #[test]
    fn the_document_says_what_its_words_are() {
        let letters: Vec<char> = "规划".chars().collect();
        let found = segment(&letters, &own(&["规划"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].part, PartOfSpeech::OtherName);
        assert_eq!(found[0].frequency, 100);
    }

    #[test]
    fn a_careless_own_word_does_no_harm() {
        let entry = Entry {
            frequency: u32::MAX,
            part: PartOfSpeech::Noun,
        };
        let careless = |_: &[char]| vec![(0, entry), (1000, entry)];
        assert_eq!(cut("完成任务", &careless), "完成|任务");
        // A word that ends inside a run is none.
        assert_eq!(cut("gdp", &own(&["gd"])), "gdp");
    }

    #[test]
    fn every_segment_says_what_it_is() {
        use PartOfSpeech::{Adverb, Measure, Noun, Number, Punctuation, Time, Unknown, Verb};
        assert_eq!(parts("完成任务？ "), [Verb, Noun, Punctuation, Punctuation]);
        assert_eq!(parts("7.5%二十三3万"), [Number, Number, Number]);
        assert_eq!(parts("2022年三万元"), [Number, Time, Number, Measure]);
        assert_eq!(parts("gdp"), [Unknown]);
        assert_eq!(parts("万一"), [Adverb]);
        let numeral = segment(&['二', '十', '三'], &nothing);
        assert_eq!((numeral[0].start, numeral[0].end), (0, 3));
    }

    #[test]
    fn segments_cover_any_text() {
        assert!(segment(&[], &nothing).is_empty());
        for text in [
            "%.&+-,",
            "1,",
            "a.",
            "三分之",
            "分之一",
            "\u{3400}é①",
            "1%%2",
            "一分之分之一",
        ] {
            let letters: Vec<char> = text.chars().collect();
            let mut end = 0;
            for segment in segment(&letters, &nothing) {
                assert_eq!(segment.start, end);
                assert!(segment.end > end);
                end = segment.end;
            }
            assert_eq!(end, letters.len(), "{text}");
        }
    }

    #[test]
    fn the_logarithm_grows_with_its_value() {
        assert_eq!(logarithm(0), 0);
        assert_eq!(logarithm(1), 0);
        assert_eq!(logarithm(8), 3 * PARTS_OF_A_BIT);
        assert!((1..5000).all(|value| logarithm(value) <= logarithm(value + 1)));
        assert!(logarithm(u64::MAX) > 63 * PARTS_OF_A_BIT);
    }
}
