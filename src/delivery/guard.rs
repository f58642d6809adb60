//! Where the gateway may call at all.
//!
//! An address comes from outside, so it may point inwards (server-side request forgery). The URL is checked before
//! anything is resolved; the resolver then hands the connection only addresses that were checked, so that a name that
//! changes its mind between check and connection gains nothing. Redirects are not followed and proxies not used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Neither http nor https.
    #[error("the address is neither http nor https")]
    Scheme,
    /// http where only https may be.
    #[error("the address is not https")]
    Insecure,
    /// A user name or password in the URL.
    #[error("the address carries a user name or password")]
    UserInfo,
    /// Private, loopback, link-local, multicast or reserved, and not listed as allowed.
    #[error("the address is not a public one")]
    NotPublic,
    /// A header of the channel can't be sent.
    #[error("a header of the channel can't be sent")]
    Header,
}

/// What may be called beside public https addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whether loopback may be called, also by http. For the demo and for tests.
    pub allow_loopback: bool,
    /// Private networks that may be called, as a region's own (Sjunet).
    pub allowed: Vec<Network>,
}

impl Guard {
    /// Checks what can be told without resolving the name.
    ///
    /// # Errors
    /// The first reason not to call it.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        match url.scheme() {
            "https" => {}
            "http" if self.allow_loopback && is_loopback_host(url) => {}
            "http" => return Err(Refusal::Insecure),
            _ => return Err(Refusal::Scheme),
        }
        match url.host() {
            Some(Host::Ipv4(ip)) => self.check_address(ip.into()),
            Some(Host::Ipv6(ip)) => self.check_address(ip.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Refusal::Scheme),
        }
    }

    /// Checks one resolved address.
    ///
    /// # Errors
    /// [`Refusal::NotPublic`]
    pub fn check_address(&self, address: IpAddr) -> Result<(), Refusal> {
        let address = address.to_canonical();
        let fits = is_public(address)
            || (self.allow_loopback && address.is_loopback())
            || self.allowed.iter().any(|network| network.contains(address));
        if fits { Ok(()) } else { Err(Refusal::NotPublic) }
    }

    /// Checks all that a name resolves to. One address that may not be called spoils the name: an honest name has none.
    fn check_all(&self, name: &str, addresses: &[SocketAddr]) -> Result<(), Refusal> {
        if name == "localhost" && addresses.iter().any(|address| !address.ip().is_loopback()) {
            return Err(Refusal::Insecure);
        }
        addresses.iter().try_for_each(|address| self.check_address(address.ip()))
    }
}

fn is_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// By the [IANA registry](https://www.iana.org/assignments/iana-ipv4-special-registry/) of special addresses.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !is_special
}

/// Of IPv6 only global unicast (`2000::/3`), without what carries an IPv4 address inside or is for documents.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || a == 0x3fff;
    a & 0xe000 == 0x2000 && !is_special
}

/// A network in CIDR form, as `10.20.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a network is written as 10.20.0.0/16 or fd00::/8")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (base, prefix) = text.split_once('/').ok_or(NoNetwork)?;
        let base: IpAddr = base.parse().map_err(|_| NoNetwork)?;
        let prefix: u8 = prefix.parse().map_err(|_| NoNetwork)?;
        let longest = if base.is_ipv4() { 32 } else { 128 };
        if prefix > longest { Err(NoNetwork) } else { Ok(Self { base, prefix }) }
    }
}

impl Network {
    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => {
                same_prefix(base.to_bits().into(), ip.to_bits().into(), 32, self.prefix)
            }
            (IpAddr::V6(base), IpAddr::V6(ip)) => same_prefix(base.to_bits(), ip.to_bits(), 128, self.prefix),
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, width: u8, prefix: u8) -> bool {
    (a ^ b).checked_shr(u32::from(width - prefix)).unwrap_or(0) == 0
}

/// The system's resolver behind the guard.
pub(super) struct GuardedResolver(pub(super) Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            guard.check_all(name.as_str(), &addresses)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, url: &str) -> Result<(), Refusal> {
        guard.check_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_https_to_public_addresses_is_called() {
        let guard = Guard::default();
        assert_eq!(check(&guard, "https://ehr.example/fhir"), Ok(()));
        assert_eq!(check(&guard, "https://193.10.1.1/"), Ok(()));
        assert_eq!(check(&guard, "http://ehr.example/fhir"), Err(Refusal::Insecure));
        assert_eq!(check(&guard, "ftp://ehr.example/"), Err(Refusal::Scheme));
        assert_eq!(check(&guard, "https://user:pass@ehr.example/"), Err(Refusal::UserInfo));
    }

    #[test]
    fn inward_addresses_are_refused_however_they_are_written() {
        for host in [
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[ff02::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "[::]",
        ] {
            assert_eq!(check(&Guard::default(), &format!("https://{host}/")), Err(Refusal::NotPublic), "{host}");
        }
    }

    #[test]
    fn loopback_is_called_only_where_it_is_allowed() {
        let guard = Guard { allow_loopback: true, ..Guard::default() };
        for url in ["http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]/", "https://127.0.0.1/"] {
            assert_eq!(check(&guard, url), Ok(()), "{url}");
        }
        assert_eq!(check(&guard, "http://10.0.0.1/"), Err(Refusal::Insecure));
        assert_eq!(check(&Guard::default(), "http://127.0.0.1:9000/"), Err(Refusal::Insecure));
    }

    #[test]
    fn a_listed_network_may_be_called() {
        let guard = Guard { allowed: vec!["10.20.0.0/16".parse().unwrap()], ..Guard::default() };
        assert_eq!(guard.check_address("10.20.255.1".parse().unwrap()), Ok(()));
        assert_eq!(guard.check_address("10.21.0.1".parse().unwrap()), Err(Refusal::NotPublic));
        assert_eq!("10.0.0.0/33".parse::<Network>(), Err(NoNetwork));
    }

    #[test]
    fn a_name_with_one_inward_address_is_refused_whole() {
        let addresses = ["193.10.1.1:0", "10.0.0.1:0"].map(|text| text.parse().unwrap());
        assert_eq!(Guard::default().check_all("ehr.example", &addresses), Err(Refusal::NotPublic));
        assert_eq!(Guard::default().check_all("ehr.example", &addresses[..1]), Ok(()));
    }
}
