//! A value as it stands in sled: the number of the change that wrote it, a checksum over where it
//! stands and what it is, and itself.

use std::io;

const NUMBER: usize = 8;
const HEAD: usize = NUMBER + 4;

/// A value with its number and its checksum.
pub(super) fn seal(tree: &str, key: &[u8], number: u64, value: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(HEAD + value.len());
    sealed.extend(number.to_le_bytes());
    sealed.extend(checksum(tree, key, number, value).to_le_bytes());
    sealed.extend(value);
    sealed
}

/// The number and the value; nothing where they are not what was written here.
pub(super) fn opened<'a>(tree: &str, key: &[u8], sealed: &'a [u8]) -> Option<(u64, &'a [u8])> {
    let (head, value) = sealed.split_at_checked(HEAD)?;
    let (number, sum) = head.split_at(NUMBER);
    let number = number.try_into().ok().map(u64::from_le_bytes)?;
    (sum == checksum(tree, key, number, value).to_le_bytes()).then_some((number, value))
}

/// That a record is not what was written.
pub(super) fn damaged(tree: &str, key: &[u8]) -> sled::Error {
    let words = format!(
        "{} 里的一条记录与校验和不符",
        super::export::named(tree, key)
    );
    sled::Error::Io(io::Error::new(io::ErrorKind::InvalidData, words))
}

fn checksum(tree: &str, key: &[u8], number: u64, value: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(tree.as_bytes());
    sum.update(&(key.len() as u64).to_le_bytes());
    sum.update(key);
    sum.update(&number.to_le_bytes());
    sum.update(value);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_another_place_or_with_another_bit_is_not_opened() {
        let sealed = seal("audits", b"key", 7, b"value");
        assert_eq!(opened("audits", b"key", &sealed), Some((7, &b"value"[..])));
        assert_eq!(opened("audits", b"kez", &sealed), None);
        assert_eq!(opened("outbox", b"key", &sealed), None);
        for bit in 0..sealed.len() * 8 {
            let mut other = sealed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(opened("audits", b"key", &other), None, "bit {bit}");
        }
        assert_eq!(opened("audits", b"key", b""), None);
    }
}
