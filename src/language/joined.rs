//! A word that speaks of several at once (城乡居民) is each of them where each is given its own:
//! 城乡居民收入分别增长5%和6% is 城镇居民收入 and 农村居民收入.

/// Words that give each its own.
const EACH: &[&str] = &["分别", "均", "都", "双双"];
/// So far after the word, in letters, it may be given: 人均可支配收入预计分别.
const REACH: usize = 16;

/// A word with what it speaks of at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Joined {
    word: String,
    members: Vec<String>,
}

impl Joined {
    pub(super) fn new(word: &str, members: &[String]) -> Self {
        Self {
            word: word.to_string(),
            members: members.to_vec(),
        }
    }

    /// A folded text in which the word is its members, wherever each of them is given its own.
    pub(super) fn parted(&self, text: String) -> String {
        if !text.contains(&self.word) {
            return text;
        }
        let mut written = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once(&self.word) {
            written.push_str(before);
            match shared(after) {
                Some(shared) => {
                    let each = self
                        .members
                        .iter()
                        .map(|member| format!("{member}{shared}"));
                    written.push_str(&each.collect::<Vec<_>>().join("、"));
                    rest = &after[shared.len()..];
                }
                None => {
                    written.push_str(&self.word);
                    rest = after;
                }
            }
        }
        written.push_str(rest);
        written
    }
}

/// What the members have in common: the letters up to the word that gives each its own.
fn shared(after: &str) -> Option<&str> {
    let near = after
        .char_indices()
        .nth(REACH)
        .map_or(after.len(), |(at, _)| at);
    let near = after[..near].split(['，', '。', '；', ',', ';']).next()?;
    let at = EACH.iter().filter_map(|word| near.find(word)).min()?;
    Some(&near[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_to_each_is_said_of_each() {
        let members = ["甲组队员".to_string(), "乙组队员".to_string()];
        let joined = Joined::new("两组队员", &members);
        for (text, parted) in [
            (
                "两组队员体重分别增长5%和6%",
                "甲组队员体重、乙组队员体重分别增长5%和6%",
            ),
            ("两组队员均合格", "甲组队员、乙组队员均合格"),
            ("两组队员体重合计900公斤", "两组队员体重合计900公斤"),
            ("两组队员合影，教练都来了", "两组队员合影，教练都来了"),
        ] {
            assert_eq!(joined.parted(text.to_string()), parted);
        }
    }
}
