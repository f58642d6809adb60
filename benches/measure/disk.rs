//! The disk's own limit.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::load::Figure;
use super::{Failure, now};

/// 4 KiB written and synced, one after the other, to a file in `directory`: what a commit costs at the very least.
pub fn synced_writes(directory: &Path, stretch: Duration) -> Result<Figure, Failure> {
    let mut file = OpenOptions::new().create_new(true).write(true).open(directory.join("raw"))?;
    let page = [7; 4096];
    let (start, mut took) = (now(), Vec::new());
    while start.elapsed() < stretch {
        let begun = now();
        file.seek(SeekFrom::Start(took.len() as u64 % 1024 * 4096))?;
        file.write_all(&page)?;
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    Ok(Figure::new(took, start.elapsed(), None))
}
