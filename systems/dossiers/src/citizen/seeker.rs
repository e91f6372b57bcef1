//! Trying a code: who seeks, and one try after the other.
//!
//! A try is looked at before it is counted, because a right one costs no write. So that a thousand sent at once are not
//! all looked at before the first is counted, tries for one code and tries of one network take turns.

use crate::track::{self, Number, Opens, Seeker, Tried};
use directory::Directory;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};
use types::{Error, Result};
use web::Ctx;

/// Nobody waits for a turn longer than this.
const WAIT: Duration = Duration::from_secs(5);
/// Turns that are taken independently of each other; more only saves some waiting.
const TURNS: usize = 256;

static HELD: LazyLock<Vec<Mutex<()>>> = LazyLock::new(|| (0..TURNS).map(|_| Mutex::new(())).collect());

/// Whoever is behind a request.
fn seeker(ctx: &Ctx) -> Seeker {
    let network = ctx.network();
    Seeker { browser: format!("{network}|{}", ctx.device), network }
}

/// Tries a code with a number for a form with the command id `form`. Only a wrong try is written, once for each form and
/// what stands in it: the same form sent twice counts once, and no id lets another guess go uncounted.
pub(super) async fn try_code(ctx: &Ctx, form: &str, (code, number, opens): (&str, &Number, Opens)) -> Result<Tried> {
    let seeker = seeker(ctx);
    // Whether the form has an id at all is told before anything is looked at.
    ctx.command("dossiers.track", form, None)?;
    let _turn = turns(&seeker.network, code).await?;
    let tried = {
        let (seeker, code, number, now) = (seeker.clone(), code.to_owned(), number.clone(), ctx.now());
        let keys = ctx.house.service::<Directory>().keys();
        ctx.store().read(move |reader| track::look(reader, &keys, (&code, &number, opens), &seeker, now)).await?
    };
    if let Tried::Wrong { known } = tried {
        let command = ctx.command("dossiers.track", &own_command(form, code, number), None)?;
        let code = code.to_owned();
        ctx.store().write(command, move |tx| track::failed(tx, &code, &seeker, known)).await?;
    }
    Ok(tried)
}

/// The command under which this guess of this form is counted.
fn own_command(form: &str, code: &str, number: &Number) -> String {
    let mut hash = Sha256::new();
    for part in [form, code, number.digits()] {
        hash.update(part);
        hash.update([0]);
    }
    let hex = data_encoding::HEXLOWER.encode(&hash.finalize());
    format!("track-{}", &hex[..48])
}

/// Waits for the turns of a network and of a code, always in the same order, so that two never wait for each other.
async fn turns(network: &str, code: &str) -> Result<(MutexGuard<'static, ()>, Option<MutexGuard<'static, ()>>)> {
    let place = |key: &str| {
        let [first, ..] = <[u8; 32]>::from(Sha256::digest(key));
        usize::from(first) % TURNS
    };
    let (a, b) = (place(network), place(code));
    let waiting = async {
        let first = HELD[a.min(b)].lock().await;
        let second = if a == b { None } else { Some(HELD[a.max(b)].lock().await) };
        (first, second)
    };
    let busy = |_| Error::Busy("Đang có quá nhiều lượt tra cứu. Ông/bà hãy thử lại sau ít giây.".to_owned());
    tokio::time::timeout(WAIT, waiting).await.map_err(busy)
}
