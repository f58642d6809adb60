//! The organisations: the region and its hälsocentraler, the kommuner and their units, and where messages go.

use super::bundles::Bundles;
use super::catalogue::{Centre, Kommun, Unit, catalogue, hsa};
use super::resources::{code, coding, hsa_identifier, identifier, local, phone, refer, resource};
use super::{REGION, UMEA, UMEA_SOCIAL};
use crate::concept::systems::{HSA, KOMMUN, SCT};
use crate::concept::unit::{Address, Affiliation, Hours, Municipality, OnCall, Weekday};
use crate::concept::{Concept, TimeOfDay, unit};
use crate::fhir::Value;
use crate::identity::systems::ORGANISATIONSNUMMER;

pub(super) const REGION_NAME: &str = "Region Västerbotten";
const SOCIAL_NAME: &str = "Umeå kommun, socialtjänsten";
const LAN: &str = "urn:oid:1.2.752.129.2.2.1.18";
/// Region Västerbotten's numbers for physicians on call stand here for one invented number.
const ON_CALL_NUMBER: &str = "+46 8 465 004 99";

pub(super) fn write(receiver: Option<&str>, bundles: &mut Bundles) {
    name_all(bundles);
    let mut region = vec![the_region(), ordering_office()];
    region.extend(catalogue().centres.iter().map(centre));
    bundles.send(REGION, None, region);
    for kommun in &catalogue().kommuner {
        let mut resources = vec![self::kommun(kommun)];
        if kommun.hsa_id == UMEA {
            resources.extend(receiver.map(endpoint));
        }
        bundles.send(&kommun.hsa_id, None, resources);
    }
    bundles.send(UMEA_SOCIAL, None, vec![social_services()]);
    for one in &catalogue().units {
        let resources = bundles.concept(&Concept::Unit(Box::new(unit(one))));
        bundles.send(one.caregiver(), Some(&one.hsa_id), resources);
    }
}

/// What concepts name by HSA-id gets the ids of the catalogue; what is told here is told.
fn name_all(bundles: &mut Bundles) {
    let all = catalogue();
    let roots = [(REGION, "region-vasterbotten"), (UMEA_SOCIAL, "umea-omsorg")];
    let kommuner = all.kommuner.iter().map(|kommun| (kommun.hsa_id.as_str(), kommun.id.as_str()));
    let centres = all.centres.iter().map(|centre| (centre.hsa_id.as_str(), centre.id.as_str()));
    for (hsa_id, id) in roots.into_iter().chain(kommuner).chain(centres) {
        bundles.name("Organization", (HSA, hsa_id), id);
        bundles.told("Organization", id);
    }
    for unit in &all.units {
        for kind in ["Organization", "Location"] {
            bundles.name(kind, (HSA, &unit.hsa_id), &unit.id);
            bundles.told(kind, &unit.id);
        }
    }
}

fn organisation(id: &str, hsa_id: &str, name: &str) -> Value {
    resource("Organization", id).with("identifier", [hsa_identifier(hsa_id)]).with("active", true).with("name", name)
}

fn the_region() -> Value {
    let identifiers = [hsa_identifier(REGION), identifier(ORGANISATIONSNUMMER, "2321000222"), identifier(LAN, "24")];
    organisation("region-vasterbotten", REGION, REGION_NAME)
        .with("identifier", identifiers)
        .with("type", [code(SCT, "143591000052106"), local("region")])
}

/// To whom the agreement has changes of units told (VB 11.2).
fn ordering_office() -> Value {
    organisation("bestallarenheten", "SE2321000222-BEST", "Beställarenheten")
        .with("type", [local("bestallarenhet")])
        .with("partOf", refer("Organization", "region-vasterbotten"))
}

fn centre(centre: &Centre) -> Value {
    organisation(&centre.id, &centre.hsa_id, &centre.name)
        .with("type", [local("halsocentral")])
        .with("telecom", [phone(&centre.public_number)])
        .with("partOf", refer("Organization", "region-vasterbotten"))
}

fn kommun(kommun: &Kommun) -> Value {
    organisation(&kommun.id, &kommun.hsa_id, &kommun.name)
        .with("identifier", [hsa_identifier(&kommun.hsa_id), identifier(KOMMUN, &kommun.code)])
        .with("type", [code(SCT, "143591000052106"), local("kommun")])
}

/// The same kommun, but as omsorgsgivare: no vårdgivare, and no part of one.
fn social_services() -> Value {
    organisation("umea-omsorg", UMEA_SOCIAL, SOCIAL_NAME).with("type", [local("omsorgsgivare")])
}

fn endpoint(address: &str) -> Value {
    resource("Endpoint", "umea-receiver")
        .with("status", "active")
        .with(
            "connectionType",
            coding("http://terminology.hl7.org/CodeSystem/endpoint-connection-type", "hl7-fhir-rest"),
        )
        .with("name", "Umeå kommuns journalsystem")
        .with("managingOrganization", refer("Organization", "umea"))
        .with("payloadType", [code("http://terminology.hl7.org/CodeSystem/endpoint-payload-type", "any")])
        .with("payloadMimeType", ["application/fhir+json"])
        .with("address", address)
}

fn unit(row: &Unit) -> unit::Unit {
    unit::Unit {
        hsa_id: hsa(&row.hsa_id),
        name: row.name.clone(),
        care_form: row.care_form,
        municipality: municipality(row),
        places: row.places,
        phone: None,
        address: Some(Address { city: Some(row.kommun().town.clone()), ..Address::default() }),
        affiliations: row.centre.as_deref().map(Centre::of).map(affiliation).into_iter().collect(),
    }
}

fn municipality(row: &Unit) -> Municipality {
    let kommun = row.kommun();
    let caregiver = row.caregiver();
    let name = if caregiver == UMEA_SOCIAL { SOCIAL_NAME } else { kommun.name.as_str() };
    Municipality { hsa_id: hsa(caregiver), name: Some(name.to_owned()), code: Some(kommun.code.clone()) }
}

fn affiliation(centre: &Centre) -> Affiliation {
    Affiliation {
        health_centre: centre.organisation(),
        period: None,
        direct_number: centre.direct_number.clone(),
        acute_number: Some(centre.acute_number.clone()),
        on_call: Some(OnCall { phone: ON_CALL_NUMBER.to_owned(), hours: out_of_hours() }),
    }
}

/// When the hälsocentraler are closed.
fn out_of_hours() -> Vec<Hours> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let working = vec![Monday, Tuesday, Wednesday, Thursday, Friday];
    vec![
        Hours { days: working.clone(), start: TimeOfDay::parse("00:00"), end: TimeOfDay::parse("08:00") },
        Hours { days: working, start: TimeOfDay::parse("17:00"), end: TimeOfDay::parse("23:59:59") },
        Hours { days: vec![Saturday, Sunday], start: None, end: None },
    ]
}
