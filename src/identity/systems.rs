//! The systems that numbers of people and organisations stand in: the URI to write, and every URI and OID to accept.
//!
//! Sources: HL7 Sweden base 1.1.0; the RIV-TA code system list; for the regions' own reservnummer HL7 Sweden's
//! unreleased branch.

/// HSA-id, as HL7 Sweden writes it: the one to emit.
pub const HSA_ID: &str = "urn:oid:1.2.752.29.4.19";
/// HSA-id, as Inera and RIV-TA write it: the same values.
pub const HSA_ID_INERA: &str = "urn:oid:1.2.752.129.2.1.4.1";
/// Organisationsnummer.
pub const ORGANISATIONSNUMMER: &str = "urn:oid:2.5.4.97";

/// A system of numbers of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonSystem {
    /// Personnummer.
    Personnummer,
    /// Samordningsnummer.
    Samordningsnummer,
    /// National reservnummer.
    Reservnummer,
    /// Region Västerbotten's own reservnummer.
    ReservnummerVasterbotten,
    /// Region Sörmland's own reservnummer, first series.
    ReservnummerSormland1,
    /// Region Sörmland's own reservnummer, second series.
    ReservnummerSormland2,
    /// Västra Götalandsregionen's own reservnummer (LRID).
    ReservnummerVgrLrid,
    /// Västra Götalandsregionen's own reservnummer (GRID).
    ReservnummerVgrGrid,
}

impl PersonSystem {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Personnummer,
        Self::Samordningsnummer,
        Self::Reservnummer,
        Self::ReservnummerVasterbotten,
        Self::ReservnummerSormland1,
        Self::ReservnummerSormland2,
        Self::ReservnummerVgrLrid,
        Self::ReservnummerVgrGrid,
    ];

    /// The URI to write.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Personnummer => "http://electronichealth.se/identifier/personnummer",
            Self::Samordningsnummer => "http://electronichealth.se/identifier/samordningsnummer",
            Self::Reservnummer => "http://electronichealth.se/identifier/nationelltReservnummer",
            Self::ReservnummerVasterbotten => "urn:oid:1.2.752.74.9.7",
            Self::ReservnummerSormland1 => "urn:oid:1.2.752.266.1.1.1",
            Self::ReservnummerSormland2 => "urn:oid:1.2.752.266.1.1.2",
            Self::ReservnummerVgrLrid => "urn:oid:1.2.752.113.11.0.2.1.1.1",
            Self::ReservnummerVgrGrid => "urn:oid:1.2.752.113.11.0.2.1.1.4",
        }
    }

    /// The OID, as RIV-TA writes it.
    pub fn oid(self) -> &'static str {
        match self {
            Self::Personnummer => "1.2.752.129.2.1.3.1",
            Self::Samordningsnummer => "1.2.752.129.2.1.3.3",
            Self::Reservnummer => "1.2.752.74.9.1",
            local => local.uri().strip_prefix("urn:oid:").unwrap_or_default(),
        }
    }

    /// The system behind a URI, a `urn:oid:` or a bare OID; `None` when it is none of these.
    pub fn of(uri_or_oid: &str) -> Option<Self> {
        let named = uri_or_oid.trim();
        let oid = named.strip_prefix("urn:oid:").unwrap_or(named);
        Self::ALL.into_iter().find(|system| system.uri() == named || system.oid() == oid)
    }

    /// Whether its numbers are reservnummer, national or local.
    pub fn holds_reservnummer(self) -> bool {
        !matches!(self, Self::Personnummer | Self::Samordningsnummer)
    }
}

/// Whether a URI, `urn:oid:` or bare OID names the HSA-id in one of its two spellings.
pub fn is_hsa_id(uri_or_oid: &str) -> bool {
    let oid = uri_or_oid.trim();
    let bare = oid.strip_prefix("urn:oid:").unwrap_or(oid);
    [HSA_ID, HSA_ID_INERA].iter().any(|known| known.strip_prefix("urn:oid:") == Some(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_is_found_by_uri_urn_and_oid() {
        for system in PersonSystem::ALL {
            let urn = format!("urn:oid:{}", system.oid());
            for name in [system.uri(), system.oid(), urn.as_str()] {
                assert_eq!(PersonSystem::of(name), Some(system), "{name}");
            }
        }
    }

    #[test]
    fn other_systems_are_not() {
        for name in ["", "urn:oid:", "http://snomed.info/sct", HSA_ID, "1.2.752.74.9"] {
            assert_eq!(PersonSystem::of(name), None, "{name}");
        }
    }

    #[test]
    fn the_hsa_id_has_two_oids() {
        for name in [HSA_ID, HSA_ID_INERA, "1.2.752.29.4.19", "1.2.752.129.2.1.4.1"] {
            assert!(is_hsa_id(name), "{name}");
        }
        assert!(!is_hsa_id(ORGANISATIONSNUMMER));
    }
}
