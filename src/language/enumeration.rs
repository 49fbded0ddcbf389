//! Enumerations in running text: how many members are named.

/// What ends a run of members.
const CLAUSE_ENDS: &[char] = &[
    '，', '。', '；', '：', '！', '？', '\n', ',', ';', ':', '!', '?',
];
/// What ends a part of a row of parallel parts.
const PART_ENDS: &[char] = &['，', '；', ',', ';'];
const SENTENCE_ENDS: &[char] = &['。', '！', '？', '：', '\n', '!', '?', ':'];
/// Words before the last member.
const LAST_JOINS: &[&str] = &["和", "与", "及", "暨"];
/// Each row of signs numbers members.
const NUMBERINGS: &[&[&str]] = &[
    &[
        "一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是", "九是", "十是",
    ],
    &[
        "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩", "⑪", "⑫", "⑬", "⑭", "⑮",
    ],
    &[
        "第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十",
    ],
    &["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.", "10."],
];
/// Fewer parallel parts are nothing but style.
const LEAST_PARALLEL: usize = 3;

/// Whether a text names so many members one after another: 甲、乙和丙; 一是…二是…; 严禁甲，严禁乙，严禁丙. What is
/// joined by 、 counts where `is_about` holds for its clause or the one before: a long text joins
/// much.
pub fn enumerates(text: &str, count: usize, is_about: &dyn Fn(&str) -> bool) -> bool {
    let plain = without_brackets(text);
    joined(&plain, count, is_about) || numbered(&plain, count) || parallel(&plain, count)
}

/// What stands in brackets explains a member and is none.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    // “甲”“乙” are two members as “甲”、“乙” are.
    plain.replace("”“", "”、“").replace("》《", "》、《")
}

/// 甲、乙、丙; the last may hold one more: 乙和丙.
fn joined(text: &str, count: usize, is_about: &dyn Fn(&str) -> bool) -> bool {
    let has_as_many = |clause: &str| {
        let members = clause.split('、').count();
        let joins_last = || {
            let last = clause.rsplit('、').next().unwrap_or_default();
            LAST_JOINS.iter().any(|word| last.contains(word))
        };
        members > 1 && members == count || members + 1 == count && joins_last()
    };
    let mut before = "";
    text.split(CLAUSE_ENDS).any(|clause| {
        let announcing = std::mem::replace(&mut before, clause);
        has_as_many(clause) && (is_about(clause) || is_about(announcing))
    })
}

fn numbered(text: &str, count: usize) -> bool {
    NUMBERINGS.iter().any(|signs| {
        let stands = |at: usize| signs.get(at).is_some_and(|sign| text.contains(sign));
        count > 1 && stands(0) && stands(count - 1) && !stands(count)
    })
}

/// Parts of one sentence that begin alike.
fn parallel(text: &str, count: usize) -> bool {
    if count < LEAST_PARALLEL {
        return false;
    }
    text.split(SENTENCE_ENDS).any(|sentence| {
        let parts: Vec<&str> = sentence.split(PART_ENDS).map(str::trim).collect();
        let begins_alike = |one: &&str, other: &&str| one.chars().next() == other.chars().next();
        parts
            .chunk_by(begins_alike)
            .any(|alike| alike.len() == count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_counted() {
        let cases = [
            ("建成茶厂、酒厂、油坊三座工厂", 3, true),
            ("培育棉花、油茶和蚕桑三大产业", 3, true),
            ("“三清”：清沟、清渠（含暗渠、明渠）、清塘", 3, true),
            ("即“甲”“乙”“丙”“丁”", 4, true),
            ("一是修路，二是架桥。三是通水", 3, true),
            ("把茶叶做强，把药材做精，把果品做优，把蚕桑做活", 4, true),
            ("做实六项重点工作，加快建设，发展林下经济", 6, false),
            ("棉花、油茶和蚕桑三大产业", 5, false),
            ("一是修路，二是架桥，三是通水", 2, false),
        ];
        for (text, count, is_so) in cases {
            assert_eq!(enumerates(text, count, &|_| true), is_so, "{text}, {count}");
        }
    }

    #[test]
    fn what_is_joined_is_about_what_its_clause_or_the_one_before_names() {
        let text = "建成茶厂、酒厂、油坊，六处梯田复耕";
        for (thing, is_so) in [("茶厂", true), ("梯田", false)] {
            let is_about = |clause: &str| clause.contains(thing);
            assert_eq!(enumerates(text, 3, &is_about), is_so, "{thing}");
        }
        let is_about = |clause: &str| clause.contains("三座工厂");
        assert!(enumerates("三座工厂：茶厂、酒厂、油坊", 3, &is_about));
    }
}
