//! A polite crawler: a task group, a semaphore and a queue together.
//!
//! Each page that it finds is fetched by a task of its own; how many there will be is not known
//! beforehand. The **semaphore** has two permits, so there are never more than two requests at
//! once, however many tasks wait to make one. The **queue** brings what the tasks find back to the
//! body, which spawns them. And the **group** leaves no task behind: if one page is broken, the
//! other tasks are aborted where they stand, and the two permits come back.
//!
//! The site is a table and the clock is virtual, so the program takes no time, and prints the same
//! in each run.
//!
//! Run it: `cargo run -p step6-toolbox --example crawler`
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use step5_executor::{Executor, now, sleep};
use step6_toolbox::{Queue, Semaphore, task_group};

/// How many requests there may be at once.
const AT_ONCE: usize = 2;

/// The pages of a site: how many milliseconds each takes, and its links.
const SITE: [(&str, u64, &[&str]); 7] = [
    ("/", 100, &["/news", "/team", "/shop"]),
    ("/news", 300, &["/", "/news/old"]),
    ("/team", 100, &["/", "/jobs"]),
    ("/shop", 200, &["/"]),
    ("/news/old", 100, &[]),
    ("/jobs", 200, &["/team"]),
    ("/sale", 100, &["/news", "/team", "/prices"]),
];

type Links = &'static [&'static str];

/// Asks for a page. Returns its links, or an error if there is no such page.
async fn fetch(page: &str) -> Result<Links, String> {
    let (_, time, links) = SITE
        .iter()
        .find(|entry| entry.0 == page)
        .ok_or(format!("{page} is broken"))?;
    sleep(Duration::from_millis(*time)).await;
    Ok(links)
}

/// Visits all pages that links lead to, each once, and returns how many there are.
async fn crawl(first: &'static str, limit: Semaphore) -> Result<usize, Vec<String>> {
    let start = now();
    let ms = move || (now() - start).as_millis();
    task_group(async |group| {
        let (found, mut seen) = (Queue::unbounded(), BTreeSet::new());
        let (mut links, mut running) = (vec![first], 0);
        loop {
            for page in links {
                if !seen.insert(page) {
                    continue;
                }
                running += 1;
                let (found, limit) = (found.clone(), limit.clone());
                group.spawn(async move {
                    let permit = limit.acquire().await;
                    println!("{:5} ms: ask for {page}", ms());
                    let links = fetch(page).await?;
                    drop(permit);
                    println!("{:5} ms: {page} has {} links", ms(), links.len());
                    found.put(links).await.expect("it is never closed");
                    Ok(())
                });
            }
            if running == 0 {
                return Ok(seen.len());
            }
            links = found.get().await.expect("it is never closed").to_vec();
            running -= 1;
        }
    })
    .await
}

fn main() -> io::Result<()> {
    Executor::with_virtual_time()?.block_on(async {
        let limit = Semaphore::new(AT_ONCE);
        println!("From the first page, at most {AT_ONCE} requests at once:");
        let pages = crawl("/", limit.clone()).await;
        println!("{pages:?} pages");

        println!("From a page with a broken link, which ends the rest:");
        let outcome = crawl("/sale", limit.clone()).await;
        println!("{outcome:?}, and {} permits are back", limit.available());
    });
    Ok(())
}
