//! `nhaviec serve`: listens until it is told to stop, then lets running requests end.

use crate::jobs::Jobs;
use crate::listen::{Door, Limits, Proxies};
use crate::settings::Settings;
use crate::tls::{self, Certificates, Mode};
use crate::upkeep::Keeper;
use crate::{house, listen, modules, warnings};
use std::net::SocketAddr;
use std::process::ExitCode;
use store::{Location, Options};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use types::{Error, Result};
use web::House;

const UNMADE: &str = "Cơ sở dữ liệu chưa được tạo cấu trúc. Hãy chạy lệnh: nhaviec migrate";

/// Runs the server.
pub fn run(settings: &Settings) -> Result<ExitCode> {
    if matches!(settings.database, Location::Sqlite(_)) {
        // A commune has nobody to run `migrate` by hand; on a cluster the administrator chooses the moment.
        store::migrate::migrate(&settings.database, &modules::migrations())?;
    } else {
        let found = store::snapshot::hold(&settings.database, |r| store::migrate::verify(r, &modules::migrations()));
        found.map_err(|error| match error {
            // No journal of migrations at all: an empty database.
            Error::Internal { context } => Error::unavailable(UNMADE, context),
            other => other,
        })?;
    }
    let options = options()?;
    let runtime = runtime(&settings.database, &options)?;
    let house = house::open(settings, options)?;
    house.service::<Certificates>().open(settings, house.now())?;
    warnings::tell(settings, &house)?;
    let (jobs, keeper) = (Jobs::start(&house), Keeper::start(&house));
    let served = runtime.block_on(serve(settings, &house));
    // Threads that wait for a weak line must not keep the program from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(10));
    drop((jobs, keeper));
    served.map(|()| ExitCode::SUCCESS)
}

/// As many threads as there are processors, and on PostgreSQL so many more as may wait for its answers.
fn runtime(database: &Location, options: &Options) -> Result<Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let waiting = if matches!(database, Location::Sqlite(_)) { 0 } else { options.readers };
    Builder::new_multi_thread()
        .worker_threads(processors + waiting)
        .enable_all()
        .build()
        .map_err(|e| Error::internal(format!("starting the runtime: {e}")))
}

async fn serve(settings: &Settings, house: &House) -> Result<()> {
    let address = settings.listen;
    let certificates: Certificates = house.service();
    let tls = certificates.acceptor()?;
    let listener = bind(address, "")?;
    let plain = match settings.listen_plain {
        Some(plain) => Some(bind(plain, " Nếu không cần cổng http, đặt NHAVIEC_LISTEN_PLAIN=off.")?),
        None => None,
    };
    tracing::info!(listen = %address, database = %settings.database, tls = tls.is_some(), "serving");
    let mut router = web::router(house);
    if let Mode::Local { fingerprint, offered_at, .. } = certificates.told().mode {
        tracing::info!(%offered_at, %fingerprint, "other machines get the authority's certificate there");
        router = tls::plain::without_hsts(router);
    }
    // Only now: a second server that finds the port taken must leave everything as it is.
    house.service::<files::FileStore>().sweep();
    let mut doors = Vec::new();
    if let Some(listener) = plain {
        let router = tls::plain::router(&certificates, router.clone(), &settings.public_url, address.port());
        doors.push(Door { listener, router, tls: None });
    }
    doors.push(Door { listener, router, tls });
    let proxies = Proxies::of(settings.behind_proxy, &settings.proxies);
    let limits = Limits::new(&proxies);
    tokio::select! {
        () = listen::serve(doors, (limits, proxies), stopped()) => {}
        () = tls::keep(certificates, house.clone()) => {}
    }
    Ok(())
}

fn bind(address: SocketAddr, advice: &str) -> Result<TcpListener> {
    listen::open(address).map_err(|e| {
        let why = match e.kind() {
            std::io::ErrorKind::PermissionDenied => "tài khoản này không được dùng cổng nhỏ hơn 1024.",
            _ => "cổng đang được chương trình khác dùng?",
        };
        Error::unavailable(format!("Không mở được địa chỉ {address}: {why}{advice}"), e)
    })
}

/// `synchronous` other than FULL exists only for the control of the crash test, and only when both variables say so.
fn options() -> Result<Options> {
    let mut options = Options::default();
    if let Ok(synchronous) = std::env::var("NHAVIEC_SQLITE_SYNCHRONOUS") {
        let control = std::env::var("NHAVIEC_CRASH_CONTROL").is_ok_and(|v| v == "1");
        options.synchronous = match (synchronous.as_str(), control) {
            ("FULL", _) => "FULL",
            ("OFF", true) => "OFF",
            _ => {
                return Err(Error::invalid(
                    "settings",
                    "NHAVIEC_SQLITE_SYNCHRONOUS chỉ nhận FULL; OFF làm mất dữ liệu khi mất điện.",
                ));
            }
        };
    }
    Ok(options)
}

/// Ends when the program is told to stop. It listens for that from the call on: who stops a server that has just answered must
/// find it listening.
fn stopped() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let words = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let [terminate, interrupt] = words.map(|word| async {
            match word {
                Ok(mut word) => {
                    word.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        });
        tokio::select! {
            () = terminate => {}
            () = interrupt => {}
        }
    }
}
