//! A little county: a region with a hälsocentral, two kommuner with a unit each, and a resident of one of them.

use super::messages::*;
use super::*;

/// The resident, whom the region registered and Umeå enrolled.
pub const RESIDENT: &str = "Patient/resident";

impl Gateway {
    /// A gateway with the county's organisations.
    pub async fn county() -> Self {
        let gateway = Self::start().await;
        let region = [
            caregiver("region", REGION.organisation, "region"),
            unit("hc", "SE2321000222-HC01", "halsocentral", "region"),
        ];
        let umea = [
            caregiver("umea", UMEA.organisation, "kommun"),
            unit("boende", "SE2120002627-B001", "sarskilt-boende", "umea"),
        ];
        let skelleftea = [
            caregiver("skelleftea", SKELLEFTEA.organisation, "kommun"),
            unit("annat-boende", "SE2120002643-B001", "sarskilt-boende", "skelleftea"),
        ];
        for (role, organisations) in [(REGION, region), (UMEA, umea), (SKELLEFTEA, skelleftea)] {
            let entries: Vec<_> = organisations.iter().map(put).collect();
            gateway.by(&role).post("/fhir", &bundle("transaction", &entries)).await.expect(200);
        }
        gateway
    }

    /// The same with [`RESIDENT`] at Umeå's unit.
    pub async fn with_resident() -> Self {
        let gateway = Self::county().await;
        gateway.by(&REGION).store(&patient("resident", NUMBER)).await;
        gateway.by(&UMEA).store(&enrolment("enrolment", RESIDENT, "boende")).await;
        gateway
    }

    /// The resident's list of these medicines, sent by the region; the reference of the list.
    pub async fn list_of(&self, drugs: &[&str]) -> String {
        let reply = self.by(&REGION).post("/fhir", &list_with_statements(RESIDENT, drugs)).await.expect(200);
        local(reply.json()["entry"][0]["response"]["location"].as_str().unwrap())
    }
}

/// `Type/id` of a versioned location.
pub fn local(location: &str) -> String {
    let (unversioned, _) = location.rsplit_once("/_history/").unwrap();
    let mut parts = unversioned.rsplit('/');
    let (id, kind) = (parts.next().unwrap(), parts.next().unwrap());
    format!("{kind}/{id}")
}
