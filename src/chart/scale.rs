//! Where a value stands on the picture. The only place where a figure becomes a float, and none
//! comes back out of it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Values between an upper and a lower edge; zero is always between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    top: f32,
    bottom: f32,
}

impl Scale {
    /// A scale that holds all values and zero.
    pub(super) fn new(values: impl Iterator<Item = Decimal>, top: f32, bottom: f32) -> Self {
        let (low, high) = values
            .map(position)
            .fold((0.0_f64, 0.0_f64), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        // Nought alone: any height will do, and nothing is divided by nought.
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            top,
            bottom,
        }
    }

    /// The height at which a value stands.
    pub(super) fn y(&self, value: Decimal) -> f32 {
        let share = (position(value) - self.low) / (self.high - self.low);
        self.bottom - share as f32 * (self.bottom - self.top)
    }
}

fn position(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_the_ground_of_what_is_not_negative_and_lies_between_the_rest() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let small = Scale::new(["0.0043", "0.01"].map(decimal).into_iter(), 0.0, 100.0);
        assert_eq!(
            (
                small.y(Decimal::ZERO),
                small.y(decimal("0.01")),
                small.y(decimal("0.0043"))
            ),
            (100.0, 0.0, 57.0)
        );
        let mixed = Scale::new(["-5", "15"].map(decimal).into_iter(), 0.0, 100.0);
        assert_eq!(
            (mixed.y(decimal("-5")), mixed.y(Decimal::ZERO)),
            (100.0, 75.0)
        );
        let negative = Scale::new([decimal("-5")].into_iter(), 0.0, 100.0);
        assert_eq!(
            (negative.y(Decimal::ZERO), negative.y(decimal("-5"))),
            (0.0, 100.0)
        );
        let zeros = Scale::new([Decimal::ZERO].into_iter(), 0.0, 100.0);
        assert_eq!(zeros.y(Decimal::ZERO), 100.0);
        let huge = Scale::new([Decimal::MAX, Decimal::MIN].into_iter(), 0.0, 100.0);
        assert_eq!(huge.y(Decimal::ZERO), 50.0);
    }
}
