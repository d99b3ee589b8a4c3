//! Tenants, members and conversations, made when a sender is first seen.

use super::{Sqlite, Write, failure::failed, row};
use crate::codec;
use domain::{
    message::{ChannelKind, OWNER},
    tenant::{Habits, Sender},
};
use ports::store::StoreResult;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// Where a sender is found.
#[derive(Clone, Copy)]
pub struct Address<'a> {
    /// The channel.
    pub channel: ChannelKind,
    /// His address in it.
    pub from: &'a str,
}

impl Address<'_> {
    /// Returns whether this is the owner of the installation, whose book all of his channels share.
    fn is_owner(self) -> bool {
        self.channel != ChannelKind::Twilio && self.from == OWNER
    }
}

/// Returns a sender who was seen before.
pub async fn known(
    connection: &mut SqliteConnection,
    address: Address<'_>,
) -> StoreResult<Option<Sender>> {
    let row = sqlx::query(
        "SELECT members.tenant, members.id AS member, conversations.id AS conversation, \
         tenants.habits FROM members \
         JOIN tenants ON tenants.id = members.tenant \
         JOIN conversations ON conversations.member = members.id \
         WHERE members.channel = $1 AND members.address = $2",
    )
    .bind(address.channel.word())
    .bind(address.from)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(read).transpose()
}

/// Returns the sender of a row with `tenant`, `member`, `conversation` and `habits`.
pub fn read(row: &SqliteRow) -> StoreResult<Sender> {
    Ok(Sender {
        tenant: row::parsed(row, "tenant")?,
        member: row::parsed(row, "member")?,
        conversation: row::parsed(row, "conversation")?,
        habits: codec::from_json(&row::text(row, "habits")?, "habits")?,
    })
}

impl Sqlite {
    /// Returns a sender, made if he is new.
    pub(super) async fn known_or_new(
        &self,
        write: &mut Write,
        address: Address<'_>,
        habits: &Habits,
    ) -> StoreResult<Sender> {
        if let Some(sender) = known(write, address).await? {
            return Ok(sender);
        }
        let tenant = self.tenant_for(write, address, habits).await?;
        let (member, now) = (self.new_id(), self.now());
        sqlx::query(
            "INSERT INTO members (id, tenant, channel, address, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&member)
        .bind(&tenant)
        .bind(address.channel.word())
        .bind(address.from)
        .bind(now)
        .execute(&mut **write)
        .await
        .map_err(failed)?;
        sqlx::query(
            "INSERT INTO conversations (id, tenant, member, memory, places) \
             VALUES ($1, $2, $3, '{}', 0)",
        )
        .bind(self.new_id())
        .bind(&tenant)
        .bind(&member)
        .execute(&mut **write)
        .await
        .map_err(failed)?;
        known(write, address).await?.ok_or_else(|| failed(sqlx::Error::RowNotFound))
    }

    /// Returns the owner's tenant, or makes a new one.
    async fn tenant_for(
        &self,
        write: &mut Write,
        address: Address<'_>,
        habits: &Habits,
    ) -> StoreResult<String> {
        if address.is_owner() {
            let row = sqlx::query("SELECT id FROM tenants WHERE is_owner = 1")
                .fetch_optional(&mut **write)
                .await
                .map_err(failed)?;
            if let Some(row) = row {
                return row::text(&row, "id");
            }
        }
        let tenant = self.new_id();
        sqlx::query(
            "INSERT INTO tenants (id, is_owner, habits, created_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&tenant)
        .bind(i64::from(address.is_owner()))
        .bind(codec::json(habits)?)
        .bind(self.now())
        .execute(&mut **write)
        .await
        .map_err(failed)?;
        Ok(tenant)
    }
}
