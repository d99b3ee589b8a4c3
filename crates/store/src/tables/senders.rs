//! Tenants, members and conversations, made when a sender is first seen.

use crate::{
    Database, codec,
    engine::{Connection, Row, Write, query, row},
};
use domain::{
    message::{ChannelKind, OWNER},
    tenant::{Habits, Sender},
};
use ports::store::{StoreError, StoreResult};

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
    pub fn is_owner(self) -> bool {
        self.channel != ChannelKind::Twilio && self.from == OWNER
    }
}

/// Returns a sender who was seen before.
pub async fn known(
    connection: &mut Connection,
    address: Address<'_>,
) -> StoreResult<Option<Sender>> {
    let row = query(
        "SELECT members.tenant, members.id AS member, conversations.id AS conversation, \
         tenants.habits FROM members \
         JOIN tenants ON tenants.id = members.tenant \
         JOIN conversations ON conversations.member = members.id \
         WHERE members.channel = $1 AND members.address = $2",
    )
    .bind(address.channel.word())
    .bind(address.from)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Returns the sender of a row with `tenant`, `member`, `conversation` and `habits`.
pub fn read(row: &Row) -> StoreResult<Sender> {
    Ok(Sender {
        tenant: row::parsed(row, "tenant")?,
        member: row::parsed(row, "member")?,
        conversation: row::parsed(row, "conversation")?,
        habits: codec::from_json(&row::text(row, "habits")?, "habits")?,
    })
}

impl Database {
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
        query(
            "INSERT INTO members (id, tenant, channel, address, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&member)
        .bind(&tenant)
        .bind(address.channel.word())
        .bind(address.from)
        .bind(now)
        .execute(write)
        .await?;
        query(
            "INSERT INTO conversations (id, tenant, member, memory, places) \
             VALUES ($1, $2, $3, '{}', 0)",
        )
        .bind(self.new_id())
        .bind(&tenant)
        .bind(&member)
        .execute(write)
        .await?;
        known(write, address).await?.ok_or(StoreError::Malformed("a new sender"))
    }

    /// Returns the owner's tenant, or makes a new one.
    async fn tenant_for(
        &self,
        write: &mut Write,
        address: Address<'_>,
        habits: &Habits,
    ) -> StoreResult<String> {
        if address.is_owner() {
            let row =
                query("SELECT id FROM tenants WHERE is_owner = 1").fetch_optional(write).await?;
            if let Some(row) = row {
                return row::text(&row, "id");
            }
        }
        let tenant = self.new_id();
        query("INSERT INTO tenants (id, is_owner, habits, created_at) VALUES ($1, $2, $3, $4)")
            .bind(&tenant)
            .bind(i64::from(address.is_owner()))
            .bind(codec::json(habits)?)
            .bind(self.now())
            .execute(write)
            .await?;
        Ok(tenant)
    }
}
