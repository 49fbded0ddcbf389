//! The units that must report, and the roll by which one stays the same unit when it is renamed or
//! moved.

use super::ChatId;
use serde::{Deserialize, Serialize};

/// A unit's id: given once, it stays when the unit is renamed. What a unit said is kept under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub String);

/// A unit that must report, as the data have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id, where the data write one.
    pub id: Option<UnitId>,
    /// As people call it in full (区教委); no other unit has it as a name or an alias.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its chat, where the data name one.
    pub chat: Option<ChatId>,
}

/// Where a unit on the roll comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listing {
    /// The data name it.
    Listed,
    /// The data named it, and name it no more: it is not reminded.
    StruckOut,
    /// A chat was subscribed for it while the data named no units.
    Free,
}

/// A unit on the roll: the id under which its reports are kept, and what it is called now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The id of all its records.
    pub id: UnitId,
    /// The id that the data write, where they do.
    #[serde(default)]
    pub written: Option<UnitId>,
    /// Its present name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The chat that the data name.
    #[serde(default)]
    pub chat: Option<ChatId>,
    /// Where it comes from.
    pub listing: Listing,
}

impl Enrolled {
    /// A unit that the data do not list.
    pub fn free(name: &str) -> Self {
        Self {
            id: UnitId(name.to_string()),
            written: None,
            name: name.to_string(),
            aliases: Vec::new(),
            chat: None,
            listing: Listing::Free,
        }
    }

    /// Whether a word is its name or one of its other names.
    pub fn is_called(&self, word: &str) -> bool {
        self.name == word || self.aliases.iter().any(|alias| alias == word)
    }

    /// Whether it is reminded.
    pub fn is_active(&self) -> bool {
        self.listing != Listing::StruckOut
    }

    fn is(&self, unit: &Unit, by: Sign) -> bool {
        // Two different ids are two units, whatever else they share.
        let differs = match (&unit.id, &self.written) {
            (Some(id), Some(written)) => id != written,
            _ => false,
        };
        !differs
            && match by {
                Sign::Id => unit.id.as_ref().is_some_and(|id| {
                    self.written.as_ref() == Some(id) || self.written.is_none() && self.id == *id
                }),
                Sign::Name => self.name == unit.name,
                Sign::OtherName => unit.aliases.contains(&self.name) || self.is_called(&unit.name),
                Sign::Chat => self.is_active() && unit.chat.is_some() && self.chat == unit.chat,
            }
    }

    fn now(self, unit: &Unit) -> Self {
        Self {
            written: unit.id.clone().or(self.written),
            name: unit.name.clone(),
            aliases: unit.aliases.clone(),
            chat: unit.chat,
            listing: Listing::Listed,
            ..self
        }
    }
}

/// By what a unit of the data is known again, the surest first.
#[derive(Clone, Copy)]
enum Sign {
    Id,
    Name,
    OtherName,
    /// The chat alone: a unit that was renamed without an id and without its old name as an alias.
    Chat,
}

/// The roll brought up to date with the units that the data name. A unit keeps its id when its
/// name, its aliases or its chat change; whoever is named no more stays on the roll, struck out.
pub(crate) fn call_roll(mut known: Vec<Enrolled>, units: &[Unit]) -> Vec<Enrolled> {
    let mut found: Vec<Option<Enrolled>> = units.iter().map(|_| None).collect();
    // Sign by sign over all units and not unit by unit: nobody is taken by a weak sign who has a
    // strong one for another.
    for sign in [Sign::Id, Sign::Name, Sign::OtherName, Sign::Chat] {
        for (at, unit) in units.iter().enumerate() {
            if found[at].is_some() {
                continue;
            }
            let mut those = (0..known.len()).filter(|at| known[*at].is(unit, sign));
            let (first, another) = (those.next(), those.next());
            // A chat of several units does not tell which of them was renamed.
            let alone = !matches!(sign, Sign::Chat)
                || another.is_none() && is_only_one_left(units, &found, unit);
            if let Some(place) = first.filter(|_| alone) {
                // Taken out, so that no other unit is found to be the same one.
                found[at] = Some(known.remove(place).now(unit));
            }
        }
    }
    let mut roll: Vec<Enrolled> = Vec::new();
    for (unit, found) in units.iter().zip(found) {
        roll.push(found.unwrap_or_else(|| fresh(unit, &known, &roll)));
    }
    for mut gone in known {
        if gone.listing == Listing::Listed {
            // Kept and not dropped: a unit that comes back to the list has its reports.
            gone.listing = Listing::StruckOut;
        }
        roll.push(gone);
    }
    roll
}

/// Whether no other unit of its chat is still to be known again.
fn is_only_one_left(units: &[Unit], found: &[Option<Enrolled>], unit: &Unit) -> bool {
    let left = units.iter().zip(found).filter(|(_, found)| found.is_none());
    left.filter(|(other, _)| other.chat == unit.chat).count() == 1
}

/// A unit that was not known: its id is the one that is written, or its name, or a name like it
/// where another unit began with that.
fn fresh(unit: &Unit, known: &[Enrolled], roll: &[Enrolled]) -> Enrolled {
    let wanted = unit.id.clone().unwrap_or_else(|| UnitId(unit.name.clone()));
    let is_taken = |id: &UnitId| known.iter().chain(roll).any(|other| other.id == *id);
    let mut id = wanted.clone();
    let mut number = 1;
    // Another unit of the same name was struck out: its reports are not this one's.
    while is_taken(&id) {
        number += 1;
        id = UnitId(format!("{}#{number}", wanted.0));
    }
    let blank = Enrolled {
        id,
        written: None,
        name: String::new(),
        aliases: Vec::new(),
        chat: None,
        listing: Listing::Listed,
    };
    blank.now(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, name: &str, aliases: &[&str], chat: i64) -> Unit {
        Unit {
            id: (!id.is_empty()).then(|| UnitId(id.to_string())),
            name: name.to_string(),
            aliases: aliases.iter().map(|alias| (*alias).to_string()).collect(),
            chat: (chat != 0).then_some(ChatId(chat)),
        }
    }

    fn ids(roll: &[Enrolled]) -> Vec<(&str, &str, Listing)> {
        roll.iter()
            .map(|unit| (unit.id.0.as_str(), unit.name.as_str(), unit.listing))
            .collect()
    }

    /// First a unit called 甲局 in chat -1 and one called 乙局 in chat -2, then what the data say.
    fn after(first: [Unit; 2], then: &[Unit]) -> Vec<(String, String)> {
        let roll = call_roll(call_roll(Vec::new(), &first), then);
        let listed = roll.iter().filter(|unit| unit.listing == Listing::Listed);
        listed
            .map(|unit| (unit.id.0.clone(), unit.name.clone()))
            .collect()
    }

    #[test]
    fn a_renamed_unit_is_known_again() {
        let plain = || [unit("", "甲局", &[], -1), unit("", "乙局", &[], -2)];
        let with_ids = || [unit("a", "甲局", &[], -1), unit("b", "乙局", &[], -2)];
        let same = |id: &str, name: &str| (id.to_string(), name.to_string());
        // By its id, even where it takes the other's name and chat.
        let swapped = [unit("a", "乙局", &[], -2), unit("b", "甲局", &[], -1)];
        assert_eq!(
            after(with_ids(), &swapped),
            [same("a", "乙局"), same("b", "甲局")]
        );
        // By its old name among the aliases, though the chat is another.
        let alias = [unit("", "甲委", &["甲局"], -9), unit("", "乙局", &[], -2)];
        assert_eq!(
            after(plain(), &alias),
            [same("甲局", "甲委"), same("乙局", "乙局")]
        );
        // By its chat alone.
        let chat = [unit("", "甲委", &[], -1), unit("", "乙局", &[], -2)];
        assert_eq!(
            after(plain(), &chat),
            [same("甲局", "甲委"), same("乙局", "乙局")]
        );
        // An id that is written later does not make another unit of it.
        assert_eq!(
            after(plain(), &with_ids()),
            [same("甲局", "甲局"), same("乙局", "乙局")]
        );
        let later = call_roll(call_roll(Vec::new(), &plain()), &with_ids());
        let renamed = call_roll(later, &[unit("a", "丙委", &[], -7)]);
        assert_eq!(ids(&renamed)[0].0, "甲局");
    }

    #[test]
    fn a_chat_of_two_units_does_not_tell_which_was_renamed() {
        let first = [unit("", "甲局", &[], -1), unit("", "乙局", &[], -1)];
        let both = [unit("", "丙局", &[], -1), unit("", "丁局", &[], -1)];
        let roll = call_roll(call_roll(Vec::new(), &first), &both);
        assert_eq!(
            ids(&roll),
            [
                ("丙局", "丙局", Listing::Listed),
                ("丁局", "丁局", Listing::Listed),
                ("甲局", "甲局", Listing::StruckOut),
                ("乙局", "乙局", Listing::StruckOut)
            ]
        );
    }

    #[test]
    fn whoever_is_struck_out_and_comes_back_is_the_same_unit() {
        let first = [unit("", "甲局", &[], -1), unit("", "乙局", &[], -2)];
        let roll = call_roll(Vec::new(), &first);
        let roll = call_roll(roll, &first[..1]);
        assert_eq!(
            ids(&roll),
            [
                ("甲局", "甲局", Listing::Listed),
                ("乙局", "乙局", Listing::StruckOut)
            ]
        );
        let roll = call_roll(roll, &first);
        assert_eq!(ids(&roll)[1], ("乙局", "乙局", Listing::Listed));
        assert_eq!(call_roll(roll.clone(), &first), roll);
    }

    /// A new unit may take the name that another had before.
    #[test]
    fn a_name_that_is_free_again_makes_a_new_unit() {
        let roll = call_roll(Vec::new(), &[unit("a", "甲局", &[], -1)]);
        let then = [unit("a", "甲委", &[], -1), unit("c", "甲局", &[], -3)];
        let roll = call_roll(roll, &then);
        assert_eq!(
            ids(&roll),
            [
                ("a", "甲委", Listing::Listed),
                ("c", "甲局", Listing::Listed)
            ]
        );
        let plain = call_roll(Vec::new(), &[unit("", "甲局", &[], -1)]);
        let then = [unit("", "甲委", &["甲局"], -1)];
        let renamed = call_roll(plain, &then);
        let both = [unit("", "甲委", &[], -1), unit("", "甲局", &[], -3)];
        let roll = call_roll(renamed, &both);
        assert_eq!(
            ids(&roll),
            [
                ("甲局", "甲委", Listing::Listed),
                ("甲局#2", "甲局", Listing::Listed)
            ]
        );
    }
}
