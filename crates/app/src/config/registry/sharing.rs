//! The settings of what several processes share, and of what each sender may take of it.

use super::{Section, Setting};

/// In the order of the reference.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "REDIS_URL",
        flag: None,
        section: Section::Storage,
        shape: "an address that begins with redis:// or rediss:// and names a host",
        default: "",
        doc: "A server of Redis from version 6 on, through which processes wake one another and share \
              limits. It holds nothing that may not be lost: without it, or while it is away, work is \
              found through PostgreSQL and each process keeps limits of its own.",
        example: "redis://:password@cache.example.org:6379/0",
    },
    Setting {
        name: "REDIS_PREFIX",
        flag: Some("redis-prefix"),
        section: Section::Storage,
        shape: "a word without blanks",
        default: "billhook",
        doc: "What keys and channels in Redis begin with. Installations that share a server need \
              different ones.",
        example: "billhook-test",
    },
    Setting {
        name: "BILLHOOK_RATE_LIMIT",
        flag: Some("rate-limit"),
        section: Section::WhatsApp,
        shape: "a whole number from 0 to 100000",
        default: "120",
        doc: "How many messages of one sender are answered in a minute. What is more waits its turn, and \
              the sender is told so; nothing is lost. 0: no limit.",
        example: "60",
    },
];
