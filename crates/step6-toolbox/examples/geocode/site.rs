//! The answers of the web server: a page, and the lookups that the page asks for, one by one.

use std::io;

use http::{Answered, Refusal, Request, Responder, Response};
use step6_toolbox::AsyncIterator;

use crate::service::{Service, addresses};

/// The page, which needs no other file.
pub(crate) const PAGE: &str = include_str!("page.html");

/// The most lookups at once that a client may ask for.
const MAX_AT_ONCE: usize = 1_000;

/// What a client gets.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) service: Service,
    /// How many lookups run at once if the client does not say.
    pub(crate) at_once: usize,
}

impl Site {
    /// Answers a request.
    ///
    /// # Errors
    ///
    /// Returns an error if the client leaves. Then the lookups that it asked for are dropped.
    pub(crate) async fn answer(
        &self,
        request: Request,
        responder: Responder<'_>,
    ) -> io::Result<Answered> {
        match request.path.as_str() {
            "/" | "/lookup" if request.method != "GET" => {
                responder.send(Response::only_get()).await
            }
            "/" => responder.send(Response::page(PAGE)).await,
            "/lookup" => match self.at_once(&request.query) {
                Ok(at_once) => self.look_up(at_once, responder).await,
                Err(refusal) => responder.send(refusal).await,
            },
            _ => {
                let why = "there is nothing here, but at / and at /lookup";
                responder.send(Response::error(404, why)).await
            }
        }
    }

    /// Reads how many lookups a client wants at once.
    fn at_once(&self, query: &str) -> Result<usize, Refusal> {
        if query.is_empty() {
            return Ok(self.at_once);
        }
        let digits = query
            .strip_prefix("at-once=")
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let wanted = digits
            .and_then(|digits| digits.parse().ok())
            .filter(|wanted| (1..=MAX_AT_ONCE).contains(wanted));
        wanted.ok_or(Refusal {
            status: 400,
            why: "the query can be at-once=N, where N is from 1 to 1000",
        })
    }

    /// Sends a line of JSON for each address, the moment it is known.
    ///
    /// Lookups continue only while this waits for the next one, so a client that is slow to read
    /// gets slow lookups, and nothing piles up here.
    async fn look_up(&self, at_once: usize, responder: Responder<'_>) -> io::Result<Answered> {
        let mut chunks = responder.stream("application/x-ndjson").await?;
        let total = addresses().len();
        chunks
            .send(format!("{{\"total\": {total}, \"at_once\": {at_once}}}\n").as_bytes())
            .await?;
        let mut lookups = self.service.look_up_all(at_once);
        while let Some(lookup) = lookups.next().await {
            chunks.send(lookup.to_json().as_bytes()).await?;
        }
        chunks.finish().await
    }
}
