//! Billhook as a whole: the real executable against stand-ins of the services it talks to.

#[cfg(test)]
mod api;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod bucket;
#[cfg(test)]
mod cache;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod chores;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod crashes;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod day;
#[cfg(test)]
mod disks;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod endurance;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod evals;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fencing;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod missed;
#[cfg(test)]
mod model;
#[cfg(test)]
mod modelless;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod order;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod points;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod restarts;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod soak;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod stalls;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod strain;
#[cfg(test)]
mod upgrades;
#[cfg(test)]
mod users;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wired;
#[cfg(test)]
mod world;
