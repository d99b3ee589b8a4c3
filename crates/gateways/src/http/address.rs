//! Which addresses may be reached by a foreign name. What was judged is what is connected to: the
//! addresses handed to the connector are the ones that passed.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// Resolves names and drops private addresses, but for trusted names.
pub(super) struct Guarded {
    trusted: Arc<[String]>,
}

impl Guarded {
    pub(super) const fn new(trusted: Arc<[String]>) -> Self {
        Self { trusted }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let trusted = Arc::clone(&self.trusted);
        Box::pin(async move {
            let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            let is_trusted = trusted.contains(&host);
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|found| is_trusted || is_public(found.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no public address".into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Returns whether an address belongs to the public internet (IANA special-purpose registries).
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 224.., ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _)
        );
    !special
}

/// Only global unicast (2000::/3), without the ranges that carry an IPv4 address or are reserved.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_global = (a >> 13) == 1;
    let embeds_or_reserved = a == 0x2002 || (a == 0x2001 && (b < 0x0200 || b == 0x0db8));
    let documentation = a == 0x3fff && b < 0x1000;
    is_global && !embeds_or_reserved && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("127.0.0.1")]
    #[case("10.1.2.3")]
    #[case("172.16.0.1")]
    #[case("192.168.1.1")]
    #[case("169.254.169.254")]
    #[case("100.64.0.1")]
    #[case("0.0.0.0")]
    #[case("198.18.0.1")]
    #[case("224.0.0.1")]
    #[case("255.255.255.255")]
    #[case("::1")]
    #[case("::")]
    #[case("::ffff:127.0.0.1")]
    #[case("::ffff:8.8.8.8")]
    #[case("64:ff9b::7f00:1")]
    #[case("2002:7f00:1::")]
    #[case("fe80::1")]
    #[case("fd00::1")]
    #[case("ff02::1")]
    #[case("2001:db8::1")]
    fn addresses_inside_are_not_public(#[case] ip: &str) {
        assert!(!is_public(ip.parse().unwrap()));
    }

    #[rstest]
    #[case("8.8.8.8")]
    #[case("100.128.0.1")]
    #[case("172.32.0.1")]
    #[case("2606:4700::1111")]
    #[case("2001:4860:4860::8888")]
    fn ordinary_addresses_are_public(#[case] ip: &str) {
        assert!(is_public(ip.parse().unwrap()));
    }
}
