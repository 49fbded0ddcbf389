//! One value as a bar, so that its bound is seen: closed, open to one side with an arrow, or with a
//! soft end.

use super::canvas::{Area, Canvas};
use super::tone::Tone;
use crate::model::{Bound, Quantity};
use rust_decimal::Decimal;

/// How far an open end reaches.
const OPEN: f32 = 84.0;
/// How far a soft end reaches to each side.
const SOFT: f32 = 16.0;
/// How high the arrow of an open end is at least.
const ARROW: f32 = 56.0;
/// A bar is never lower.
const LOWEST: f32 = 4.0;
/// How far the mark of a bound stands out on each side.
const MARK: f32 = 12.0;
/// The space between an arrow and what is near.
const GAP: f32 = 10.0;

/// How the end of a bar looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    /// More of the same direction is within the bound.
    Outward,
    /// What lies between the value and zero is within the bound.
    Inward,
    Soft,
}

/// A bar's shape: its end, and whether it hangs below zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    end: End,
    hangs: bool,
}

/// Where a bar is: its middle and width, and the heights of zero and of its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct BarPlace {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) zero: f32,
    pub(super) value: f32,
}

impl Shape {
    /// The shape of a quantity with a value.
    pub(super) fn of(quantity: &Quantity, value: Decimal) -> Self {
        let lower = matches!(quantity.bound, Bound::AtLeast | Bound::MoreThan);
        let upper = matches!(
            quantity.bound,
            Bound::AtMost | Bound::LessThan | Bound::Within
        );
        // What is to be no more than nought has its room below it, though it has no length.
        let hangs = value < Decimal::ZERO || value.is_zero() && upper;
        let end = match quantity.bound {
            Bound::About => End::Soft,
            _ if lower => {
                if hangs {
                    End::Inward
                } else {
                    End::Outward
                }
            }
            _ if upper => {
                if hangs {
                    End::Outward
                } else {
                    End::Inward
                }
            }
            _ => End::Closed,
        };
        Self { end, hangs }
    }

    /// Whether it hangs below zero; then its label stands below it.
    pub(super) fn hangs(self) -> bool {
        self.hangs
    }

    /// How far it may reach beyond its value.
    pub(super) fn reach(self) -> f32 {
        match self.end {
            End::Closed => 0.0,
            End::Outward => OPEN,
            End::Inward => ARROW + GAP,
            End::Soft => SOFT,
        }
    }

    /// Draws it between zero and its value; gives the height at which it ends.
    pub(super) fn draw(self, canvas: &mut Canvas, place: BarPlace, tone: Tone) -> f32 {
        let BarPlace {
            x,
            width,
            zero,
            value,
        } = place;
        // Outward is down for a bar that hangs, up for one that stands.
        let out = if self.hangs { 1.0 } else { -1.0 };
        let left = x - width / 2.0;
        let span = |from: f32, to: f32| Area {
            x: left,
            y: from.min(to),
            width,
            height: (to - from).abs(),
        };
        let mark = [(left - MARK, value), (left + width + MARK, value)];
        match self.end {
            End::Closed => {
                // Seen all the same: a value near nought is not one that is missing.
                let end = if (value - zero).abs() < LOWEST {
                    zero + out * LOWEST
                } else {
                    value
                };
                canvas.filled(span(zero, end), 0.0, tone.body);
                canvas.stroke(&[(left, end), (left + width, end)], tone.strong, 5.0);
                end
            }
            End::Soft => {
                let body = value - out * SOFT;
                if (value - zero).abs() > SOFT {
                    canvas.filled(span(zero, body), 0.0, tone.body);
                }
                canvas.faded(
                    span(
                        if (value - zero).abs() > SOFT {
                            body
                        } else {
                            zero
                        },
                        value + out * SOFT,
                    ),
                    tone.body,
                    !self.hangs,
                );
                canvas.dashes(&mark, tone.strong, 4.0);
                value + out * SOFT
            }
            End::Outward => {
                let end = value + out * OPEN;
                canvas.filled(span(zero, value), 0.0, tone.body);
                canvas.faded(span(value, end), tone.body, !self.hangs);
                canvas.stroke(&mark, tone.strong, 6.0);
                arrow(canvas, x, value + out * GAP, end, tone);
                end
            }
            End::Inward => {
                canvas.faded(span(zero, value), tone.body, self.hangs);
                canvas.stroke(&mark, tone.strong, 6.0);
                // A bar that is too short to hold its arrow has it outside, pointing back.
                if (value - zero).abs() >= ARROW + GAP {
                    arrow(
                        canvas,
                        x,
                        value - out * GAP,
                        value - out * (ARROW + GAP).max((value - zero).abs() * 0.6).min(OPEN),
                        tone,
                    );
                    value
                } else {
                    let start = value + out * (ARROW + GAP);
                    arrow(canvas, x, start, value + out * GAP, tone);
                    start
                }
            }
        }
    }
}

/// An arrow along a bar's middle.
fn arrow(canvas: &mut Canvas, x: f32, from: f32, to: f32, tone: Tone) {
    let back = if to < from { 1.0 } else { -1.0 };
    canvas.stroke(&[(x, from), (x, to)], tone.strong, 6.0);
    canvas.stroke(
        &[
            (x - 17.0, to + back * 19.0),
            (x, to),
            (x + 17.0, to + back * 19.0),
        ],
        tone.strong,
        6.0,
    );
}
