//! Choices that a seed repeats.

/// A source of choices; the same seed makes the same ones.
pub struct Chance(u64);

impl Chance {
    pub const fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from one up to and with another.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from + 1).unwrap();
        from + i64::try_from(self.next() % span).unwrap()
    }

    /// Returns true in so many of a hundred cases.
    pub fn percent(&mut self, share: i64) -> bool {
        self.between(0, 99) < share
    }

    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        let at = self.between(0, i64::try_from(choices.len()).unwrap() - 1);
        choices[usize::try_from(at).unwrap()]
    }

    /// Returns so many digits, the first of them not 0.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|at| self.between(i64::from(at == 0), 9).to_string()).collect()
    }

    pub fn word<'a>(&mut self, choices: &'a [String]) -> &'a str {
        let at = self.between(0, i64::try_from(choices.len()).unwrap() - 1);
        &choices[usize::try_from(at).unwrap()]
    }
}
