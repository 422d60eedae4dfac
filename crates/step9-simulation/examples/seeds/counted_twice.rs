//! A client that makes a request again which must not be carried out twice.
//!
//! When the answer is lost, the server has done what it was asked for, and the second try does it
//! again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::{spawn_named, timeout};

use crate::lab::{Broken, Client, Clients, Lab, Program, serve};

pub(crate) const PROGRAM: Program = Program {
    name: "counted-twice",
    bug: "a second try doubles a request that must not be carried out twice",
    main,
};

const LIMIT: Duration = Duration::from_secs(1);
const TRIES: u32 = 3;

/// How often each payment was carried out.
type Payments = Rc<RefCell<BTreeMap<String, u32>>>;

fn main(lab: &Lab, is_mended: bool) -> Clients {
    let payments = Payments::default();
    let book = Rc::clone(&payments);
    let server = serve(lab.server(), move |payment| {
        let mut book = book.borrow_mut();
        let count = book.entry(payment.to_owned()).or_default();
        // A payment has a number, and the mended server remembers which it has carried out.
        if !is_mended || *count == 0 {
            *count += 1;
        }
        format!("paid {payment}")
    });
    drop(spawn_named("server", server));
    lab.clients(|client| pay_all(client, Rc::clone(&payments)))
}

async fn pay_all(client: Client, payments: Payments) -> Result<(), Broken> {
    for payment in client.requests() {
        pay(&client, &payment).await;
        let count = payments.borrow().get(&payment).copied();
        if count > Some(1) {
            let what = format!(
                "payment {payment} was carried out {} times",
                count.unwrap_or(0)
            );
            return Err(client.lab.broken(what));
        }
    }
    Ok(())
}

/// Pays, and pays again if the server does not say that it was paid.
async fn pay(client: &Client, payment: &str) {
    let paid = format!("paid {payment}");
    let confirmed = async || while client.receive().await != paid {};
    for _ in 0..TRIES {
        client.send(payment).await;
        if timeout(LIMIT, confirmed()).await.is_ok() {
            return;
        }
    }
}
