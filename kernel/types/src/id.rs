//! 64-bit ids, ordered by time, made by the application.
//!
//! Layout, from the top: sign 0 · 41 bits milliseconds since 2020-01-01 UTC · 8 bits node · 14 bits sequence.
//! Numbers this large lose digits in JavaScript, so in JSON an id is a string.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Milliseconds between 1970 and 2020, the start of our count.
const EPOCH_MS: i64 = 1_577_836_800_000;
const NODE_BITS: u32 = 8;
const SEQUENCE_BITS: u32 = 14;
/// How many nodes may run at once.
pub const NODES_MAX: i64 = 1 << NODE_BITS;

/// An id of anything that has a row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

impl Id {
    /// The moment the id was made, in milliseconds since 1970.
    pub fn unix_ms(self) -> i64 {
        (self.0 >> (NODE_BITS + SEQUENCE_BITS)) + EPOCH_MS
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Id)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id as a string of digits")
            }
            fn visit_str<E: de::Error>(self, s: &str) -> Result<Id, E> {
                s.parse().map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Id, E> {
                Ok(Id(n))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Id, E> {
                i64::try_from(n).map(Id).map_err(E::custom)
            }
        }
        d.deserialize_any(Visitor)
    }
}

/// Makes ids for one node; never the same one twice and never a smaller one later, also when the
/// machine's clock goes back: then it goes on counting from the last moment it used.
pub struct IdMaker {
    node: std::sync::atomic::AtomicI64,
    /// Last used milliseconds and sequence, packed.
    last: std::sync::atomic::AtomicI64,
}

impl IdMaker {
    /// A maker for `node` (0 to 255, leased in the database). `floor` is the largest id already stored,
    /// so that a clock that went back while the program was off cannot repeat an id.
    pub fn new(node: i64, floor: Option<Id>) -> Self {
        assert!((0..NODES_MAX).contains(&node), "node number out of range");
        let last = floor.map_or(0, |id| {
            let ms = id.0 >> (NODE_BITS + SEQUENCE_BITS);
            (ms + 1) << SEQUENCE_BITS
        });
        Self { node: node.into(), last: last.into() }
    }

    /// Goes on under another node number, after the old one was lost; `floor` as for [`IdMaker::new`].
    pub fn renumber(&self, node: i64, floor: Option<Id>) {
        use std::sync::atomic::Ordering::SeqCst;
        let fresh = Self::new(node, floor);
        self.last.fetch_max(fresh.last.load(SeqCst), SeqCst);
        self.node.store(node, SeqCst);
    }

    /// Reserves `count` ids (fewer than 16,384) with increasing values; `now_ms` is milliseconds since 1970.
    pub fn reserve(&self, now_ms: i64, count: u16) -> IdBlock {
        use std::sync::atomic::Ordering::{AcqRel, Acquire};
        let node = self.node.load(Acquire);
        let fresh = (now_ms - EPOCH_MS).max(0) << SEQUENCE_BITS;
        let count = i64::from(count);
        assert!(count < 1 << SEQUENCE_BITS, "a block of ids must fit into one millisecond");
        let mut last = self.last.load(Acquire);
        loop {
            let mut start = fresh.max(last);
            // A block never crosses a millisecond, so that its ids differ only in the sequence.
            if (start & ((1 << SEQUENCE_BITS) - 1)) + count >= 1 << SEQUENCE_BITS {
                start = ((start >> SEQUENCE_BITS) + 1) << SEQUENCE_BITS;
            }
            match self.last.compare_exchange_weak(last, start + count, AcqRel, Acquire) {
                Ok(_) => {
                    let ms = start >> SEQUENCE_BITS;
                    let sequence = start & ((1 << SEQUENCE_BITS) - 1);
                    let first = (((ms << NODE_BITS) | node) << SEQUENCE_BITS) | sequence;
                    return IdBlock { next: first, end: first + count };
                }
                Err(seen) => last = seen,
            }
        }
    }
}

/// Ids drawn before a write begins; drawing from it is deterministic, so a closure that runs twice
/// gives the same ids twice.
#[derive(Debug, Clone, Copy)]
pub struct IdBlock {
    next: i64,
    end: i64,
}

impl IdBlock {
    /// The node number under which the block was reserved.
    pub fn node(&self) -> i64 {
        (self.end >> SEQUENCE_BITS) & (NODES_MAX - 1)
    }

    /// The next id, or `None` when the block is used up.
    pub fn draw(&mut self) -> Option<Id> {
        (self.next < self.end).then(|| {
            let id = Id(self.next);
            self.next += 1;
            id
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_never_repeat_even_when_the_clock_goes_back() {
        let maker = IdMaker::new(3, None);
        let mut last = Id(0);
        for now in [1_800_000_000_000, 1_800_000_000_000, 1_799_999_000_000, 1_800_000_000_001] {
            let mut block = maker.reserve(now, 5000);
            while let Some(id) = block.draw() {
                assert!(id > last, "{id:?} after {last:?}");
                last = id;
            }
        }
        let after_restart = IdMaker::new(3, Some(last)).reserve(1_700_000_000_000, 1).draw().unwrap();
        assert!(after_restart > last);
    }

    #[test]
    fn under_another_number_ids_grow_on() {
        let maker = IdMaker::new(3, None);
        let block = maker.reserve(1_800_000_000_000, 9);
        assert_eq!(block.node(), 3);
        let before = maker.reserve(1_800_000_000_000, 1).draw().unwrap();
        maker.renumber(200, Some(Id(before.0 + (5 << 22))));
        let mut after = maker.reserve(1_800_000_000_000, 16_000);
        assert_eq!(after.node(), 200);
        assert!(after.draw().unwrap().0 > before.0 + (5 << 22));
    }

    #[test]
    fn an_id_is_a_string_in_json() {
        let id = Id(9_007_199_254_740_993);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<Id>("\"9007199254740993\"").unwrap(), id);
        assert!(serde_json::from_str::<Id>("\"x\"").is_err());
    }
}
