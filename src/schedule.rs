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

pub use agenda::{Agenda, Stage};
pub(crate) use agenda::{Occurrence, unread_phrases};
pub use calendar::WorkCalendar;
pub(crate) use calendar::{Holiday, YearCalendar};
pub use delivery::DeliveryState;
pub(crate) use delivery::{Delivery, Fate};
pub(crate) use due_date::shown_day;
pub use due_date::{DueDate, shown_date};
pub use due_phrase::DueRule;
pub(crate) use policy::DueDay;
pub use policy::Policy;
pub(crate) use spoken_act::{SpokenAct, spoken_act, spoken_answer};
pub use spoken_day::SpokenDay;
