//! Pages follow each other by position, not by number.

use super::Engine;
use super::builders::{all, draft, names, put};
use crate::fhir::search::{Query, Sort};
use crate::store::Store;

pub(in crate::store) async fn pages_neither_skip_nor_repeat_while_others_write(engine: &impl Engine) {
    for sort in [Sort::NewestFirst, Sort::OldestFirst] {
        let store = engine.open().await;
        let prefix = if sort == Sort::NewestFirst { "n" } else { "o" };
        put(&store, (0..10).map(|number| draft(&format!("List/{prefix}{number}"), 1))).await;
        let mut query = Query { sort, count: 3, total: false, ..all("List") };
        let mut walked = Vec::new();
        loop {
            let page = store.search(&query).await.unwrap();
            walked.extend(names(&page));
            // Somebody writes between the pages; the oldest-first walk may meet that at its end.
            if walked.len() < 10 {
                put(&store, [draft(&format!("List/{prefix}-late{}", walked.len()), 1)]).await;
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        let once: std::collections::BTreeSet<&String> = walked.iter().collect();
        assert_eq!(once.len(), walked.len(), "a page repeats");
        let all_there = (0..10).all(|number| walked.contains(&format!("List/{prefix}{number}")));
        assert!(all_there, "a page skips");
    }
}

pub(in crate::store) async fn the_last_page_has_no_next(engine: &impl Engine) {
    let store = engine.open().await;
    put(&store, (0..6).map(|number| draft(&format!("List/{number}"), 1))).await;
    let query = Query { count: 3, ..all("List") };

    let first = store.search(&query).await.unwrap();
    let second = store.search(&Query { after: first.next, ..query }).await.unwrap();

    assert_eq!(names(&first), ["List/5", "List/4", "List/3"]);
    assert_eq!(names(&second), ["List/2", "List/1", "List/0"]);
    assert_eq!((first.next.is_some(), second.next), (true, None));
    assert_eq!((first.total, second.total), (Some(6), Some(6)));
}
