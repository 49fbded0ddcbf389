//! When what is due: phrases of documents as dates, working days, the stages of a reminder, the
//! life of a message.
//!
//! Pure: the present moment is an argument. It sends nothing and stores nothing.

mod agenda;
mod calendar;
mod delivery;
mod due_date;
mod due_phrase;
mod policy;
mod spoken_act;
mod spoken_day;

pub use agenda::{Agenda, Occurrence, Stage, unread_phrases};
pub use calendar::{Holiday, WorkCalendar, YearCalendar};
pub use delivery::{Delivery, DeliveryState, Fate};
pub use due_date::{DueDate, shown_date, shown_day};
pub use due_phrase::DueRule;
pub use policy::{DueDay, Policy};
pub use spoken_act::{SpokenAct, spoken_act, spoken_answer};
pub use spoken_day::SpokenDay;
