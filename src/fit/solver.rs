//! Minimises a smooth function of weights that may be fixed or kept on one side of zero: projected
//! L-BFGS, two-metric (Bertsekas 1982) with the two-loop recursion (Nocedal and Wright, 7.4).

use super::Freedom;
use std::collections::VecDeque;

/// The search ends where no weight that can move has a slope above this part of the root of its
/// curvature: then moving it gains about 1e-10, which is lost in the rounding of a large loss.
const FLAT: f64 = 1e-5;
/// Steps whose curvature is remembered. Between 3 and 20 is usual; more costs only memory.
const REMEMBERED: usize = 12;
/// The part of the decrease that the slope promises which a step must bring (Armijo).
const ENOUGH: f64 = 1e-4;
/// A step is halved this often before the search gives up: then the loss is flat up to rounding.
const HALVINGS: usize = 40;
/// A bounded weight this near to zero is put on it. A weight that only ever came closer would make
/// each step a little shorter than the one before.
const ON_ZERO: f64 = 1e-9;

impl Freedom {
    /// Whether a weight with this value cannot move that way.
    fn blocks(self, value: f64, way: f64) -> bool {
        match self {
            Self::Fixed => true,
            Self::Free => false,
            Self::AtLeastZero => value <= 0.0 && way < 0.0,
            Self::AtMostZero => value >= 0.0 && way > 0.0,
        }
    }

    /// The allowed value nearest to this one.
    fn nearest(self, value: f64) -> f64 {
        match self {
            Self::Fixed | Self::Free => value,
            Self::AtLeastZero if value < ON_ZERO => 0.0,
            Self::AtMostZero if value > -ON_ZERO => 0.0,
            Self::AtLeastZero | Self::AtMostZero => value,
        }
    }
}

/// What is looked for.
pub(super) struct Problem<'a> {
    /// One for each weight.
    pub freedoms: &'a [Freedom],
    /// An estimate of the second derivative by each weight, above 0. With it a weight whose
    /// feature has large values is found as fast as one whose feature has small ones.
    pub curvatures: &'a [f64],
    /// The search ends after this many steps.
    pub most_iterations: usize,
}

/// Where the search ended.
pub(super) struct Minimum {
    pub point: Vec<f64>,
    pub loss: f64,
    pub iterations: usize,
}

/// A place with its loss and slope.
struct Visit {
    point: Vec<f64>,
    loss: f64,
    slope: Vec<f64>,
}

/// A step taken and how the slope changed with it.
struct Bend {
    step: Vec<f64>,
    change: Vec<f64>,
}

impl Problem<'_> {
    /// Searches from the allowed point nearest to `start`. `measure` gives the loss and its slope,
    /// one number for each weight.
    pub(super) fn minimise(
        &self,
        start: &[f64],
        mut measure: impl FnMut(&[f64]) -> (f64, Vec<f64>),
    ) -> Minimum {
        let mut visit = |point: Vec<f64>| {
            let (loss, slope) = measure(&point);
            Visit { point, loss, slope }
        };
        let allowed = start.iter().zip(self.freedoms);
        let mut here = visit(allowed.map(|(value, f)| f.nearest(*value)).collect());
        let mut memory: VecDeque<Bend> = VecDeque::new();
        let mut iterations = 0;
        while iterations < self.most_iterations {
            let free = self.free(&here);
            let is_flat = |at: &usize| here.slope[*at].abs() <= FLAT * self.curvatures[*at].sqrt();
            if free.iter().all(is_flat) {
                break;
            }
            let way = self.way(&here, &memory, free);
            let Some(next) = self.step(&here, &way, &mut visit) else {
                if memory.is_empty() {
                    break;
                }
                // The remembered curvature may mislead far from where it was measured; without it
                // the way is straight downhill.
                memory.clear();
                continue;
            };
            if memory.len() == REMEMBERED {
                memory.pop_front();
            }
            memory.push_back(Bend {
                step: difference(&next.point, &here.point),
                change: difference(&next.slope, &here.slope),
            });
            here = next;
            iterations += 1;
        }
        Minimum {
            point: here.point,
            loss: here.loss,
            iterations,
        }
    }

    /// The weights that can move downhill.
    fn free(&self, here: &Visit) -> Vec<usize> {
        (0..here.point.len())
            .filter(|&at| !self.freedoms[at].blocks(here.point[at], -here.slope[at]))
            .collect()
    }

    /// A way that leads downhill and that no bound blocks at once. Weights that it would push over
    /// a bound on which they are stay there, and the way is made again for the others; one weight
    /// at least always remains, since on a way downhill some weight goes against its own slope.
    fn way(&self, here: &Visit, memory: &VecDeque<Bend>, mut free: Vec<usize>) -> Vec<f64> {
        loop {
            let way = newton_way(&here.slope, self.curvatures, memory, &free);
            let before = free.len();
            free.retain(|&at| !self.freedoms[at].blocks(here.point[at], way[at]));
            if free.len() == before {
                return way;
            }
        }
    }

    /// The first of ever shorter steps, bent along the bounds, that lowers the loss enough.
    fn step(
        &self,
        here: &Visit,
        way: &[f64],
        visit: &mut impl FnMut(Vec<f64>) -> Visit,
    ) -> Option<Visit> {
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let mut point = here.point.clone();
            for (at, value) in point.iter_mut().enumerate() {
                if way[at] != 0.0 {
                    *value = self.freedoms[at].nearest(*value + length * way[at]);
                }
            }
            let moved = difference(&point, &here.point);
            let promised: f64 = moved.iter().zip(&here.slope).map(|(m, s)| m * s).sum();
            if promised < 0.0 {
                let next = visit(point);
                if next.loss <= here.loss + ENOUGH * promised {
                    return Some(next);
                }
            }
            length /= 2.0;
        }
        None
    }
}

/// The two-loop recursion on the free weights: the slope, turned round and divided by the
/// remembered curvature, which starts from the estimate. All other weights have 0.
fn newton_way(
    slope: &[f64],
    estimate: &[f64],
    memory: &VecDeque<Bend>,
    free: &[usize],
) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| -> f64 { free.iter().map(|&at| a[at] * b[at]).sum() };
    // The square of a change of the slope, each part measured by the estimate.
    let square = |change: &[f64]| -> f64 {
        let parts = free
            .iter()
            .map(|&at| change[at] * change[at] / estimate[at]);
        parts.sum()
    };
    // Only upward curvature keeps the way downhill, and it has to be so on the free weights alone.
    let bends: Vec<(&Bend, f64)> = memory
        .iter()
        .map(|bend| (bend, dot(&bend.step, &bend.change)))
        .filter(|(bend, curvature)| *curvature > 1e-10 * square(&bend.change))
        .collect();

    let mut way = vec![0.0; slope.len()];
    for &at in free {
        way[at] = -slope[at];
    }
    let mut shares = Vec::with_capacity(bends.len());
    for (bend, curvature) in bends.iter().rev() {
        let share = dot(&bend.step, &way) / curvature;
        for &at in free {
            way[at] -= share * bend.change[at];
        }
        shares.push(share);
    }
    let unit = match bends.last() {
        Some((bend, curvature)) => curvature / square(&bend.change),
        None => 1.0,
    };
    for &at in free {
        way[at] *= unit / estimate[at];
    }
    for ((bend, curvature), share) in bends.iter().zip(shares.iter().rev()) {
        let excess = share - dot(&bend.change, &way) / curvature;
        for &at in free {
            way[at] += excess * bend.step[at];
        }
    }
    way
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}
