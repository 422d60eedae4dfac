//! The answers of the API: what the upstream says, or what went wrong.

use std::net::SocketAddr;
use std::time::Duration;

use http::{Request, Response, get};
use step5_executor::timeout;

/// How many bytes an answer of the upstream may have.
const MAX_BYTES: usize = 64 * 1024;

/// How to ask the upstream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api {
    pub(crate) upstream: SocketAddr,
    /// How long to wait for it.
    pub(crate) patience: Duration,
}

impl Api {
    /// Answers a request.
    pub(crate) async fn answer(&self, request: &Request) -> Response {
        let number = match request.path.strip_prefix("/planets/") {
            None if request.path != "/" => {
                return Response::error(404, "there is nothing here, but at /planets/3");
            }
            _ if request.method != "GET" => return Response::only_get(),
            None => return Response::json(200, "{\"try\": \"/planets/3\"}\n"),
            Some(number) => number,
        };
        // `parse` alone would take `+3`.
        let digits = Some(number).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(number) => self.planet(number).await,
            None => Response::error(
                400,
                "the number of a planet is a whole number, as in /planets/3",
            ),
        }
    }

    /// Asks the upstream for a planet. Other requests are answered meanwhile: this is only one task
    /// that waits.
    async fn planet(&self, number: u32) -> Response {
        let path = format!("/planets/{number}");
        match timeout(self.patience, get(self.upstream, &path, MAX_BYTES)).await {
            Ok(Ok((200, planet))) => Response::json(200, planet),
            Ok(Ok((404, _))) => Response::error(404, "there is no planet with this number"),
            Ok(_) => Response::error(502, "the upstream service cannot be reached, or is ill"),
            Err(_) => Response::error(504, "the upstream service takes too long"),
        }
    }
}
