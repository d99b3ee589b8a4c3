//! Senders who are seen for the first time at the same moment are made together.

use super::{intake::by_powers_of_two, senders::Address};
use crate::{
    Database,
    engine::{Bind, Sql, Write},
};
use ports::store::StoreResult;

/// A sender who is to be made; never the owner.
pub struct Newcomer<'a> {
    /// Where he is found.
    pub address: Address<'a>,
    /// His habits as JSON.
    pub habits: &'a str,
}

impl Database {
    /// Makes a book and a conversation for each of these and returns both, in the same order.
    ///
    /// # Errors
    ///
    /// A conflict if one of them is there already, or is being made by somebody else.
    pub(super) async fn make_homes(
        &self,
        write: &mut Write,
        all: &[Newcomer<'_>],
    ) -> StoreResult<Vec<(String, String)>> {
        let now = self.now();
        let mut homes = Vec::with_capacity(all.len());
        for part in by_powers_of_two(all) {
            let ids = part.iter().map(|_| [self.new_id(), self.new_id(), self.new_id()]);
            let made: Vec<(&Newcomer<'_>, [String; 3])> = part.iter().zip(ids).collect();
            let mut sql = Sql::new("INSERT INTO tenants (id, is_owner, habits, created_at) ");
            sql.values(made.iter().map(|(new, [tenant, ..])| {
                [Bind::from(tenant), 0_i64.into(), Bind::from(new.habits), now.into()]
            }));
            sql.run(write).await?;
            let mut sql =
                Sql::new("INSERT INTO members (id, tenant, channel, address, created_at) ");
            sql.values(made.iter().map(|(new, [tenant, member, _])| {
                let Address { channel, from } = new.address;
                let [member, tenant] = [member, tenant].map(Bind::from);
                [member, tenant, channel.word().into(), Bind::from(from), now.into()]
            }));
            sql.run(write).await?;
            let mut sql =
                Sql::new("INSERT INTO conversations (id, tenant, member, memory, places) ");
            sql.values(made.iter().map(|(_, [tenant, member, conversation])| {
                let [conversation, tenant, member] = [conversation, tenant, member].map(Bind::from);
                [conversation, tenant, member, "{}".into(), 0_i64.into()]
            }));
            sql.run(write).await?;
            let home = |(_, [tenant, _, conversation]): (_, [String; 3])| (tenant, conversation);
            homes.extend(made.into_iter().map(home));
        }
        Ok(homes)
    }
}
