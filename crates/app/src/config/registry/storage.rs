//! The settings of where data are kept and which processes share them.

use super::{Section, Setting};

/// In the order of the reference.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "BILLHOOK_DATA_DIR",
        flag: Some("data-dir"),
        section: Section::Storage,
        shape: "the path of a folder",
        default: "./billhook-data",
        doc: "The folder of the database, the original files and the generated API token. It is \
              made when it is missing. Back it up as a whole.",
        example: "/var/lib/billhook",
    },
    Setting {
        name: "DATABASE_URL",
        flag: None,
        section: Section::Storage,
        shape: "an address that begins with sqlite: or postgres://",
        default: "",
        doc: "The database: a file of SQLite, which is the default in the data folder, or a server \
              of PostgreSQL from version 15 on, which several processes can share.",
        example: "postgres://billhook:password@db.example.org/billhook",
    },
    Setting {
        name: "DATABASE_MIGRATION_URL",
        flag: None,
        section: Section::Storage,
        shape: "an address that begins with postgres://",
        default: "",
        doc: "The same database as its owner reaches it, for billhook migrate alone: it brings the tables \
              up to date and gives the users of the other two addresses the rights that they need. Row \
              policies then hold those users to one tenant at a time.",
        example: "postgres://billhook_owner:password@db.example.org/billhook",
    },
    Setting {
        name: "DATABASE_QUERY_URL",
        flag: None,
        section: Section::Storage,
        shape: "an address that begins with postgres://",
        default: "",
        doc: "The same database as a user reaches it who may only read. Without it, reads are done by the \
              user of DATABASE_URL, in transactions that cannot write.",
        example: "postgres://billhook_queries:password@db.example.org/billhook",
    },
    Setting {
        name: "BILLHOOK_DATABASE_CONNECTIONS",
        flag: Some("database-connections"),
        section: Section::Storage,
        shape: "a whole number from 4 to 400",
        default: "20",
        doc: "The most connections of this process to PostgreSQL: half of them write, half read. Two more \
              carry wake-ups. The server must allow two more than this for each process, and some for you: \
              with its default of 100, four processes. SQLite has its own.",
        example: "8",
    },
    Setting {
        name: "BILLHOOK_ROLE",
        flag: Some("role"),
        section: Section::Storage,
        shape: "all, web or worker",
        default: "all",
        doc: "What this process does. With PostgreSQL there may be any number of each: web takes \
              messages in, worker answers them, all does both. They share the data folder, \
              where the original files are.",
        example: "worker",
    },
    Setting {
        name: "S3_BUCKET",
        flag: Some("s3-bucket"),
        section: Section::Storage,
        shape: "the name of a bucket",
        default: "",
        doc: "The bucket of S3, or of a server that speaks like it, for the original files. Without it they are in the data folder.",
        example: "billhook-papers",
    },
    Setting {
        name: "S3_PREFIX",
        flag: Some("s3-prefix"),
        section: Section::Storage,
        shape: "letters, digits, dashes, points and slashes",
        default: "billhook",
        doc: "What every key in the bucket begins with.",
        example: "billhook",
    },
    Setting {
        name: "S3_ENCRYPTION",
        flag: Some("s3-encryption"),
        section: Section::Storage,
        shape: "AES256 or aws:kms",
        default: "",
        doc: "How the bucket encrypts what it keeps, asked for with every file. Without it, as the bucket is set up.",
        example: "AES256",
    },
    Setting {
        name: "AWS_REGION",
        flag: Some("aws-region"),
        section: Section::Storage,
        shape: "the name of a region",
        default: "us-east-1",
        doc: "The region of the bucket.",
        example: "eu-central-1",
    },
    Setting {
        name: "AWS_ENDPOINT_URL_S3",
        flag: Some("s3-endpoint"),
        section: Section::Storage,
        shape: "an address that begins with http:// or https://",
        default: "",
        doc: "The server of the bucket, if it is not Amazon. Buckets are then part of the path.",
        example: "https://s3.example.org",
    },
    Setting {
        name: "AWS_ACCESS_KEY_ID",
        flag: Some("aws-access-key-id"),
        section: Section::Storage,
        shape: "a word without blanks",
        default: "",
        doc: "The key that may read and write the bucket. Without it, the role of the machine or container.",
        example: "AKIAIOSFODNN7EXAMPLE",
    },
    Setting {
        name: "AWS_SECRET_ACCESS_KEY",
        flag: None,
        section: Section::Storage,
        shape: "a text without blanks",
        default: "",
        doc: "The secret of the key.",
        example: "...",
    },
    Setting {
        name: "AWS_SESSION_TOKEN",
        flag: None,
        section: Section::Storage,
        shape: "a text without blanks",
        default: "",
        doc: "The token that goes with a temporary key.",
        example: "...",
    },
    Setting {
        name: "AWS_ROLE_ARN",
        flag: Some("aws-role-arn"),
        section: Section::Storage,
        shape: "a word without blanks",
        default: "",
        doc: "The role that a cluster gives its containers; set by the cluster.",
        example: "arn:aws:iam::123456789012:role/billhook",
    },
    Setting {
        name: "AWS_WEB_IDENTITY_TOKEN_FILE",
        flag: Some("aws-web-identity-token-file"),
        section: Section::Storage,
        shape: "the path of a file",
        default: "",
        doc: "The file of the token that opens the role; set by the cluster.",
        example: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
    },
    Setting {
        name: "BILLHOOK_KEEP_MEDIA_DAYS",
        flag: Some("keep-media-days"),
        section: Section::Storage,
        shape: "a number of days from 1 to 36500, or forever",
        default: "90",
        doc: "For how long files are kept that no stored invoice has, and what a model has read in files. \
              Originals and PDFs of invoices stay as long as these.",
        example: "90",
    },
    Setting {
        name: "BILLHOOK_KEEP_MESSAGES_DAYS",
        flag: Some("keep-messages-days"),
        section: Section::Storage,
        shape: "a number of days from 1 to 36500, or forever",
        default: "365",
        doc: "For how long it is kept what people wrote and were told. Invoices and the audit trail stay.",
        example: "365",
    },
];
