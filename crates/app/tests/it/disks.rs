//! F19: no space left, under the database or under the log. What cannot be stored is not accepted, a log that
//! cannot be written stops nothing, and space heals everything.

#![cfg(target_os = "linux")]
#![expect(clippy::arithmetic_side_effects, reason = "counts of a few thousand")]

use crate::{
    wired::{assert_clean, twilio},
    world::{World, eventually, sid},
};
use reqwest::Method;
use std::path::{Path, PathBuf};
use testkit::own_postgres::OwnPostgres;
use tokio::process::Command;

/// A small disk of memory; nothing where we may not make one.
struct Disk(PathBuf);

impl Disk {
    async fn at(folder: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "billhook-test"]).arg(folder);
        mount.output().await.ok()?.status.success().then(|| Self(folder.to_owned()))
    }

    fn fill(&self) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.0.join("ballast")).unwrap();
        while file.write_all(&[7; 4_096]).is_ok() {}
        while file.write_all(&[7]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Fills the disk that a running Billhook stores on, and sends until it refuses; then frees it. Returns what
/// it said about its readiness meanwhile.
async fn fills_up(world: &World, disk: &Disk) -> u16 {
    assert_eq!(world.whatsapp(&sid(0), "hello").await.status(), 200);
    world.settled().await;
    disk.fill();
    // What is already allocated may take a few more; each 200 must have been kept.
    let (mut accepted, mut number) = (1, 0);
    for _ in 0..20 {
        let mut refused = 0;
        while refused < 5 {
            number += 1;
            assert!(number < 5_000, "a full disk refuses in the end");
            let text = format!("hello {}", "well then ".repeat(100));
            match world.whatsapp(&sid(number), &text).await.status().as_u16() {
                200 => accepted += 1,
                other => {
                    assert_eq!(other, 503);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
    let ready = world.get("/readyz").send().await.unwrap().status();
    let parts = world.api(Method::GET, "/health/dependencies").send().await.unwrap().status();
    assert_eq!(ready, parts, "both say the same");
    disk.free();
    for number in 1..=number {
        eventually("it is accepted", || async {
            (world.whatsapp(&sid(number), "hello").await.status() == 200).then_some(())
        })
        .await;
    }
    world.settled().await;
    let all = usize::try_from(number).unwrap() + 1;
    assert_eq!(world.replies().len(), all, "{accepted} were accepted on the full disk");
    assert_eq!(world.queue().await["dead"], 0);
    assert_clean(world).await;
    ready.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_on_a_full_disk_nothing_is_accepted_and_space_heals_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::at(folder.path()).await else { return };
    let data = folder.path().join("data").display().to_string();
    let settings = [("BILLHOOK_DATA_DIR", data.as_str()), ("BILLHOOK_RATE_LIMIT", "0")];
    let world = World::with(&settings, Some(twilio().await)).await;
    assert_eq!(fills_up(&world, &disk).await, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_a_server_without_space_for_rows_accepts_nothing_and_space_heals_it() {
    let Some(server) = OwnPostgres::start().await else { return };
    let small = server.folder().join("small");
    std::fs::create_dir(&small).unwrap();
    let Some(disk) = Disk::at(&small).await else { return };
    server.give(&small).await;
    let pool = sqlx::PgPool::connect(&server.url()).await.unwrap();
    let make = format!("CREATE TABLESPACE small LOCATION '{}'", small.display());
    sqlx::query(sqlx::AssertSqlSafe(make)).execute(&pool).await.unwrap();
    sqlx::query("ALTER DATABASE postgres SET default_tablespace = small")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let url = server.url();
    let settings = [("DATABASE_URL", url.as_str()), ("BILLHOOK_RATE_LIMIT", "0")];
    let world = World::with(&settings, Some(twilio().await)).await;
    fills_up(&world, &disk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_a_log_that_cannot_be_written_stops_nothing() {
    let mut world = World::with_twilio().await;
    world.kill().await;
    // Each write to it fails for want of space.
    world.restart_logging_to(Path::new("/dev/full")).await;
    for number in 0..20 {
        assert_eq!(world.whatsapp(&sid(number), "hello").await.status(), 200);
    }
    world.settled().await;
    assert_eq!(world.replies().len(), 20);
    assert!(world.stop().await);
    world.restart().await;
    assert_clean(&world).await;
}
