//! Any text as a statement: it is refused, fails or runs; what ran means the same when it is read back.
#![no_main]

use domain::dates::date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|sql: &str| {
    let today = date(2025, 3, 14);
    let Ok(table) = store::probe(sql, today) else { return };
    match store::probe(&table.sql, today) {
        Ok(again) => assert_eq!(again.rows, table.rows, "{sql}\n{}", table.sql),
        // Our brackets count as depth.
        Err(error) => assert!(error.to_string().contains("recursion limit"), "{sql}\n{error}"),
    }
});
