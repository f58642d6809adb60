//! The path of a discriminator: names, `$this`, `extension('url')`, `ofType(T)`, `resolve()`.

/// A step of a discriminator's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'p> {
    /// An element.
    Name(&'p str),
    /// The extension of this URL.
    Extension(&'p str),
    /// The value, if it is of this type.
    OfType(&'p str),
    /// What a reference leads to.
    Resolve,
}

/// The steps of a path; `None` where it has something that discriminators may not have.
pub fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    while !rest.is_empty() {
        let end = end_of_step(rest);
        let step = rest.get(..end)?;
        rest = rest.get(end..)?.trim_start_matches('.');
        match step {
            "$this" => {}
            "resolve()" => steps.push(Step::Resolve),
            _ => steps.push(call(step)?),
        }
    }
    Some(steps)
}

/// Points inside brackets and quotes do not end a step.
fn end_of_step(text: &str) -> usize {
    let (mut depth, mut is_quoted) = (0_u32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            '.' if !is_quoted && depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn call(step: &str) -> Option<Step<'_>> {
    let Some((name, argument)) = step.split_once('(') else {
        let name = step.strip_suffix("[x]").unwrap_or(step);
        return Some(Step::Name(name)).filter(|_| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    };
    let argument = argument.strip_suffix(')')?.trim();
    match name {
        "extension" => Some(Step::Extension(argument.trim_matches(['\'', '"']))),
        "ofType" => Some(Step::OfType(argument.rsplit('.').next().unwrap_or(argument))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_the_specification_are_read() {
        assert_eq!(steps("$this"), Some(vec![]));
        assert_eq!(
            steps("code.coding.system"),
            Some(vec![Step::Name("code"), Step::Name("coding"), Step::Name("system")])
        );
        assert_eq!(
            steps("extension('http://a.example/x.y').value"),
            Some(vec![Step::Extension("http://a.example/x.y"), Step::Name("value")])
        );
        assert_eq!(steps("value.ofType(Quantity)"), Some(vec![Step::Name("value"), Step::OfType("Quantity")]));
        assert_eq!(steps("item.resolve().code"), Some(vec![Step::Name("item"), Step::Resolve, Step::Name("code")]));
        assert_eq!(steps("where(a = 1)"), None);
    }
}
