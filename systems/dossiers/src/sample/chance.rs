//! Seeded chance: the same seed gives the same people, papers and days on every machine.

/// A small generator (SplitMix64). Good for inventing people, never for secrets.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// A generator that will go on the same way each time.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `first` to `last`, both possible; `first` when `last` lies before it.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let width = u64::try_from(last.saturating_sub(first)).map_or(1, |width| width.saturating_add(1));
        first + i64::try_from(self.number() % width).unwrap_or(0)
    }

    /// One of `items`.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let place = usize::try_from(self.number() % items.len().max(1) as u64).unwrap_or(0);
        &items[place]
    }

    /// One of `items` by their weights.
    ///
    /// # Panics
    /// When there is none.
    pub fn weighted<'i, T>(&mut self, items: &'i [T], weight: impl Fn(&T) -> u32) -> &'i T {
        let sum: u64 = items.iter().map(|item| u64::from(weight(item))).sum();
        let mut left = self.number() % sum.max(1);
        for item in items {
            let width = u64::from(weight(item));
            if left < width {
                return item;
            }
            left -= width;
        }
        &items[0]
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.number() % 100 < percent
    }

    /// So many digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.number() % 10).unwrap_or(0))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_goes_on_the_same_way_and_bounds_hold() {
        let (mut a, mut b) = (Chance::new(7), Chance::new(7));
        let row: Vec<u64> = (0..50).map(|_| a.number()).collect();
        assert_eq!(row, (0..50).map(|_| b.number()).collect::<Vec<_>>());
        assert_ne!(row[0], Chance::new(8).number());
        let drawn: std::collections::BTreeSet<i64> = (0..500).map(|_| a.between(-2, 2)).collect();
        assert_eq!(drawn, (-2..=2).collect());
        assert_eq!(a.between(5, 4), 5);
        assert!((0..300).all(|_| *a.weighted(&[("never", 0), ("always", 3)], |item| item.1) == ("always", 3)));
        assert_eq!(a.digits(6).len(), 6);
    }
}
