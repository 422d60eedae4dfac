//! Where are a hundred and more addresses? A slow service is asked for some at once, and each is shown as it comes.
//!
//! One lookup after the other takes a minute and a half, and all at once would be too much for most services. So a
//! bounded number of lookups goes on at the same time, and no answer waits for another: `map_bounded` gives the answers
//! as they come, and each goes to the browser as a chunk of one long answer, which the page reads bit by bit and puts
//! on its map. A client that leaves ends the lookups that it asked for, because they are dropped with the task that
//! served it.
//!
//! The service is in this program, and only sleeps: each address takes its own time, the same in each run.
//!
//! Run it: `cargo run -p step6-toolbox --example geocode`, and open the page that it names in a browser
//! In the terminal: `cargo run -p step6-toolbox --example geocode -- --list`
//! All options: `cargo run -p step6-toolbox --example geocode -- --help`
#![forbid(unsafe_code)]

#[path = "geocode/cities.rs"]
mod cities;
#[path = "support/http/mod.rs"]
mod http;
#[path = "geocode/list.rs"]
mod list;
#[path = "geocode/options.rs"]
mod options;
#[path = "geocode/service.rs"]
mod service;
#[path = "geocode/site.rs"]
mod site;
#[path = "support/web.rs"]
mod web;

use std::future::pending;
use std::io;
use std::process::ExitCode;

use step5_executor::{block_on, ctrl_c, spawn};
use step6_toolbox::{Either, race};

use http::{Limits, Responder};
use options::{HELP, Options};
use service::Service;
use site::Site;

fn main() -> ExitCode {
    web::main("geocode", HELP, Options::parse, |options| {
        block_on(run(&options))
    })
}

async fn run(options: &Options) -> io::Result<()> {
    let stop = ctrl_c()?;
    let service = Service::new(options.slowest);
    let work = async {
        if options.list {
            return list::list(&service, options.at_once, &mut io::stdout()).await;
        }
        // Each client takes one socket, and `select` has room for far more of them.
        let server = web::listen(options.port, Limits::default())?;
        println!("geocode listens at http://{}/", server.local_addr()?);
        let site = Site {
            service: service.clone(),
            at_once: options.at_once,
        };
        drop(spawn(server.run(
            async move |request, responder: Responder<'_>| site.answer(request, responder).await,
        )));
        pending().await
    };
    match race(work, web::until_stopped(stop, options.limit)).await {
        Either::First(result) => result,
        Either::Second(why) => {
            println!("{why}");
            Ok(())
        }
    }
}
