//! Puts the running house together: store, services, gate and pen.

use crate::front::draw::{Host, Pen};
use crate::front::metrics::Token;
use crate::front::ready::Readiness;
use crate::jobs::Rounds;
use crate::settings::Settings;
use crate::tls::Certificates;
use crate::{front, modules};
use directory::{Directory, Rules, SessionGate};
use files::FileStore;
use http::Extensions;
use print::Printer;
use store::{Options, Reader, Store, migrate};
use types::{Error, Result};
use web::{House, Module};

/// Opens a migrated database and builds the house over it.
pub fn open(settings: &Settings, options: Options) -> Result<House> {
    let printing =
        print::Settings::this_program().map_err(|e| Error::unavailable("Không khởi động được phần in.", e))?;
    open_with(settings, options, (printing, modules::ALL))
}

/// The same with another program as the print worker, since a test is not `nhaviec` itself, and with these modules.
pub fn open_with(
    settings: &Settings,
    options: Options,
    (printing, modules): (print::Settings, &'static [&'static Module]),
) -> Result<House> {
    let store = Store::open(&settings.database, options)?;
    let (demo, host) = store.read_blocking(|reader| {
        migrate::verify(reader, &crate::modules::migrations())?;
        refuse_demo_accounts(reader)?;
        prove_key(reader, settings)?;
        Ok((front::is_demo(reader)?, host(reader)?))
    })?;
    let rules = if demo { demo_rules() } else { Rules { behind_proxy: settings.behind_proxy, ..Rules::default() } };
    let directory = Directory::open(&settings.data, store.clock(), rules)?;
    store.key_contents(directory.content_key());
    store.read_blocking(|reader| directory.keys().look(reader))?;
    directory.count_work_by(records::unheld::at_post);
    let procedures = dossiers::stored::Procedures::default();
    let named = procedures.clone();
    directory.name_fields_by(Box::new(move |reader| named.fields_of_work(reader)));
    let files = FileStore::open(&settings.data)?;
    let mut services = Extensions::new();
    services.insert(directory.clone());
    services.insert(calendar::Calendars::new());
    services.insert(files);
    services.insert(signatures::Checker::default());
    services.insert(signatures::Trusting::default());
    let means = signatures::Means::new(settings.timestamp_url.as_deref(), settings.pkcs11_library.clone());
    services.insert(match settings.remote_signing.clone() {
        Some(remote) => means.with_remote(remote, store.clock())?,
        None => means,
    });
    services.insert(Printer::new(printing));
    services.insert(procedures);
    services.insert(records::look::Looks::default());
    services.insert(Rounds::default());
    services.insert(Readiness::default());
    services.insert(Certificates::default());
    services.insert(Token(settings.metrics_token.clone()));
    let gate = Box::new(SessionGate::new(directory));
    let pen = Box::new(Pen::new(host, modules));
    Ok(House::new(store, modules, settings.for_web(demo), (gate, pen), services))
}

/// Everybody knows the password of a demo account: with one in it, a real installation is not opened.
fn refuse_demo_accounts(reader: &mut Reader<'_>) -> Result<()> {
    match front::stray_demo_accounts(reader)?.first() {
        None => Ok(()),
        Some(sentence) => Err(Error::conflict(format!(
            "{sentence} Không khởi động: ai cũng biết mật khẩu của tài khoản thử. Hãy dùng lại cơ sở dữ liệu thật."
        ))),
    }
}

/// A new key in place of a lost one would let nobody in who has a second factor, and the old one could not come back.
fn prove_key(reader: &mut Reader<'_>, settings: &Settings) -> Result<()> {
    Directory::prove_key(reader, &settings.data).map_err(|error| match error {
        Error::Conflict(sentence) => Error::conflict(format!("Không khởi động. {sentence}")),
        other => other,
    })
}

/// The demo is for looking around: no second factor, no sign-out over lunch.
fn demo_rules() -> Rules {
    Rules {
        idle_seconds: 12 * 3600,
        idle_seconds_administrator: 12 * 3600,
        second_factor_for_administrators: false,
        password_days_administrator: None,
        dormant_days: None,
        ..Rules::default()
    }
}

/// In whose name the citizens' pages speak: the highest unit that has an electronic identifier, or what setup wrote.
fn host(reader: &mut Reader<'_>) -> Result<Host> {
    let setting = |reader: &mut Reader<'_>, name: &str| -> Result<Option<String>> {
        let found: Option<(String,)> =
            reader.opt("SELECT value FROM installation WHERE name = $1", store::params![name])?;
        Ok(found.map(|(value,)| value))
    };
    let name = setting(reader, "host_name")?.unwrap_or_else(|| "Nhà Việc".to_owned());
    let detail = setting(reader, "host_detail")?.unwrap_or_default();
    Ok(Host { name, detail })
}
