//! Searches against a plain reading of the rules: every resource, every filter, one after the other, in memory.

use super::Engine;
use super::builders::{Draft, KOMMUN, REGION, all, draft, filter, id, kind, names, put, seen_by, span};
use crate::fhir::instant::Interval;
use crate::fhir::search::{Filter, IndexValue, Prefix, Query, Sort, Test};
use crate::store::Store;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

/// More than a probe looks at, so that some filters are too wide to begin with.
const RESOURCES: u64 = 2500;

pub(in crate::store) async fn searches_agree_with_a_plain_reading_of_the_rules(engine: &impl Engine) {
    let store = engine.open().await;
    let mut dice = Dice(42);
    let mut drafts: Vec<Draft> = (0..RESOURCES).map(|number| resource(&mut dice, number, 1)).collect();
    for chunk in drafts.chunks(100) {
        put(&store, chunk.to_vec()).await;
    }
    // Some get a second version, which moves them to the end of the order.
    for _ in 0..50 {
        let number = dice.roll(RESOURCES);
        let place = drafts.iter().position(|draft| draft.0.key.id.as_str() == format!("r{number}")).unwrap();
        let old = drafts.remove(place);
        let new = resource(&mut dice, number, old.0.version + 1);
        put(&store, [new.clone()]).await;
        drafts.push(new);
    }
    for _ in 0..200 {
        let query = query(&mut dice);
        let page = store.search(&query).await.unwrap();
        let expected = plain(&drafts, &query);
        assert_eq!(page.total, Some(expected.len() as u64), "{query:?}");
        let shown: Vec<String> = expected.into_iter().take(query.count as usize).collect();
        assert_eq!(names(&page), shown, "{query:?}");
    }
}

fn resource(dice: &mut Dice, number: u64, version: u64) -> Draft {
    let from = i64::try_from(dice.roll(100)).unwrap();
    let until = from + 1 + i64::try_from(dice.roll(50)).unwrap();
    let patient = format!("Patient/{}", dice.roll(40));
    let mut new = draft(&format!("List/r{number}"), version)
        .by(dice.one(&[REGION, KOMMUN]))
        .reference("subject", &patient)
        .token("status", "", dice.one(&["current", "current", "current", "current", "current", "retired"]))
        .date("date", from, until);
    for _ in 0..dice.roll(3) {
        new = new.token("code", dice.one(&["urn:a", "urn:b"]), dice.one(&["x", "y", "z"]));
    }
    if dice.roll(3) == 0 {
        new = new.text("title", dice.one(&["lista", "list", "läkemedel"]));
    }
    new
}

fn query(dice: &mut Dice) -> Query {
    let filters = (0..dice.roll(4)).map(|_| any_filter(dice)).collect();
    let mut query = Query { filters, count: 20, ..all("List") };
    query.sort = dice.one(&[Sort::NewestFirst, Sort::OldestFirst]);
    if dice.roll(3) == 0 {
        query.visible = seen_by(KOMMUN, 0);
    }
    query
}

fn any_filter(dice: &mut Dice) -> Filter {
    let parameter = dice.one(&["subject", "status", "date", "code", "title"]);
    let any: Vec<Test> = (0..=dice.roll(2)).map(|_| any_test(dice, parameter)).collect();
    filter(parameter, any)
}

fn any_test(dice: &mut Dice, parameter: &str) -> Test {
    const PREFIXES: [Prefix; 9] =
        [Prefix::Eq, Prefix::Ne, Prefix::Gt, Prefix::Lt, Prefix::Ge, Prefix::Le, Prefix::Sa, Prefix::Eb, Prefix::Ap];
    if dice.roll(6) == 0 {
        return Test::Missing(dice.roll(2) == 0);
    }
    let from = i64::try_from(dice.roll(100)).unwrap();
    match parameter {
        "subject" => {
            Test::Reference { kind: (dice.roll(2) == 0).then(|| kind("Patient")), id: id(&dice.roll(42).to_string()) }
        }
        "date" => Test::Date(dice.one(&PREFIXES), span(from, from + 30)),
        "title" => Test::TextStart(dice.one(&["l", "list", "lista", "x"]).into()),
        _ => Test::Token {
            system: dice.one(&[None, None, Some("urn:a"), Some("")]).map(str::to_owned),
            code: Some(dice.one(&["x", "y", "current", "retired"]).into()),
        },
    }
}

/// The names that match, in order.
fn plain(drafts: &[Draft], query: &Query) -> Vec<String> {
    let everything = query.visible == all("List").visible;
    let seen = |draft: &&Draft| everything || draft.0.source.caregiver == KOMMUN;
    let fits =
        |draft: &&Draft| query.filters.iter().all(|filter| filter.any.iter().any(|test| holds(draft, filter, test)));
    let names = drafts.iter().filter(seen).filter(fits).map(|draft| draft.0.key.to_string());
    match query.sort {
        Sort::OldestFirst => names.collect(),
        Sort::NewestFirst => names.rev().collect(),
    }
}

fn holds(draft: &Draft, filter: &Filter, test: &Test) -> bool {
    let mut values = draft.0.index.iter().filter(|row| row.parameter == filter.parameter).map(|row| &row.value);
    match test {
        Test::Missing(missing) => (values.count() == 0) == *missing,
        test => values.any(|value| fits(value, test)),
    }
}

fn fits(value: &IndexValue, test: &Test) -> bool {
    match (value, test) {
        (IndexValue::Token { system, code }, Test::Token { system: asked, code: wanted }) => {
            asked.as_ref().is_none_or(|asked| asked == system) && wanted.as_ref().is_none_or(|wanted| wanted == code)
        }
        (IndexValue::Reference(key), Test::Reference { kind, id }) => {
            key.id == *id && kind.is_none_or(|kind| kind == key.kind)
        }
        (IndexValue::Text { folded, .. }, Test::TextStart(start)) => folded.starts_with(start.as_str()),
        (IndexValue::Date(have), Test::Date(prefix, asked)) => compares(have, *prefix, asked),
        _ => false,
    }
}

fn compares(have: &Interval, prefix: Prefix, asked: &Interval) -> bool {
    let contained = asked.from <= have.from && have.until <= asked.until;
    match prefix {
        Prefix::Eq => contained,
        Prefix::Ne => !contained,
        Prefix::Gt => have.until > asked.until,
        Prefix::Lt => have.from < asked.from,
        Prefix::Ge => contained || have.until > asked.until,
        Prefix::Le => contained || have.from < asked.from,
        Prefix::Sa => have.from >= asked.until,
        Prefix::Eb => have.until <= asked.from,
        Prefix::Ap => have.from < asked.until && asked.from < have.until,
    }
}
