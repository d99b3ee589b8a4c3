//! F20: processes that share a database share its clock, whatever their own says.

use crate::{
    wired::{assert_clean, twilio},
    world::{World, sid},
};
use sqlx::PgPool;
use testkit::postgres::fresh_schema;

/// Lets the database be as much ahead of this machine and returns its address.
async fn ahead_by(interval: &str) -> Option<String> {
    let url = fresh_schema().await?;
    let pool = PgPool::connect(&url).await.unwrap();
    let make = format!(
        "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
         $$ SELECT pg_catalog.clock_timestamp() + INTERVAL '{interval}' $$"
    );
    sqlx::query(sqlx::AssertSqlSafe(make)).execute(&pool).await.unwrap();
    pool.close().await;
    // What stands in the schema goes before what the server brings with it.
    Some(format!("{url},pg_catalog"))
}

#[tokio::test(flavor = "multi_thread")]
async fn f20_a_machine_whose_clock_is_wrong_takes_the_time_from_the_database() {
    for interval in ["1 hour", "-1 hour", "10 years", "0"] {
        let Some(url) = ahead_by(interval).await else { return };
        let world = World::with(&[("DATABASE_URL", &url)], Some(twilio().await)).await;
        for number in 0..3 {
            assert_eq!(world.whatsapp(&sid(number), "hello").await.status(), 200);
            world.settled().await;
        }
        assert_eq!(world.replies().len(), 3);
        let pool = PgPool::connect(&url).await.unwrap();
        let off = "SELECT MAX(ABS(at - EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000))::BIGINT FROM \
                   (SELECT received_at AS at FROM inbound UNION ALL SELECT ended_at FROM jobs \
                   UNION ALL SELECT ended_at FROM outbound) AS stored";
        let (off,): (i64,) = sqlx::query_as(off).fetch_one(&pool).await.unwrap();
        assert!(off < 300_000, "{interval}: {off} ms off the clock of the database");
        assert_clean(&world).await;
    }
}
