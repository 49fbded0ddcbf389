//! Numbers and dates as a cell shows them.

use calamine::ExcelDateTime;

/// Significant digits of a stored number: office programs show at most 15 and calculate in binary,
/// so the last ones are rounding (5.300000001). Published figures have fewer than 12.
const SIGNIFICANT_DIGITS: usize = 12;
/// A number format shows at most so many decimals.
const MOST_DECIMALS: usize = 12;

/// A number in its shortest decimal form, or with the decimals and the percent sign that the cell's
/// number format shows.
pub(crate) fn shown_number(value: f64, format: Option<&str>) -> String {
    let fixed = format.and_then(fixed_format);
    let is_percent = fixed.as_ref().is_some_and(|fixed| fixed.is_percent)
        || (fixed.is_none() && format.is_some_and(shows_percent));
    let value = if is_percent { value * 100.0 } else { value };
    let digits = match fixed.and_then(|fixed| fixed.decimals) {
        Some(decimals) => with_decimals(value, decimals),
        None => shortest(value),
    };
    if is_percent { digits + "%" } else { digits }
}

/// The shortest decimal form after rounding to the significant digits.
pub(crate) fn shortest(value: f64) -> String {
    let rounded = format!("{value:.*e}", SIGNIFICANT_DIGITS - 1);
    let rounded = rounded.parse().unwrap_or(value);
    if rounded == 0.0 {
        return "0".to_string();
    }
    format!("{rounded}")
}

/// A number with so many decimals, half rounded away from zero as office programs do.
fn with_decimals(value: f64, decimals: usize) -> String {
    let factor = 10f64.powi(decimals as i32);
    // Rounded twice: 1.005 is stored a little below, and Excel shows 1.01.
    let scaled: f64 = shortest(value * factor).parse().unwrap_or(value * factor);
    let rounded = scaled.round() / factor;
    // Minus nought is shown as nought.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded:.decimals$}")
}

/// A number format that is a plain number.
struct FixedFormat {
    /// How many decimals it shows; none where it shows as many as there are.
    decimals: Option<usize>,
    is_percent: bool,
}

/// What a plain number format shows (`0.0`, `#,##0.00`, `0.0%`); none for any other.
fn fixed_format(format: &str) -> Option<FixedFormat> {
    let format = bare(format)?;
    let is_percent = format.ends_with('%');
    let digits = format.trim_end_matches('%');
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_whole = whole.ends_with(['0', '#']) && whole.chars().all(|c| "#0,".contains(c));
    if !is_whole || decimals.len() > MOST_DECIMALS {
        return None;
    }
    let is_fixed = decimals.chars().all(|c| c == '0');
    let is_optional = decimals.chars().all(|c| "0#?".contains(c));
    if !is_optional {
        return None;
    }
    Some(FixedFormat {
        decimals: is_fixed.then_some(decimals.len()),
        is_percent,
    })
}

/// Whether a number format shows a percent sign of its own.
fn shows_percent(format: &str) -> bool {
    bare(format).is_some_and(|format| format.contains('%'))
}

/// The first section of a number format without colours, paddings and literal text; none where a
/// sign is missing.
fn bare(format: &str) -> Option<String> {
    let mut bare = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '"' => {
                letters.find(|letter| *letter == '"')?;
            }
            '[' => {
                letters.find(|letter| *letter == ']')?;
            }
            '_' | '*' | '\\' => {
                letters.next()?;
            }
            ' ' => {}
            _ => bare.push(letter),
        }
    }
    Some(bare)
}

/// A date as Chinese reports write it, with as many parts as its format shows.
pub(crate) fn shown_date(date: &ExcelDateTime, format: Option<&str>) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if date.is_duration() {
        let seconds = (date.as_f64() * 86_400.0).round() as i64;
        return format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    let format = format
        .and_then(bare)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let has = |letter: char| format.contains(letter);
    let (has_year, has_day) = (has('y') || has('e'), has('d'));
    if has('h') && !has_year && !has_day {
        return format!("{hour}:{minute:02}:{second:02}");
    }
    match (has_year, has('m'), has_day) {
        (true, true, false) => format!("{year}年{month}月"),
        (true, false, false) => format!("{year}年"),
        (false, _, true) => format!("{month}月{day}日"),
        _ => format!("{year}年{month}月{day}日"),
    }
}

/// A date that is stored as text (2021-03-05T00:00:00), as Chinese reports write it.
pub(crate) fn shown_iso_date(date: &str) -> String {
    let day = date.split('T').next().unwrap_or(date);
    let parts: Vec<Option<u32>> = day.split('-').map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [Some(year), Some(month), Some(day)] => format!("{year}年{month}月{day}日"),
        _ => date.to_string(),
    }
}

/// The number formats that files name by a number alone, as ECMA-376 part 1, 18.8.30 gives them for
/// the Chinese language.
pub(crate) fn built_in_format(number: u32) -> Option<&'static str> {
    Some(match number {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18..=21 | 32..=35 | 55 | 56 => "h:mm",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy年m月",
        28 | 29 | 51 | 53 | 54 | 58 => "m月d日",
        30 => "m-d-yy",
        31 => "yyyy年m月d日",
        37 | 38 => "#,##0",
        39 | 40 => "#,##0.00",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn rounding_of_binary_numbers_is_not_shown() {
        assert_eq!(shortest(5.300000000000001), "5.3");
        assert_eq!(shortest(0.1 + 0.2), "0.3");
        assert_eq!(shortest(1234567.0), "1234567");
        assert_eq!(shortest(-0.0), "0");
        assert_eq!(shortest(0.0043), "0.0043");
    }

    #[test]
    fn formats_of_plain_numbers_are_followed() {
        assert_eq!(shown_number(0.053, Some("0.0%")), "5.3%");
        assert_eq!(shown_number(0.0529871, Some("0.0%")), "5.3%");
        assert_eq!(shown_number(5.26, Some("0.0_ ")), "5.3");
        assert_eq!(shown_number(2.675, Some("0.00")), "2.68");
        assert_eq!(
            shown_number(1234.5, Some("#,##0.00_);[Red](#,##0.00)")),
            "1234.50"
        );
        assert_eq!(shown_number(-0.04, Some("0.0")), "0.0");
    }

    #[test]
    fn other_formats_leave_the_number() {
        assert_eq!(shown_number(5.3, None), "5.3");
        assert_eq!(shown_number(5.3, Some("General")), "5.3");
        assert_eq!(shown_number(5.3, Some("0.0\"亿元\"")), "5.3");
        assert_eq!(shown_number(0.5, Some("# ?/?%")), "50%");
        assert_eq!(shown_number(5.0, Some("0\"%")), "5");
    }

    #[test]
    fn dates_have_the_parts_of_their_format() {
        let date = ExcelDateTime::new(44_256.0, ExcelDateTimeType::DateTime, false);
        assert_eq!(shown_date(&date, Some("yyyy\"年\"m\"月\"")), "2021年3月");
        assert_eq!(shown_date(&date, Some("[$-804]yyyy/m/d;@")), "2021年3月1日");
        assert_eq!(shown_date(&date, None), "2021年3月1日");
        assert_eq!(shown_iso_date("2021-03-05T00:00:00"), "2021年3月5日");
        assert_eq!(shown_iso_date("不详"), "不详");
    }
}
