//! How phrases are read and when reminders go out: the numbers of `[reminders]` in `bot.toml`.

use chrono::NaiveTime;

/// Which working day of a window is the due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDay {
    /// So that nobody is called late before the words say so.
    Last,
    /// For offices that want reports as soon as the words allow.
    First,
}

/// When reminders go out: their stages around a due day, and the hours of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The last day of 初 and 上旬.
    pub early_until: u32,
    /// The last day of 中旬; 底 and 下旬 begin behind it.
    pub middle_until: u32,
    /// Which working day of a window is the due day.
    pub due_day: DueDay,
    /// Working days before the due day on which a reminder goes out.
    pub before: Vec<u32>,
    /// Working days after it on which whoever has not reported is reminded again.
    pub after: Vec<u32>,
    /// The farthest that a unit may put its report off, in days from today.
    pub put_off_days: u32,
    /// When a day's reminders go out.
    pub send_at: NaiveTime,
    /// Nothing goes out before.
    pub open: NaiveTime,
    /// Nothing goes out from then on.
    pub close: NaiveTime,
}

impl Policy {
    /// Whether a message may go out at a time of day.
    pub fn permits(&self, time: NaiveTime) -> bool {
        (self.open..self.close).contains(&time)
    }
}
