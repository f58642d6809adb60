//! Strings (FHIRPath N1, section 5.6, and the additions of later versions that R4 expressions use).

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use regex::{Regex, RegexBuilder};

use super::super::function::Function;
use super::conversion::text_of;
use super::{Answer, At, EvaluationError, Item, Items, TEXT, booleans, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("indexOf", 1, 1, |at, input| position(at, &input, |text, part| text.find(part))),
    Function::new("lastIndexOf", 1, 1, |at, input| position(at, &input, |text, part| text.rfind(part))),
    Function::new("substring", 1, 2, substring),
    Function::new("startsWith", 1, 1, |at, input| test(at, &input, |text, part| text.starts_with(part))),
    Function::new("endsWith", 1, 1, |at, input| test(at, &input, |text, part| text.ends_with(part))),
    Function::new("contains", 1, 1, |at, input| test(at, &input, |text, part| text.contains(part))),
    Function::new("upper", 0, 0, |at, input| map(at, &input, |text| Some(text.to_uppercase()))),
    Function::new("lower", 0, 0, |at, input| map(at, &input, |text| Some(text.to_lowercase()))),
    Function::new("trim", 0, 0, |at, input| map(at, &input, |text| Some(text.trim().to_owned()))),
    Function::new("replace", 2, 2, replace),
    Function::of_pattern("matches", 1, pattern, matches),
    Function::of_pattern("matchesFull", 1, whole_pattern, matches),
    Function::of_pattern("replaceMatches", 2, pattern, replace_matches),
    Function::new("length", 0, 0, length),
    Function::new("toChars", 0, 0, to_chars),
    Function::new("split", 1, 1, split),
    Function::new("join", 0, 1, join),
    Function::new("encode", 1, 1, |at, input| coded(at, &input, encode)),
    Function::new("decode", 1, 1, |at, input| coded(at, &input, decode)),
    Function::new("escape", 1, 1, |at, input| coded(at, &input, escape)),
    Function::new("unescape", 1, 1, |at, input| coded(at, &input, unescape)),
];

/// Compiles a pattern; `.` also matches the end of a line (FHIRPath N1, "matches").
fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).dot_matches_new_line(true).size_limit(TEXT).build()
}

/// A pattern that must match the whole text.
fn whole_pattern(text: &str) -> Result<Regex, regex::Error> {
    pattern(&format!("^(?:{text})$"))
}

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The input and the first argument, where both are given.
fn pair<'a>(at: &At<'_, 'a>, input: &[Item<'a>]) -> Result<Option<Pair<'a>>, EvaluationError> {
    let text = at.input_string(input)?;
    let argument = at.string(0)?;
    if let (Some(text), Some(_)) = (&text, &argument) {
        at.evaluator.charge(text.len() / 16)?;
    }
    Ok(text.zip(argument))
}

fn test<'a>(at: &At<'_, 'a>, input: &[Item<'a>], holds: fn(&str, &str) -> bool) -> Answer<'a> {
    Ok(booleans(pair(at, input)?.map(|(text, part)| holds(&text, &part))))
}

fn map<'a>(at: &At<'_, 'a>, input: &[Item<'a>], change: fn(&str) -> Option<String>) -> Answer<'a> {
    match at.input_string(input)?.and_then(|text| change(&text)) {
        Some(text) => at.evaluator.text(text),
        None => Ok(Vec::new()),
    }
}

fn integer<'a>(number: usize) -> Items<'a> {
    i64::try_from(number).map(Item::Integer).into_iter().collect()
}

/// A place in characters; -1 where the part is not found.
fn position<'a>(at: &At<'_, 'a>, input: &[Item<'a>], find: fn(&str, &str) -> Option<usize>) -> Answer<'a> {
    let Some((text, part)) = pair(at, input)? else { return Ok(Vec::new()) };
    match find(&text, &part).and_then(|offset| text.get(..offset)) {
        Some(before) => Ok(integer(before.chars().count())),
        None => Ok(vec![Item::Integer(-1)]),
    }
}

fn substring<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let text = at.input_string(&input)?;
    let (Some(text), Some(start)) = (text, at.integer(0)?) else { return Ok(Vec::new()) };
    let length = at.integer(1)?.map_or(usize::MAX, |n| usize::try_from(n.max(0)).unwrap_or(usize::MAX));
    let Some(start) = usize::try_from(start).ok().filter(|start| text.chars().nth(*start).is_some()) else {
        return Ok(Vec::new());
    };
    at.evaluator.text(text.chars().skip(start).take(length).collect())
}

fn replace<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some((text, part)) = pair(at, &input)? else { return Ok(Vec::new()) };
    let Some(substitute) = at.string(1)? else { return Ok(Vec::new()) };
    bounded(text.len(), &substitute)?;
    at.evaluator.text(text.replace(part.as_ref(), &substitute))
}

/// The longest result of a replacement must be bearable before it is built.
fn bounded(places: usize, substitute: &str) -> Result<(), EvaluationError> {
    if (places + 1).saturating_mul(substitute.len()) > TEXT * 16 { fail("a text grows too long") } else { Ok(()) }
}

/// Runs `then` with the pattern that the first argument is: compiled ahead if it is a literal.
fn with_pattern<'a, T>(
    at: &At<'_, 'a>,
    input: &[Item<'a>],
    then: impl FnOnce(&str, &Regex) -> Result<T, EvaluationError>,
) -> Result<Option<T>, EvaluationError> {
    let Some(text) = at.input_string(input)? else { return Ok(None) };
    at.evaluator.charge(text.len() / 16)?;
    if let Some(compiled) = &at.call.pattern {
        return then(&text, compiled).map(Some);
    }
    let Some(source) = at.string(0)? else { return Ok(None) };
    // To compile takes much longer than to match.
    at.evaluator.charge(2_000 + source.len())?;
    match at.call.function.pattern.map(|compile| compile(&source)) {
        Some(Ok(compiled)) => then(&text, &compiled).map(Some),
        _ => fail("the pattern is no regular expression"),
    }
}

fn matches<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let found = with_pattern(at, &input, |text, pattern| Ok(pattern.is_match(text)))?;
    Ok(booleans(found))
}

fn replace_matches<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(substitute) = at.string(1)? else { return Ok(Vec::new()) };
    let replaced = with_pattern(at, &input, |text, pattern| {
        bounded(text.len(), &substitute)?;
        // An empty pattern stands nowhere.
        if pattern.as_str().is_empty() {
            return Ok(text.to_owned());
        }
        Ok(pattern.replace_all(text, braced(&substitute).as_str()).into_owned())
    })?;
    replaced.map_or_else(|| Ok(Vec::new()), |text| at.evaluator.text(text))
}

/// `$1` and `${name}` with their ends marked, so that `$1a` is group 1 and an `a`.
fn braced(substitute: &str) -> String {
    let mut out = String::with_capacity(substitute.len() + 4);
    let mut rest = substitute;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            out.push_str(&format!("${{{}}}", &rest[..digits]));
            rest = &rest[digits..];
        } else {
            out.push('$');
        }
    }
    out + rest
}

fn length<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    Ok(at.input_string(&input)?.map_or_else(Vec::new, |text| integer(text.chars().count())))
}

fn to_chars<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some(text) = at.input_string(&input)? else { return Ok(Vec::new()) };
    at.evaluator.charge(text.len())?;
    Ok(text.chars().map(|c| Item::String(c.to_string().into())).collect())
}

fn split<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    let Some((text, separator)) = pair(at, &input)? else { return Ok(Vec::new()) };
    at.evaluator.charge(text.len())?;
    let parts = text.split(separator.as_ref());
    Ok(parts.map(|part| Item::String(part.to_owned().into())).collect())
}

fn join<'a>(at: &At<'_, 'a>, input: Items<'a>) -> Answer<'a> {
    if input.is_empty() {
        return Ok(Vec::new());
    }
    let separator = at.string(0)?.unwrap_or_default();
    bounded(input.len(), &separator)?;
    let mut joined = String::new();
    for item in &input {
        let Some(text) = item.string().map(Cow::into_owned).or_else(|| text_of(item)) else {
            return fail("`join` is for strings");
        };
        at.evaluator.charge(text.len() / 16)?;
        if joined.len() + text.len() > TEXT {
            return fail("a text grows too long");
        }
        joined = if joined.is_empty() { text } else { joined + &separator + &text };
    }
    at.evaluator.text(joined)
}

type Coding = fn(&str, &str) -> Option<Option<String>>;

/// The outer `None` of the coding: there is no such format; the inner one: the text is not of it.
fn coded<'a>(at: &At<'_, 'a>, input: &[Item<'a>], code: Coding) -> Answer<'a> {
    let Some((text, format)) = pair(at, input)? else { return Ok(Vec::new()) };
    match code(&text, &format) {
        Some(Some(text)) => at.evaluator.text(text),
        Some(None) => Ok(Vec::new()),
        None => fail("the format is not known"),
    }
}

fn encode(text: &str, format: &str) -> Option<Option<String>> {
    Some(Some(match format {
        "base64" => STANDARD.encode(text),
        "urlbase64" => URL_SAFE.encode(text),
        "hex" => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        _ => return None,
    }))
}

fn decode(text: &str, format: &str) -> Option<Option<String>> {
    let bytes = match format {
        "base64" => STANDARD.decode(text).ok(),
        "urlbase64" => URL_SAFE.decode(text).ok(),
        "hex" => hex(text),
        _ => return None,
    };
    Some(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?, 16).ok()).collect()
}

fn escape(text: &str, format: &str) -> Option<Option<String>> {
    match format {
        "html" => Some(Some(
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
        )),
        "json" => {
            let quoted = crate::fhir::value::quoted(text);
            Some(Some(quoted[1..quoted.len() - 1].to_owned()))
        }
        _ => None,
    }
}

fn unescape(text: &str, format: &str) -> Option<Option<String>> {
    match format {
        "html" => Some(Some(
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&"),
        )),
        // Quotes that are not escaped may stand in the text; they are before it is read as JSON.
        "json" => {
            let escaped = text.replace("\\\"", "\"").replace('"', "\\\"");
            let document = crate::fhir::tree::Document::parse(format!("\"{escaped}\"")).ok();
            Some(document.and_then(|document| document.root().as_str().map(Cow::into_owned)))
        }
        _ => None,
    }
}
