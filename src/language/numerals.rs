//! The values of Chinese numerals.

use rust_decimal::Decimal;

/// In bytes: forty letters. A row of numerals would be read as deep as it is long.
const LONGEST_NUMERAL: usize = 120;

/// The value of a Chinese numeral; none where it is none, or too long to be one.
pub fn han_number(text: &str) -> Option<Decimal> {
    if text.len() > LONGEST_NUMERAL {
        return None;
    }
    for (sign, size) in [('亿', 100_000_000), ('万', 10_000)] {
        if let Some((above, below)) = text.split_once(sign) {
            let above = if above.is_empty() {
                Decimal::ONE
            } else {
                han_number(above)?
            };
            let below = if below.is_empty() {
                Decimal::ZERO
            } else {
                han_number(below)?
            };
            return above.checked_mul(Decimal::from(size))?.checked_add(below);
        }
    }
    let (mut sum, mut last) = (0_u64, None);
    for letter in text.chars() {
        let letter = if letter == '两' { '二' } else { letter };
        if let Some(digit) = "零一二三四五六七八九"
            .chars()
            .position(|known| known == letter)
        {
            last = Some(digit as u64);
            continue;
        }
        let size = match letter {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            _ => return None,
        };
        sum += last.take().unwrap_or(1) * size;
    }
    Some(Decimal::from(sum + last.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals_have_values() {
        let cases = [
            ("三十六万", 360_000),
            ("三百", 300),
            ("十二", 12),
            ("一千零五", 1_005),
            ("两亿三千万", 230_000_000),
            ("十万", 100_000),
        ];
        assert_eq!(han_number(&"一百千万".repeat(1_200)), None);
        for (text, value) in cases {
            assert_eq!(han_number(text), Some(Decimal::from(value)), "{text}");
        }
    }
}
