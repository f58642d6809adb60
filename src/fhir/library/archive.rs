//! A package made ready: its definitions slimmed to what the gateway uses, compressed in blocks, with an index.
//!
//! `magic · length of the index · index (postcard) · blocks (deflate)`. A definition is a range of a block, so reading
//! one costs inflating some tens of kilobytes; reading the index alone is all that a start pays.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{DefinitionKind, slim};
use crate::fhir::{Document, NodeRef};

/// The format's name and version; another version is another format.
const MAGIC: &[u8; 8] = b"VBDEFS02";
/// A block is closed when it holds so much.
const BLOCK: usize = 48 << 10;
/// No block inflates to more: the largest definition, with room.
const MOST: u64 = 64 << 20;

/// Definitions with an index; a definition is unpacked when it is asked for.
pub struct Archive {
    index: Index,
    blocks: Cow<'static, [u8]>,
}

#[derive(Serialize, Deserialize)]
struct Index {
    items: Vec<Item>,
    /// Where each block ends.
    ends: Vec<u32>,
}

/// A definition in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// What it is.
    pub kind: DefinitionKind,
    /// Canonical URL without version.
    pub url: String,
    /// Its version; empty where it has none.
    pub version: String,
    /// For a supplement, the code system that it adds to.
    pub supplements: Option<String>,
    /// For an implementation guide, the (resource type, profile) that it asks for of every resource.
    pub globals: Vec<(String, String)>,
    block: u32,
    start: u32,
    length: u32,
}

/// Why bytes are no archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an archive of definitions: {0}")]
pub struct ArchiveFault(pub String);

impl Archive {
    /// Reads the index of an archive that is part of the binary.
    ///
    /// # Errors
    /// Where the bytes are something else.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, ArchiveFault> {
        let (index, rest) = read(bytes)?;
        Ok(Self { index, blocks: Cow::Borrowed(rest) })
    }

    /// Reads the index of an archive.
    ///
    /// # Errors
    /// Where the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ArchiveFault> {
        let (index, rest) = read(bytes)?;
        Ok(Self { index, blocks: Cow::Owned(rest.to_vec()) })
    }

    /// The index, in the order of the package.
    pub fn items(&self) -> &[Item] {
        &self.index.items
    }

    /// The definition at a place of the index; `None` where its bytes are damaged.
    pub fn document(&self, index: usize) -> Option<Document> {
        let item = self.index.items.get(index)?;
        let block = usize::try_from(item.block).ok()?;
        let end = *self.index.ends.get(block)? as usize;
        let start =
            block.checked_sub(1).map_or(Some(0), |before| self.index.ends.get(before).map(|at| *at as usize))?;
        let mut text = Vec::new();
        DeflateDecoder::new(self.blocks.get(start..end)?).take(MOST).read_to_end(&mut text).ok()?;
        let (from, length) = (item.start as usize, item.length as usize);
        let definition = std::str::from_utf8(text.get(from..from.checked_add(length)?)?).ok()?;
        Document::parse(definition).ok()
    }
}

fn read(bytes: &[u8]) -> Result<(Index, &[u8]), ArchiveFault> {
    let fault = |what: &str| ArchiveFault(what.to_owned());
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| fault("it does not begin as one"))?;
    let (length, rest) = rest.split_first_chunk().ok_or_else(|| fault("it ends too early"))?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (index, blocks) = rest.split_at_checked(length).ok_or_else(|| fault("it ends too early"))?;
    let index = postcard::from_bytes(index).map_err(|_| fault("its index can't be read"))?;
    Ok((index, blocks))
}

/// Packs definitions.
#[derive(Default)]
pub struct Packer {
    items: Vec<Item>,
    block: String,
    ends: Vec<u32>,
    blocks: Vec<u8>,
}

impl Packer {
    /// Adds a definition, slimmed; one without a canonical URL is left out.
    ///
    /// # Errors
    /// Where the archive grows too large.
    pub fn add(&mut self, definition: NodeRef<'_>) -> Result<(), ArchiveFault> {
        let Some(url) = definition.str_at("url") else { return Ok(()) };
        let kind = DefinitionKind::of(definition);
        let text = slim::slim(definition);
        let supplements = definition.str_at("supplements").filter(|_| kind == DefinitionKind::CodeSystem);
        self.items.push(Item {
            kind,
            url: url.into_owned(),
            version: definition.str_at("version").unwrap_or_default().into_owned(),
            supplements: supplements.map(Cow::into_owned),
            globals: globals(definition),
            block: small(self.ends.len())?,
            start: small(self.block.len())?,
            length: small(text.len())?,
        });
        self.block.push_str(&text);
        if self.block.len() >= BLOCK { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), ArchiveFault> {
        let write = |block: &str| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(block.as_bytes())?;
            encoder.finish()
        };
        let packed = write(&self.block).map_err(|fault| ArchiveFault(fault.to_string()))?;
        self.blocks.extend(packed);
        self.ends.push(small(self.blocks.len())?);
        self.block.clear();
        Ok(())
    }

    /// The archive's bytes.
    ///
    /// # Errors
    /// Where the archive grows too large.
    pub fn finish(mut self) -> Result<Vec<u8>, ArchiveFault> {
        if !self.block.is_empty() {
            self.close()?;
        }
        let index = Index { items: self.items, ends: self.ends };
        let index = postcard::to_stdvec(&index).map_err(|fault| ArchiveFault(fault.to_string()))?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(small(index.len())?.to_le_bytes());
        bytes.extend(index);
        bytes.extend(self.blocks);
        Ok(bytes)
    }
}

/// What an implementation guide asks for of every resource of a type.
pub(super) fn globals(definition: NodeRef<'_>) -> Vec<(String, String)> {
    if definition.str_at("resourceType").as_deref() != Some("ImplementationGuide") {
        return Vec::new();
    }
    let one = |it: NodeRef<'_>| Some((it.str_at("type")?.into_owned(), it.str_at("profile")?.into_owned()));
    definition.list("global").filter_map(one).collect()
}

fn small(number: usize) -> Result<u32, ArchiveFault> {
    u32::try_from(number).map_err(|_| ArchiveFault("it is too large".into()))
}

/// The archive in the binary.
pub(super) fn embedded() -> Arc<Archive> {
    #[expect(clippy::expect_used, reason = "the archive is part of the binary and a test reads it")]
    Arc::new(Archive::from_static(include_bytes!("definitions.bin")).expect("the embedded archive is whole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(count: usize) -> Vec<u8> {
        let mut packer = Packer::default();
        for number in 0..count {
            let json = format!(
                r#"{{"resourceType":"CodeSystem","url":"http://a.example/{number}","version":"1","concept":[{{"code":"{number}"}}]}}"#
            );
            packer.add(Document::parse(json).unwrap().root()).unwrap();
        }
        packer.finish().unwrap()
    }

    #[test]
    fn what_was_packed_is_found_again() {
        let archive = Archive::from_bytes(&packed(2_000)).unwrap();
        assert_eq!(archive.items().len(), 2_000);
        for number in [0, 999, 1_999] {
            let document = archive.document(number).unwrap();
            assert_eq!(document.root().str_at("url").as_deref(), Some(&*format!("http://a.example/{number}")));
        }
        assert!(archive.document(2_000).is_none());
    }

    #[test]
    fn damaged_bytes_are_no_archive_and_no_panic() {
        let bytes = packed(20);
        assert!(Archive::from_bytes(b"").is_err() && Archive::from_bytes(b"{}").is_err());
        for cut in 0..bytes.len() {
            if let Ok(archive) = Archive::from_bytes(&bytes[..cut]) {
                assert!(archive.document(19).is_none());
            }
        }
    }

    #[test]
    fn the_embedded_archive_is_whole() {
        let archive = embedded();
        assert!(archive.items().len() > 4_000);
        for index in (0..archive.items().len()).step_by(97) {
            assert!(archive.document(index).is_some(), "{}", archive.items()[index].url);
        }
    }
}
