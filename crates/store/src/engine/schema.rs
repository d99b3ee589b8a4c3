//! How old a schema is, compared with what a program knows.

use sqlx::migrate::Migrator;
use std::collections::BTreeMap;

/// Asks a schema for the oldest program that can work with it.
pub const OLDEST_PROGRAM: &str = "SELECT CAST(MAX(knows) AS BIGINT) FROM _oldest_program";

/// What a schema is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As this program knows it, or with additions of newer ones that leave to it what it needs.
    Ready,
    /// Migrations are missing.
    Older,
    /// Only newer programs can work with it.
    Newer,
}

impl Standing {
    /// Compares the migrations that a schema has seen, by version and checksum, with those of a program.
    pub fn of(migrations: &Migrator, seen: &BTreeMap<i64, Vec<u8>>, oldest: Option<i64>) -> Self {
        let known = || migrations.iter().map(|migration| (migration.version, &*migration.checksum));
        let last = known().map(|(version, _)| version).max().unwrap_or_default();
        let is_changed = |(version, sum): (i64, &[u8])| {
            seen.get(&version).is_some_and(|seen| seen.as_slice() != sum)
        };
        let is_complete = known().all(|(version, _)| seen.contains_key(&version));
        let mut others = seen.keys().filter(|seen| known().all(|(version, _)| version != **seen));
        let is_ahead = others.clone().next().is_some();
        let is_after = others.all(|version| *version > last);
        let is_enough = is_complete && is_after && oldest.is_some_and(|oldest| oldest <= last);
        if known().any(is_changed) || (is_ahead && !is_enough) {
            return Self::Newer;
        }
        if is_complete { Self::Ready } else { Self::Older }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

    fn standing(change: impl Fn(&mut BTreeMap<i64, Vec<u8>>), oldest: Option<i64>) -> Standing {
        let all = MIGRATIONS.iter();
        let mut seen = all.map(|one| (one.version, one.checksum.to_vec())).collect();
        change(&mut seen);
        Standing::of(&MIGRATIONS, &seen, oldest)
    }

    #[test]
    fn f70_what_newer_programs_have_added_is_worked_with_where_they_say_so() {
        let last = MIGRATIONS.iter().map(|one| one.version).max().unwrap();
        assert_eq!(standing(|_| (), Some(last)), Standing::Ready);
        assert_eq!(standing(BTreeMap::clear, None), Standing::Older);
        let add = |seen: &mut BTreeMap<i64, Vec<u8>>| drop(seen.insert(last + 1, vec![1]));
        assert_eq!(standing(add, Some(last)), Standing::Ready);
        assert_eq!(standing(add, Some(last + 1)), Standing::Newer);
        assert_eq!(standing(add, None), Standing::Newer);
        let lack = |seen: &mut BTreeMap<i64, Vec<u8>>| drop((add(seen), seen.remove(&last)));
        assert_eq!(standing(lack, Some(1)), Standing::Newer, "another history than ours");
        let change = |seen: &mut BTreeMap<i64, Vec<u8>>| drop(seen.insert(1, vec![1]));
        assert_eq!(standing(change, Some(1)), Standing::Newer);
    }
}
