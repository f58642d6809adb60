//! The reader of search parameters' FHIRPath.

use super::super::super::definitions::{Definitions, ElementDef, SearchKind, SearchParameter};
use super::super::value::is_indexable;
use super::{Looks, Path, Step};

/// The plan of a parameter for the type `kind`; `None` where its expression is beyond us or finds nothing to index.
pub(super) fn compile(kind: &'static str, parameter: &SearchParameter) -> Option<Looks> {
    if parameter.expression.is_empty() {
        return None;
    }
    if let Some(looked_at) = presence(&parameter.expression) {
        return (parameter.kind == SearchKind::Token).then_some(Looks::Presence(paths(kind, looked_at)?));
    }
    let mut all = Vec::new();
    for part in parameter.expression.split(" | ") {
        all.extend(paths(kind, part)?);
    }
    all.retain(|path| is_indexable(parameter.kind, path.type_name));
    (!all.is_empty()).then_some(Looks::Values(all))
}

/// `x.exists() and x != false`: a boolean or a date that says that something is so.
fn presence(expression: &str) -> Option<&str> {
    let (first, second) = expression.split_once(" and ")?;
    let looked_at = first.strip_suffix(".exists()")?;
    (second.strip_suffix(" != false") == Some(looked_at)).then_some(looked_at)
}

/// The ways that one part of a union means: several where a choice has several types.
fn paths(kind: &'static str, part: &str) -> Option<Vec<Path>> {
    let start = vec![Path { steps: Vec::new(), type_name: kind, target: None, system: None }];
    let Some(inner) = part.trim().strip_prefix('(') else {
        return walk(start, part.trim(), kind);
    };
    // (Type.element as Other).more
    let (inside, rest) = inner.split_once(')')?;
    let (path, cast) = inside.split_once(" as ")?;
    let narrowed = of_type(walk(start, path, kind)?, cast)?;
    rest.strip_prefix('.').map_or(Some(narrowed.clone()), |rest| walk(narrowed, rest, kind))
}

fn walk(start: Vec<Path>, text: &str, kind: &str) -> Option<Vec<Path>> {
    let mut paths = start;
    for (at, segment) in segments(text).enumerate() {
        if at == 0 && (segment == kind || segment == "Resource" || segment == "DomainResource") {
            continue;
        }
        paths = step(paths, segment)?;
    }
    Some(paths)
}

fn step(paths: Vec<Path>, segment: &str) -> Option<Vec<Path>> {
    let Some((name, argument)) = segment.strip_suffix(')').and_then(|it| it.split_once('(')) else {
        return members(&paths, segment);
    };
    match name {
        "as" | "ofType" => of_type(paths, argument),
        "extension" => Some(extension(paths, quoted(argument)?)),
        "where" => match argument.strip_prefix("resolve() is ") {
            Some(target) => {
                Some(paths.into_iter().map(|path| Path { target: Some(target.to_owned()), ..path }).collect())
            }
            None => condition(paths, argument),
        },
        _ => None,
    }
}

/// Into the element of that name, perhaps at `[n]`; none of the paths may be without it, except where others have it.
fn members(paths: &[Path], segment: &str) -> Option<Vec<Path>> {
    let (name, position) = match segment.strip_suffix(']').and_then(|it| it.split_once('[')) {
        Some((name, position)) => (name, Some(position.parse().ok()?)),
        None => (segment, None),
    };
    let mut all = Vec::new();
    for path in paths {
        let def = Definitions::r4().type_named(path.type_name)?;
        let Some(element) = def.element(name) else { continue };
        all.extend(into_element(path, element, position));
    }
    (!all.is_empty()).then_some(all)
}

fn into_element(path: &Path, element: &'static ElementDef, position: Option<usize>) -> impl Iterator<Item = Path> {
    element.types.iter().map(move |it| {
        let json_name = if element.is_choice { choice_name(&element.name, &it.name) } else { element.name.clone() };
        let mut steps = path.steps.clone();
        steps.push(Step::Member { json_name, position });
        let system = (it.name == "code").then(|| only_system(element)).flatten();
        Path { steps, type_name: &it.name, target: path.target.clone(), system }
    })
}

/// The system of all codes of a required binding, where it is one.
fn only_system(element: &ElementDef) -> Option<&'static str> {
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    let codes = &Definitions::r4().codes(&binding.value_set)?.codes;
    let system = codes.first()?.0.as_str();
    codes.iter().all(|(it, _)| it == system).then_some(system)
}

/// `value` and `dateTime` to `valueDateTime`.
fn choice_name(element: &str, type_name: &str) -> String {
    let (first, rest) = type_name.split_at(1);
    format!("{element}{}{rest}", first.to_ascii_uppercase())
}

fn of_type(paths: Vec<Path>, type_name: &str) -> Option<Vec<Path>> {
    let narrowed: Vec<_> = paths.into_iter().filter(|path| path.type_name == type_name).collect();
    (!narrowed.is_empty()).then_some(narrowed)
}

fn extension(paths: Vec<Path>, url: &str) -> Vec<Path> {
    let into = |mut path: Path| {
        path.steps.push(Step::Extension { url: url.to_owned() });
        Path { type_name: "Extension", ..path }
    };
    paths.into_iter().map(into).collect()
}

/// `where(member='value')`
fn condition(paths: Vec<Path>, argument: &str) -> Option<Vec<Path>> {
    let (member, value) = argument.split_once('=')?;
    let (member, equals) = (member.trim().to_owned(), quoted(value.trim())?.to_owned());
    let is_name = member.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let narrowed = paths.into_iter().map(|mut path| {
        path.steps.push(Step::Where { member: member.clone(), equals: equals.clone() });
        path
    });
    is_name.then(|| narrowed.collect())
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

/// The text between the dots that stand outside parentheses.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    text.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '.' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(kind: &'static str, text: &str) -> Option<Vec<String>> {
        let show = |path: Path| {
            let steps = path.steps.iter().map(|step| match step {
                Step::Member { json_name, position: None } => json_name.clone(),
                Step::Member { json_name, position: Some(at) } => format!("{json_name}[{at}]"),
                Step::Where { member, equals } => format!("{member}={equals}"),
                Step::Extension { url } => format!("<{url}>"),
            });
            let target = path.target.map(|target| format!(" to {target}")).unwrap_or_default();
            format!("{}: {}{target}", steps.collect::<Vec<_>>().join("."), path.type_name)
        };
        Some(paths(kind, text)?.into_iter().map(show).collect())
    }

    #[test]
    fn a_cast_picks_one_member_of_a_choice() {
        assert_eq!(compiled("Patient", "(Patient.deceased as dateTime)").unwrap(), ["deceasedDateTime: dateTime"]);
        assert_eq!(compiled("Condition", "Condition.onset.as(Period)").unwrap(), ["onsetPeriod: Period"]);
        assert_eq!(
            compiled("Observation", "(Observation.value as CodeableConcept).text").unwrap(),
            ["valueCodeableConcept.text: string"]
        );
        assert_eq!(compiled("Patient", "Patient.deceased").unwrap().len(), 2);
    }

    #[test]
    fn conditions_become_steps() {
        assert_eq!(
            compiled("Patient", "Patient.telecom.where(system='email')").unwrap(),
            ["telecom.system=email: ContactPoint"]
        );
        assert_eq!(
            compiled("List", "List.subject.where(resolve() is Patient)").unwrap(),
            ["subject: Reference to Patient"]
        );
        assert_eq!(compiled("Bundle", "Bundle.entry[0].resource").unwrap(), ["entry[0].resource: Resource"]);
    }

    #[test]
    fn an_extension_is_found_by_its_url() {
        let url = "http://example.org/fhir/a.b";
        assert_eq!(
            compiled("Patient", &format!("Patient.extension('{url}').value.as(code)")).unwrap(),
            [format!("<{url}>.valueCode: code")]
        );
    }

    #[test]
    fn what_is_beyond_us_is_no_plan() {
        for text in ["Patient.nothing", "Patient.name.first()", "Patient.name.where(use!='old')", "(Patient.name", ""] {
            assert_eq!(compiled("Patient", text), None, "{text}");
        }
    }
}
