//! Rules that a page draws, as thin boxes or as strokes.

use pdf_oxide::elements::{PathContent, PathOperation};
use pdf_oxide::layout::Color;

/// A page of a report has some 200 rules; drawings with more than this are maps and charts.
const MOST_RULES_OF_A_PAGE: usize = 20_000;
/// Printed rules are 0.25 to 2.25 pt thick; thicker boxes are coloured areas.
const THICKEST_RULE: f32 = 3.0;
/// Shorter strokes are parts of drawings or of letters; the smallest cells are some 8 pt high.
const SHORTEST_RULE: f32 = 4.0;
/// Colours from here on cannot be told from white paper.
const NEARLY_WHITE: f32 = 0.97;
/// A straight rule that runs along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    /// Its place on the other axis.
    pub at: f32,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// The rules of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// The level ones.
    pub horizontal: Vec<Rule>,
    /// The upright ones.
    pub vertical: Vec<Rule>,
}

/// In which direction text runs, in quarters of a turn against the clock.
pub(crate) type Quarter = u8;

/// A point after the page was turned so that text of this direction stands upright.
pub(crate) fn turned((x, y): (f32, f32), quarter: Quarter) -> (f32, f32) {
    match quarter {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    }
}

/// The rules that paths draw; none where they are a map or a chart.
pub(crate) fn rules_of(paths: &[PathContent], quarter: Quarter) -> Rules {
    let mut rules = Rules::default();
    for path in paths {
        add_path(&mut rules, path, quarter);
        if rules.horizontal.len() + rules.vertical.len() > MOST_RULES_OF_A_PAGE {
            return Rules::default();
        }
    }
    rules
}

/// Adds the rules that a path draws: its strokes, and its filled boxes where they are thin.
fn add_path(rules: &mut Rules, path: &PathContent, quarter: Quarter) {
    let is_stroked = path.has_stroke() && path.stroke_color.as_ref().is_some_and(is_seen);
    let is_filled = path.fill_color.as_ref().is_some_and(is_seen);
    let mut outline: Vec<(f32, f32)> = Vec::new();
    let mut last_box: Option<[(f32, f32); 4]> = None;
    for operation in &path.operations {
        match *operation {
            PathOperation::MoveTo(x, y) => {
                if is_filled {
                    add_filled(rules, &outline, quarter);
                }
                outline = vec![(x, y)];
            }
            PathOperation::LineTo(x, y) => {
                if let (true, Some(from)) = (is_stroked, outline.last()) {
                    add_stroke(rules, *from, (x, y), path.stroke_width, quarter);
                }
                outline.push((x, y));
            }
            PathOperation::ClosePath => {
                if let (true, Some(from), Some(to)) = (is_stroked, outline.last(), outline.first())
                {
                    add_stroke(rules, *from, *to, path.stroke_width, quarter);
                }
            }
            PathOperation::CurveTo(_, _, _, _, x, y) => outline.push((x, y)),
            PathOperation::Rectangle(x, y, width, height) => {
                let corners = [
                    (x, y),
                    (x + width, y),
                    (x + width, y + height),
                    (x, y + height),
                ];
                if is_stroked {
                    for index in 0..4 {
                        let to = corners[(index + 1) % 4];
                        add_stroke(rules, corners[index], to, path.stroke_width, quarter);
                    }
                }
                if is_filled {
                    add_filled(rules, &corners, quarter);
                    let is_frame = last_box.is_some_and(|last| {
                        // Programs paint the inner box first or last.
                        add_between(rules, &last, &corners, quarter)
                            || add_between(rules, &corners, &last, quarter)
                    });
                    last_box = if is_frame { None } else { Some(corners) };
                }
            }
        }
    }
    if is_filled {
        add_filled(rules, &outline, quarter);
    }
}

fn is_seen(color: &Color) -> bool {
    color.r < NEARLY_WHITE || color.g < NEARLY_WHITE || color.b < NEARLY_WHITE
}

/// Adds a stroke from one point to another. Some programs draw a rule as a short stroke that is as
/// thick as the rule is long, so the painted box decides.
fn add_stroke(rules: &mut Rules, from: (f32, f32), to: (f32, f32), thick: f32, quarter: Quarter) {
    let half = thick.abs() / 2.0;
    let is_level = (from.1 - to.1).abs() < 0.5;
    let is_upright = (from.0 - to.0).abs() < 0.5;
    let (aside, along) = match (is_level, is_upright) {
        (true, false) => (0.0, half),
        (false, true) => (half, 0.0),
        _ => return,
    };
    let corners = [
        (from.0.min(to.0) - aside, from.1.min(to.1) - along),
        (from.0.max(to.0) + aside, from.1.max(to.1) + along),
    ];
    add_filled(rules, &corners, quarter);
}

/// Adds the four rules of a frame that is painted as the area between two boxes; false where the
/// boxes are no frame.
fn add_between(
    rules: &mut Rules,
    outer: &[(f32, f32); 4],
    inner: &[(f32, f32); 4],
    quarter: Quarter,
) -> bool {
    let low = (outer[0].0.min(outer[2].0), outer[0].1.min(outer[2].1));
    let high = (outer[0].0.max(outer[2].0), outer[0].1.max(outer[2].1));
    let inner_low = (inner[0].0.min(inner[2].0), inner[0].1.min(inner[2].1));
    let inner_high = (inner[0].0.max(inner[2].0), inner[0].1.max(inner[2].1));
    let margins = [
        inner_low.0 - low.0,
        inner_low.1 - low.1,
        high.0 - inner_high.0,
        high.1 - inner_high.1,
    ];
    if !margins
        .iter()
        .all(|margin| (0.0..=THICKEST_RULE).contains(margin))
    {
        return false;
    }
    let sides = [
        (margins[0], [low, (inner_low.0, high.1)]),
        (margins[1], [low, (high.0, inner_low.1)]),
        (margins[2], [(inner_high.0, low.1), high]),
        (margins[3], [(low.0, inner_high.1), high]),
    ];
    for (_, side) in sides.iter().filter(|(margin, _)| *margin > 0.0) {
        add_filled(rules, side, quarter);
    }
    true
}

/// Adds a painted area where it is thin enough for a rule.
fn add_filled(rules: &mut Rules, outline: &[(f32, f32)], quarter: Quarter) {
    let mut low = (f32::MAX, f32::MAX);
    let mut high = (f32::MIN, f32::MIN);
    for point in outline {
        let (x, y) = turned(*point, quarter);
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let (width, height) = (high.0 - low.0, high.1 - low.1);
    if outline.len() < 2 || !width.is_finite() || !height.is_finite() {
        return;
    }
    if height <= THICKEST_RULE && width >= SHORTEST_RULE && width > height {
        let at = (low.1 + high.1) / 2.0;
        rules.horizontal.push(Rule {
            at,
            from: low.0,
            to: high.0,
        });
    }
    if width <= THICKEST_RULE && height >= SHORTEST_RULE && height > width {
        let at = (low.0 + high.0) / 2.0;
        rules.vertical.push(Rule {
            at,
            from: low.1,
            to: high.1,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_boxes_and_strokes_are_rules() {
        let mut rules = Rules::default();
        add_filled(&mut rules, &[(0.0, 10.0), (100.0, 10.5)], 0);
        add_filled(&mut rules, &[(0.0, 10.0), (100.0, 60.0)], 0);
        add_stroke(&mut rules, (5.0, 0.0), (5.0, 80.0), 0.5, 0);
        assert_eq!(
            rules.horizontal,
            [Rule {
                at: 10.25,
                from: 0.0,
                to: 100.0
            }]
        );
        assert_eq!(
            rules.vertical,
            [Rule {
                at: 5.0,
                from: 0.0,
                to: 80.0
            }]
        );
    }

    #[test]
    fn the_area_between_two_boxes_is_a_frame() {
        let corners = |low: f32, high: f32| [(low, low), (high, low), (high, high), (low, high)];
        let mut rules = Rules::default();
        assert!(add_between(
            &mut rules,
            &corners(0.0, 50.0),
            &corners(1.0, 49.0),
            0
        ));
        assert_eq!((rules.horizontal.len(), rules.vertical.len()), (2, 2));
        assert!(!add_between(
            &mut rules,
            &corners(0.0, 50.0),
            &corners(10.0, 40.0),
            0
        ));
    }

    #[test]
    fn a_short_thick_stroke_is_a_rule_across() {
        let mut rules = Rules::default();
        add_stroke(&mut rules, (5.0, 40.0), (6.0, 40.0), 80.0, 0);
        assert_eq!(
            rules.vertical,
            [Rule {
                at: 5.5,
                from: 0.0,
                to: 80.0
            }]
        );
    }

    #[test]
    fn a_page_on_its_side_is_turned() {
        assert_eq!(turned((10.0, 20.0), 1), (20.0, -10.0));
        assert_eq!(turned((10.0, 20.0), 3), (-20.0, 10.0));
    }
}
