//! Attachments: the stated size is the one of the data ([Attachment](https://hl7.org/fhir/R4/datatypes.html#Attachment)).

use crate::fhir::NodeRef;

use super::issues::Issues;
use super::primitive;
use super::rules::ATTACHMENT_SIZE;

/// Checks one Attachment.
pub fn check(attachment: NodeRef<'_>, issues: &mut Issues) {
    let Some((node, stated)) = attachment.get("size").and_then(|node| Some((node, node.as_number()?))) else { return };
    let data = attachment.str_at("data").filter(|text| primitive::is_base64(text));
    if let Some(size) = data.map(|text| length(&text))
        && stated.parse::<usize>().is_ok_and(|stated| stated != size)
    {
        issues.raise(
            &ATTACHMENT_SIZE,
            node,
            format!("The data has {size} bytes and size says {stated}; make them agree."),
            format!("Data omfattar {size} byte och size säger {stated}; låt dem stämma överens."),
        );
    }
}

/// The number of bytes that base64 stands for.
fn length(base64: &str) -> usize {
    let signs = base64.bytes().filter(|b| !b.is_ascii_whitespace());
    signs.filter(|b| *b != b'=').count() * 3 / 4
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{found, patient};

    #[test]
    fn the_size_is_the_one_of_the_data() {
        let with = |size: usize, data: &str| {
            found(&patient(&format!(r#""photo":[{{"contentType":"image/png","size":{size},"data":"{data}"}}]"#)))
        };
        assert_eq!(with(3, "YWJj"), []);
        assert_eq!(with(1, "YQ=="), []);
        assert_eq!(with(4, "YWJj"), [("attachment-size", "/photo/0/size".into())]);
    }
}
