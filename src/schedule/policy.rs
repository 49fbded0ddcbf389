//! How phrases are read and when reminders go out: the numbers of `[reminders]` in `bot.toml`.

use chrono::NaiveTime;

/// Which working day of a window is the due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDay {
    /// The last one.
    Last,
    /// The first one.
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
    /// So many working days before the due day a reminder goes out.
    pub before: Vec<u32>,
    /// So many working days behind it, to whoever has not reported.
    pub after: Vec<u32>,
    /// So many days behind today a unit may put its report off.
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
