//! What `serve`, `setup` and `check` warn of: it hinders nothing now and will annoy somebody later.

use crate::settings::Settings;
use crate::tls::{self, Certificates};
use std::net::IpAddr;
use store::{Reader, audit};
use types::{Result, Timestamp};
use web::House;

/// Says them when the server starts.
pub fn tell(settings: &Settings, house: &House) -> Result<()> {
    let (demo, now) = (house.settings().demo, house.store().now());
    for warning in house.store().read_blocking(|reader| all(reader, settings, demo, now))? {
        eprintln!("{warning}");
    }
    Ok(())
}

/// All warnings of an installation at this moment.
pub fn all(reader: &mut Reader<'_>, settings: &Settings, demo: bool, now: Timestamp) -> Result<Vec<String>> {
    let address = if demo { None } else { of_public_url(settings) };
    let encrypted = if demo { Vec::new() } else { of_tls(settings, now) };
    Ok(address.into_iter().chain(of_clock(reader, now)?).chain(encrypted).collect())
}

/// What somebody must care for of encrypted connections. What keeps the server from starting is told by whoever tries.
fn of_tls(settings: &Settings, now: Timestamp) -> Vec<String> {
    let told = Certificates::look_at(settings, now).unwrap_or_default();
    tls::care(&told, now).iter().map(|care| format!("Chú ý: {} {}", care.found, care.advice)).collect()
}

/// An address that leads every reader's telephone to itself: the receipt's QR code would be of no use.
pub fn of_public_url(settings: &Settings) -> Option<String> {
    let url = &settings.public_url;
    is_only_here(url).then(|| {
        format!(
            "Chú ý: công dân không mở được địa chỉ {url}, nên mã QR trên giấy tiếp nhận vô dụng. Hãy đặt \
             NHAVIEC_PUBLIC_URL (hoặc public_url trong nhaviec.toml) là địa chỉ mà điện thoại của công dân mở được."
        )
    })
}

/// A clock that went back: what happens now would stand before what has happened.
fn of_clock(reader: &mut Reader<'_>, now: Timestamp) -> Result<Option<String>> {
    let newest = audit::newest_at(reader)?;
    Ok(newest.filter(|newest| *newest > now).map(|newest| {
        format!(
            "Chú ý: đồng hồ máy chủ là {}, chậm hơn dòng nhật ký mới nhất ({}). Hãy chỉnh lại giờ của máy.",
            now.rfc3339(),
            newest.rfc3339()
        )
    }))
}

/// Whether a browser on another machine cannot reach it: a loopback or unspecified host.
pub fn is_only_here(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let of_this_machine = |ip: IpAddr| ip.is_loopback() || ip.is_unspecified();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(of_this_machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_only_are_known() {
        for url in ["http://127.0.0.1:8080", "http://localhost", "https://0.0.0.0", "http://[::1]:80", "http://[::]/x"]
        {
            assert!(is_only_here(url), "{url}");
        }
        for url in
            ["https://dichvu.labang.gov.vn", "http://192.168.1.10:8080", "http://[2001:db8::1]", "http://may-chu"]
        {
            assert!(!is_only_here(url), "{url}");
        }
    }
}
