//! The process itself, in the names that dashboards everywhere know. Most of it only Linux tells.

use super::{meters, scrape::number};
use metrics::{counter, gauge};

/// How many bytes a page of memory has, and how many clock ticks a second, on every Linux that we
/// run on.
const PAGE_BYTES: f64 = 4096.0;
const TICKS_A_SECOND: u64 = 100;

/// Sets tasks, and memory, processor time and open files where the system tells them.
pub fn set_gauges() {
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    gauge!(meters::TASKS).set(number(u64::try_from(tasks).unwrap_or(u64::MAX)));
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if let Some((ticks, pages)) = of_stat(&stat) {
        counter!("process_cpu_seconds_total").absolute(ticks / TICKS_A_SECOND);
        gauge!("process_resident_memory_bytes").set(number(pages) * PAGE_BYTES);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        let open = u64::try_from(files.count()).unwrap_or(0);
        gauge!("process_open_fds").set(number(open));
    }
}

/// Returns ticks of processor time and pages in memory from a line of `proc_pid_stat(5)`.
fn of_stat(stat: &str) -> Option<(u64, u64)> {
    // The name in brackets may hold anything; the state, field 3, comes after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number.checked_sub(3)?)?.parse::<u64>().ok();
    Some((field(14)?.checked_add(field(15)?)?, field(24)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_does_not_shift_the_fields() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194304 9 0 0 0 150 50 3 4 20 0 9 0 100 5000 1234 0 0";
        assert_eq!(of_stat(stat), Some((200, 1234)));
        assert_eq!(of_stat("7 (x) S 1"), None);
    }
}
